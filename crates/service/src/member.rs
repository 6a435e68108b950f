//! Members of projects. Source: `harbor.md` §1.3.

use std::sync::Arc;

use db::query::{
    member::{self, NamedMember},
    user,
};
use futures::FutureExt;
use types::{
    harbor,
    page::{Listed, Page},
    role::{Action, Resource, Role},
};

use crate::{
    Error, Kind, OpCtx,
    core::Core,
    journal::{Act, Origin},
    project::ProjectRef,
};

/// Members of projects.
#[derive(Clone)]
pub struct Members {
    pub(crate) core: Arc<Core>,
}

impl Members {
    /// Members of a project whose name contains `name`, by name.
    pub async fn list(
        &self,
        cx: &OpCtx,
        project: &ProjectRef,
        name: Option<&str>,
        page: Page,
    ) -> Result<Listed<harbor::ProjectMemberEntity>, Error> {
        let (id, _) = self.authorise(cx, project, Action::List).await?;
        Ok(member::list(&self.core.db, id, name, page).await?.map(show))
    }

    /// One member of a project.
    pub async fn get(
        &self,
        cx: &OpCtx,
        project: &ProjectRef,
        id: i64,
    ) -> Result<harbor::ProjectMemberEntity, Error> {
        let (project_id, _) = self.authorise(cx, project, Action::Read).await?;
        Ok(show(self.find(project_id, id).await?))
    }

    /// Adds a user with a role and returns the membership's id.
    ///
    /// Errors: `Invalid` for an unknown role or without a user, `NotFound(User)`, `AlreadyExists`.
    pub async fn create(
        &self,
        cx: &OpCtx,
        project: &ProjectRef,
        new: harbor::ProjectMember,
    ) -> Result<i64, Error> {
        let (project_id, project) = self.authorise(cx, project, Action::Create).await?;
        let role = role(new.role_id)?;
        let found = self.named_user(new.member_user).await?;
        let act = act("create", &project, &found.username, project_id);
        let (origin, now, taken) = (Origin::from(cx), cx.now_ms(), format!("member {}", found.username));
        let id =
            self.core
                .write_rights(move |tx| {
                    async move {
                        let id = member::insert(tx, project_id, found.id, role.id(), now).await.map_err(
                            |error| match error {
                                db::Error::AlreadyExists(_) => Error::AlreadyExists(taken),
                                error => error.into(),
                            },
                        )?;
                        origin.audit(tx, act, true).await?;
                        Ok::<_, Error>(id)
                    }
                    .boxed()
                })
                .await?;
        Ok(id)
    }

    /// Changes the role of a member.
    pub async fn update(
        &self,
        cx: &OpCtx,
        project: &ProjectRef,
        id: i64,
        role_id: Option<i64>,
    ) -> Result<(), Error> {
        let (project_id, project) = self.authorise(cx, project, Action::Update).await?;
        let role = role(role_id)?;
        let found = self.find(project_id, id).await?;
        let act = act("update", &project, &found.username, project_id);
        let (origin, now) = (Origin::from(cx), cx.now_ms());
        self.core
            .write_rights(move |tx| {
                async move {
                    member::set_role(tx, found.id, role.id(), now).await?;
                    origin.audit(tx, act, true).await
                }
                .boxed()
            })
            .await?;
        Ok(())
    }

    /// Removes a member; the rights are gone with the answer.
    pub async fn delete(&self, cx: &OpCtx, project: &ProjectRef, id: i64) -> Result<(), Error> {
        let (project_id, project) = self.authorise(cx, project, Action::Delete).await?;
        let found = self.find(project_id, id).await?;
        let act = act("delete", &project, &found.username, project_id);
        let origin = Origin::from(cx);
        self.core
            .write_rights(move |tx| {
                async move {
                    if !member::delete(tx, found.id).await? {
                        return Err(Error::NotFound(Kind::Member, id.to_string()));
                    }
                    origin.audit(tx, act, true).await
                }
                .boxed()
            })
            .await?;
        Ok(())
    }

    async fn authorise(
        &self,
        cx: &OpCtx,
        project: &ProjectRef,
        action: Action,
    ) -> Result<(i64, String), Error> {
        let name = self.core.project_name(cx, project).await?;
        let standing = self.core.require(cx, &name, Resource::Member, action).await?;
        Ok((standing.project.id, name))
    }

    async fn find(&self, project_id: i64, id: i64) -> Result<NamedMember, Error> {
        member::find(&self.core.db, project_id, id)
            .await?
            .ok_or_else(|| Error::NotFound(Kind::Member, id.to_string()))
    }

    async fn named_user(&self, named: Option<harbor::UserEntity>) -> Result<user::User, Error> {
        let missing = |name: String| Error::NotFound(Kind::User, name);
        match named {
            Some(harbor::UserEntity { user_id: Some(id), .. }) if id > 0 => {
                user::find(&self.core.db, id).await?.ok_or_else(|| missing(id.to_string()))
            }
            Some(harbor::UserEntity { username: Some(name), .. }) if !name.is_empty() => {
                user::find_by_name(&self.core.db, &name).await?.ok_or_else(|| missing(name))
            }
            _ => Err(Error::Invalid { field: "member_user", reason: "name a user by id or name".to_owned() }),
        }
    }
}

fn role(id: Option<i64>) -> Result<Role, Error> {
    id.and_then(|id| i32::try_from(id).ok()).and_then(Role::from_id).ok_or_else(|| Error::Invalid {
        field: "role_id",
        reason: "it must be 1 (project admin), 2 (developer), 3 (guest), 4 (maintainer) or 5 (limited guest)"
            .to_owned(),
    })
}

fn act(operation: &'static str, project: &str, user: &str, project_id: i64) -> Act {
    Act {
        operation,
        resource_type: "member",
        resource: format!("{project}/{user}"),
        project_id: Some(project_id),
    }
}

fn show(row: NamedMember) -> harbor::ProjectMemberEntity {
    let role_name = Role::from_id(row.role).map_or("", Role::as_str).to_owned();
    harbor::ProjectMemberEntity {
        id: row.id,
        project_id: row.project_id,
        entity_name: row.username,
        role_name,
        role_id: row.role.into(),
        entity_id: row.user_id,
        entity_type: "u".to_owned(),
    }
}
