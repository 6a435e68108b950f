//! Decides. One matrix (`types::role`) for every door; the two methods differ only in how a refusal is told: Harbor's
//! API by `harbor.md` §2.1, the registry by the differences listed in `docs/differences.md`.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use db::query::project::{Visible, WithRole};
use types::{
    name::RepositoryName,
    role::{Action, Resource, Role, public_allows, role_allows},
    scope::Scope,
};

use crate::{Caller, Denial, Error, Kind, OpCtx, core::Core};

/// Where a caller stands in a project that exists.
#[derive(Clone, Debug)]
pub(crate) struct Standing {
    pub(crate) project: Arc<WithRole>,
    pub(crate) role: Option<Role>,
    is_admin: bool,
}

impl Standing {
    /// Whether the caller may do `action` on `resource` in the project.
    pub(crate) fn may(&self, resource: Resource, action: Action) -> bool {
        self.is_admin
            || self.role.is_some_and(|role| role_allows(role, resource, action))
            || (self.project.is_public && public_allows(resource, action))
    }
}

/// What the registry protocol asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RegistryAction {
    Pull,
    Push,
    Delete,
}

impl RegistryAction {
    pub(crate) const ALL: [Self; 3] = [Self::Pull, Self::Push, Self::Delete];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Pull => "pull",
            Self::Push => "push",
            Self::Delete => "delete",
        }
    }

    /// Source: Harbor `src/server/middleware/v2auth`, permissions on the resource `repository`.
    pub(crate) fn right(self) -> (Resource, Action) {
        match self {
            Self::Pull => (Resource::Repository, Action::Pull),
            Self::Push => (Resource::Repository, Action::Push),
            Self::Delete => (Resource::Repository, Action::Delete),
        }
    }

    /// What a client is told to ask for; a push reads what is there before it sends.
    fn scope(self, repository: &RepositoryName) -> Scope {
        let actions: &[&str] = match self {
            Self::Pull => &["pull"],
            Self::Push => &["pull", "push"],
            Self::Delete => &["delete"],
        };
        Scope {
            kind: "repository".to_owned(),
            name: repository.to_string(),
            actions: actions.iter().map(|&action| action.to_owned()).collect(),
        }
    }
}

impl Core {
    /// Where the caller stands in `project`, if it exists.
    pub(crate) async fn standing_of(&self, cx: &OpCtx, project: &str) -> Result<Option<Standing>, Error> {
        let found = self.standing(cx.user_id(), project).await?;
        Ok(found.map(|project| Standing {
            role: project.role.and_then(Role::from_id),
            is_admin: cx.is_admin(),
            project,
        }))
    }

    /// Refuses unless the caller may do `action` on `resource` in `project`, as Harbor's API tells it: 401 for nobody,
    /// 403 for the rest, and 404 for a missing project only to administrators. Whoever may is still refused a change in
    /// read-only mode.
    pub(crate) async fn require(
        &self,
        cx: &OpCtx,
        project: &str,
        resource: Resource,
        action: Action,
    ) -> Result<Standing, Error> {
        let standing = self.standing_of(cx, project).await?;
        match standing {
            Some(standing) if standing.may(resource, action) => {
                if !matches!(action, Action::Read | Action::List | Action::Pull) {
                    self.require_writable().await?;
                }
                Ok(standing)
            }
            None if cx.is_admin() => Err(Error::NotFound(Kind::Project, project.to_owned())),
            _ => Err(refused(cx)),
        }
    }

    /// Refuses in read-only mode, administrators too. What began before goes on to its end.
    pub(crate) async fn require_writable(&self) -> Result<(), Error> {
        if self.settings().await?.read_only { Err(Error::ReadOnly) } else { Ok(()) }
    }

    /// Refuses unless an administrator of the system asks.
    pub(crate) fn require_admin(cx: &OpCtx) -> Result<(), Error> {
        if cx.is_admin() { Ok(()) } else { Err(refused(cx)) }
    }

