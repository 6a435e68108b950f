//! Decides. One matrix (`types::role`) for every door; the two methods differ only in how a refusal is told: Harbor's
//! API by `harbor.md` §2.1, the registry by the differences listed in `docs/differences.md`.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use db::query::project::{Visible, WithRole};
use types::{
    name::RepositoryName,
    role::{Action, Resource, Role, SystemResource, public_allows, role_allows},
    scope::Scope,
};

use crate::{Caller, Denial, Error, Kind, OpCtx, RobotIdentity, TokenIdentity, core::Core};

/// Where a caller stands in a project that exists.
#[derive(Clone, Debug)]
pub(crate) struct Standing {
    pub(crate) project: Arc<WithRole>,
    who: Who,
    is_read_only: bool,
}

/// What the rights of a caller come from.
#[derive(Clone, Debug)]
enum Who {
    /// An administrator of the system.
    Admin,
    /// A member, or a visitor.
    Person(Option<Role>),
    Robot(Arc<RobotIdentity>),
}

impl Standing {
    /// Whether the caller may do `action` on `resource` in the project.
    ///
    /// A robot has the rights of visitors too, unless it can do nothing in any project. Source: Harbor
    /// `src/common/security/robot/context.go`.
    pub(crate) fn may(&self, resource: Resource, action: Action) -> bool {
        if self.is_read_only && !action.is_reading() {
            return false;
        }
        let (own, is_visitor) = match &self.who {
            Who::Admin => (true, true),
            Who::Person(role) => (role.is_some_and(|role| role_allows(role, resource, action)), true),
            Who::Robot(robot) => {
                (robot.rights.allow(self.project.id, resource, action), robot.rights.reach_any())
            }
        };
        own || (is_visitor && self.project.is_public && public_allows(resource, action))
    }

    /// Whether the caller may know that the project is there.
    fn is_seen(&self) -> bool {
        self.may(Resource::Project, Action::Read)
            || matches!(&self.who, Who::Robot(robot) if robot.rights.reach(self.project.id))
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
        Ok(found.map(|project| {
            let who = match cx.robot() {
                Some(robot) => Who::Robot(Arc::clone(robot)),
                None if cx.is_admin() => Who::Admin,
                None => Who::Person(project.role.and_then(Role::from_id)),
            };
            Standing { who, is_read_only: cx.is_read_only(), project }
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
                if !action.is_reading() {
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

    /// Refuses unless the caller may do `action` on `resource` outside of projects: administrators of the system may do
    /// everything, robots what they were given, others nothing.
    pub(crate) fn require_system(cx: &OpCtx, resource: SystemResource, action: Action) -> Result<(), Error> {
        if Self::may_system(cx, resource, action) { Ok(()) } else { Err(refused(cx)) }
    }

    /// Whether the caller may do `action` on `resource` outside of projects.
    pub(crate) fn may_system(cx: &OpCtx, resource: SystemResource, action: Action) -> bool {
        if cx.is_read_only() && !action.is_reading() {
            return false;
        }
        cx.is_admin() || cx.robot().is_some_and(|robot| robot.rights.allow_system(resource, action))
    }

    /// Refuses nobody, and whoever can change nothing.
    pub(crate) fn require_writer(cx: &OpCtx) -> Result<(), Error> {
        if cx.caller == Caller::Anonymous {
            Err(Error::anonymous())
        } else if cx.is_read_only() {
            Err(refused(cx))
        } else {
            Ok(())
        }
    }

    /// The user who asks as a person; refuses programs. Whoever got hold of a token can't live on by what it makes.
    pub(crate) fn require_person(cx: &OpCtx) -> Result<i64, Error> {
        match &cx.caller {
            Caller::Anonymous => Err(Error::anonymous()),
            Caller::User(user) => Ok(user.id),
            Caller::AccessToken(_) | Caller::Robot(_) => {
                Err(Error::Forbidden("only people who signed in themselves can do this".to_owned()))
            }
        }
    }

    /// Refuses nobody.
    pub(crate) fn require_known(cx: &OpCtx) -> Result<(), Error> {
        if cx.caller == Caller::Anonymous { Err(Error::anonymous()) } else { Ok(()) }
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
            Some(standing) if standing.is_seen() => Err(lacking(cx, action, repository.project())),
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

    /// Which projects the caller's lists of what `right` is about are of; without one, lists of projects.
    pub(crate) fn visible(cx: &OpCtx, right: Option<(Resource, Action)>) -> Visible {
        match &cx.caller {
            Caller::Anonymous => Visible::Public,
            Caller::Robot(robot) => visible_to_robot(robot, right),
            Caller::User(user) | Caller::AccessToken(TokenIdentity { user, .. }) if user.is_admin => {
                Visible::All
            }
            Caller::User(user) | Caller::AccessToken(TokenIdentity { user, .. }) => Visible::To(user.id),
        }
    }
}

/// The right that lists of repositories, and of what is in them, are about.
pub(crate) const SEES_REPOSITORIES: Option<(Resource, Action)> = Some((Resource::Repository, Action::List));

/// The right that content is taken by.
pub(crate) const PULLS: Option<(Resource, Action)> = Some((Resource::Repository, Action::Pull));

fn visible_to_robot(robot: &RobotIdentity, right: Option<(Resource, Action)>) -> Visible {
    let rights = &robot.rights;
    let is_everywhere =
        right.map_or(!rights.everywhere.is_empty(), |right| rights.everywhere.contains(&right));
    let right = right.map(|(resource, action)| {
        // in its own project, a robot that pushes also pulls
        let implied: &'static [&'static str] = match action {
            Action::Pull if rights.home.is_some() => &["pull", "push"],
            Action::Pull => &["pull"],
            _ => &["list"],
        };
        (resource.as_str(), implied)
    });
    if is_everywhere {
        Visible::All
    } else if rights.reach_any() {
        Visible::ToRobot { id: robot.id, right }
    } else {
        Visible::Nothing
    }
}

/// Tells who knows of a project that they may not do something there, and what would help.
fn lacking(cx: &OpCtx, action: RegistryAction, project: &str) -> Error {
    let help = match &cx.caller {
        Caller::AccessToken(token) if token.is_read_only => "this access token is for reading alone",
        Caller::Robot(_) => "the robot was not given this permission",
        Caller::Anonymous | Caller::User(_) | Caller::AccessToken(_) => {
            "ask an administrator of the project for a role that may"
        }
    };
    Error::Forbidden(format!("you may not {} in project {project}: {help}", action.as_str()))
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

pub(crate) fn refused(cx: &OpCtx) -> Error {
    let reason = match &cx.caller {
        Caller::Anonymous => return Error::anonymous(),
        Caller::AccessToken(token) if token.is_read_only => {
            "forbidden: this access token does not allow this"
        }
        Caller::User(_) | Caller::AccessToken(_) => "forbidden: your role does not allow this",
        Caller::Robot(_) => "forbidden: the robot was not given this permission",
    };
    Error::Forbidden(reason.to_owned())
}