    /// Refuses unless the caller has the right to do `action` in `repository` and the token, if one was shown, carries
    /// it. Rights come first: 401 for nobody, 403 without the right, the hidden and the missing alike; then the token,
    /// then read-only mode.
    pub(crate) async fn require_registry(
        &self,
        cx: &OpCtx,
        repository: &RepositoryName,
        action: RegistryAction,
    ) -> Result<Standing, Error> {
        let standing = self.registry_right(cx, repository, action).await?;
        check_grant(cx, repository, action, &standing)?;
        match action {
            RegistryAction::Pull => {}
            RegistryAction::Push | RegistryAction::Delete => self.require_writable().await?,
        }
        Ok(standing)
    }

    async fn registry_right(
        &self,
        cx: &OpCtx,
        repository: &RepositoryName,
        action: RegistryAction,
    ) -> Result<Standing, Error> {
        let standing = self.standing_of(cx, repository.project()).await?;
        let (resource, right) = action.right();
        match standing {
            Some(standing) if standing.may(resource, right) => Ok(standing),
            _ if cx.caller == Caller::Anonymous => Err(Error::Unauthenticated {
                denial: if cx.grants.is_some() { Denial::InsufficientScope } else { Denial::NoCredentials },
                scopes: vec![action.scope(repository)],
            }),
            Some(standing) if standing.may(Resource::Project, Action::Read) => {
                Err(Error::Forbidden(format!(
                    "you may not {} in project {}: ask an administrator of the project for a role that may",
                    action.as_str(),
                    repository.project()
                )))
            }
            _ => Err(Error::Hidden(repository.to_string())),
        }
    }

    /// Whether the caller may pull from the source of a mount. `Err` asks the client for a token that also covers the
    /// source; a source that the caller may not pull is no error, the blob is uploaded instead.
    pub(crate) async fn may_mount_from(
        &self,
        cx: &OpCtx,
        target: &RepositoryName,
        source: &RepositoryName,
    ) -> Result<bool, Error> {
        let Ok(standing) = self.registry_right(cx, source, RegistryAction::Pull).await else {
            return Ok(false);
        };
        check_grant(cx, source, RegistryAction::Pull, &standing).map_err(|error| match error {
            Error::Unauthenticated { denial, mut scopes } => {
                scopes.insert(0, RegistryAction::Push.scope(target));
                Error::Unauthenticated { denial, scopes }
            }
            error => error,
        })?;
        Ok(true)
    }

    /// Which projects the caller's lists are about.
    pub(crate) fn visible(cx: &OpCtx) -> Visible {
        match &cx.caller {
            Caller::Anonymous => Visible::Public,
            Caller::User(user) if user.is_admin => Visible::All,
            Caller::User(user) => Visible::To(user.id),
        }
    }
}

/// The scopes that a request without credentials is told to ask for.
pub(crate) fn challenge(
    repository: &RepositoryName,
    action: RegistryAction,
    source: Option<&RepositoryName>,
) -> Vec<Scope> {
    let mut scopes = vec![action.scope(repository)];
    scopes.extend(source.map(|source| RegistryAction::Pull.scope(source)));
    scopes
}

fn check_grant(
    cx: &OpCtx,
    repository: &RepositoryName,
    action: RegistryAction,
    standing: &Standing,
) -> Result<(), Error> {
    let Some(grants) = &cx.grants else { return Ok(()) };
    let denial = if is_older(grants.issued_at, standing.project.created_at) {
        Denial::InvalidToken
    } else if grants.allow(repository.as_str(), action.as_str()) {
        return Ok(());
    } else {
        Denial::InsufficientScope
    };
    Err(Error::Unauthenticated { denial, scopes: vec![action.scope(repository)] })
}

/// Whether a token is older than the project it names, so of another project that had the name before. Tokens count
/// whole seconds.
fn is_older(issued_at: DateTime<Utc>, created_at_ms: i64) -> bool {
    issued_at.timestamp() < created_at_ms.div_euclid(1000)
}

fn refused(cx: &OpCtx) -> Error {
    match cx.caller {
        Caller::Anonymous => Error::anonymous(),
        Caller::User(_) => Error::Forbidden("forbidden: your role does not allow this".to_owned()),
    }
}
