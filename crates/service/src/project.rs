//! Projects. Source: `harbor.md` §1.2 and §4.2.

use std::{collections::HashMap, sync::Arc};

use db::query::{
    blob, member,
    project::{self, Narrow, Visible},
    repository, upload, user,
};
use futures::FutureExt;
use types::{
    harbor::{self, ProjectMetadata},
    name::ProjectName,
    page::Listed,
    query::ListQuery,
    role::{Action, MATRIX, Resource, Role, SystemResource},
};

use crate::{
    Error, Kind, OpCtx, ProjectCreation,
    artifact::time,
    core::Core,
    journal::{Act, Origin},
};

/// How a request names a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProjectRef {
    /// By its id.
    Id(i64),
    /// By its name.
    Name(String),
}

/// What a list of projects is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct ProjectFilter {
    /// Part of the name.
    pub name: Option<String>,
    /// Public ones, or private ones.
    pub is_public: Option<bool>,
    /// Those that this user owns.
    pub owner: Option<String>,
    /// Those that the caller is a member of.
    pub is_member: bool,
    /// Those that the caller has this role in.
    pub role: Option<Role>,
}

/// Projects.
#[derive(Clone)]
pub struct Projects {
    pub(crate) core: Arc<Core>,
}

impl Projects {
    /// Projects that the caller sees: the public ones, and those they are a member of.
    ///
    /// `q` knows `name`, `sort` knows `name`, `project_id`, `creation_time`, `update_time` and `repo_count`.
    pub async fn list(
        &self,
        cx: &OpCtx,
        query: &ListQuery,
        filter: ProjectFilter,
    ) -> Result<Listed<harbor::Project>, Error> {
        let owner_id = match &filter.owner {
            Some(owner) => match user::find_by_name(&self.core.db, owner).await? {
                Some(owner) => Some(owner.id),
                None => return Ok(Listed::default()),
            },
            None => None,
        };
        let member = if filter.is_member || filter.role.is_some() {
            let Some(user) = cx.user_id() else { return Ok(Listed::default()) };
            Some((user, filter.role.map(Role::id)))
        } else {
            None
        };
        let narrow = Narrow { name: filter.name, is_public: filter.is_public, owner_id, member };
        let visible = if Core::may_system(cx, SystemResource::Project, Action::List) {
            Visible::All
        } else {
            Core::visible(cx, None)
        };
        let rows = project::list(&self.core.db, visible, &narrow, query).await?;
        self.show(cx, rows).await
    }

    /// One project.
    pub async fn get(&self, cx: &OpCtx, project: &ProjectRef) -> Result<harbor::Project, Error> {
        let name = self.core.project_name(cx, project).await?;
        self.core.require(cx, &name, Resource::Project, Action::Read).await?;
        let row = project::find_by_name(&self.core.db, &name).await?;
        let row = row.ok_or_else(|| Error::NotFound(Kind::Project, name.clone()))?;
        let mut shown = self.show(cx, Listed { items: vec![row], total: 1 }).await?;
        shown.items.pop().ok_or(Error::NotFound(Kind::Project, name))
    }

    /// Whether a project has this name, for anybody who is signed in.
    pub async fn exists(&self, cx: &OpCtx, name: &str) -> Result<bool, Error> {
        Core::require_known(cx)?;
        Ok(project::find_by_name(&self.core.db, name).await?.is_some())
    }

    /// What the caller may do in a project; nothing where there is none.
    pub async fn list_rights(
        &self,
        cx: &OpCtx,
        project: &ProjectRef,
    ) -> Result<Vec<(Resource, Action)>, Error> {
        Core::require_known(cx)?;
        let name = match project {
            ProjectRef::Name(name) => Some(name.clone()),
            ProjectRef::Id(id) => project::find(&self.core.db, *id).await?.map(|row| row.name),
        };
        let Some(name) = name else { return Ok(Vec::new()) };
        let Some(standing) = self.core.standing_of(cx, &name).await? else { return Ok(Vec::new()) };
        let rights = MATRIX.iter().map(|rule| (rule.resource, rule.action));
        Ok(rights.filter(|(resource, action)| standing.may(*resource, *action)).collect())
    }

    /// Who may make projects.
    pub fn creation(&self) -> ProjectCreation {
        self.core.options.project_creation
    }

    /// Whether the user who asks may make projects.
    pub fn may_create(&self, cx: &OpCtx) -> bool {
        match self.creation() {
            ProjectCreation::Everyone => cx.user_id().is_some(),
            ProjectCreation::Admins => cx.is_admin(),
        }
    }

    /// Makes a project, with the caller as its owner and first administrator, and returns its id.
    ///
    /// Errors: `InvalidName`, `AlreadyExists`, `Unsupported` for a proxy-cache project, `Forbidden` where only
    /// administrators may.
    pub async fn create(&self, cx: &OpCtx, new: harbor::ProjectReq) -> Result<i64, Error> {
        let owner_id = self.owner_of_new(cx).await?;
        if new.registry_id.is_some_and(|id| id > 0) {
            return Err(Error::Unsupported(
                "proxy-cache projects are not offered: leave registry_id out".to_owned(),
            ));
        }
        let name: ProjectName = new
            .project_name
            .as_deref()
            .unwrap_or_default()
            .parse()
            .map_err(|error: types::name::NameError| Error::InvalidName(error.to_string()))?;
        let stated = new.metadata.as_ref().map(is_public).transpose()?.flatten();
        let is_public = stated.or(new.public).unwrap_or(false);
        self.core.require_writable().await?;
        let (now, origin) = (cx.now_ms(), Origin::from(cx));
        let id = self
            .core
            .write_rights(move |tx| {
                async move {
                    let taken = name.to_string();
                    let id = project::insert(tx, name.to_string(), owner_id, is_public, now).await.map_err(
                        |error| match error {
                            db::Error::AlreadyExists(_) => Error::AlreadyExists(format!("project {taken}")),
                            error => error.into(),
                        },
                    )?;
                    member::insert(tx, id, owner_id, Role::ProjectAdmin.id(), now).await?;
                    origin.audit(tx, act("create", name.to_string(), id), true).await?;
                    Ok::<_, Error>(id)
                }
                .boxed()
            })
            .await?;
        Ok(id)
    }

    /// Who owns a project that the caller makes: the user, or the first administrator where a robot makes it.
    /// Source: `harbor.md` §1.2.
    async fn owner_of_new(&self, cx: &OpCtx) -> Result<i64, Error> {
        if cx.robot().is_none() {
            Core::require_writer(cx)?;
            let user = cx.user_id().ok_or_else(Error::anonymous)?;
            if self.may_create(cx) {
                return Ok(user);
            }
            return Err(Error::Forbidden(
                "only administrators make projects here: ask one of them".to_owned(),
            ));
        }
        Core::require_system(cx, SystemResource::Project, Action::Create)?;
        let admin = user::first_admin(&self.core.db).await?;
        admin.map(|admin| admin.id).ok_or_else(|| Error::NotFound(Kind::User, "admin".to_owned()))
    }

    /// Makes a project public or private.
    pub async fn update(
        &self,
        cx: &OpCtx,
        project: &ProjectRef,
        new: harbor::ProjectReq,
    ) -> Result<(), Error> {
        let name = self.core.project_name(cx, project).await?;
        let standing = self.core.require(cx, &name, Resource::Project, Action::Update).await?;
        let stated = new.metadata.as_ref().map(is_public).transpose()?.flatten();
        let Some(is_public) = stated.or(new.public) else { return Ok(()) };
        let (id, now, origin) = (standing.project.id, cx.now_ms(), Origin::from(cx));
        self.core
            .write_rights(move |tx| {
                async move {
                    project::set_public(tx, id, is_public, now).await?;
                    origin.audit(tx, act("update", name, id), true).await
                }
                .boxed()
            })
            .await?;
        Ok(())
    }

    /// Removes a project without repositories. Errors: `Precondition` while it has any.
    pub async fn delete(&self, cx: &OpCtx, project: &ProjectRef) -> Result<(), Error> {
        let name = self.core.project_name(cx, project).await?;
        let standing = self.core.require(cx, &name, Resource::Project, Action::Delete).await?;
        let (id, origin, now) = (standing.project.id, Origin::from(cx), self.core.lease_ms(cx.now_ms()));
        let uploads = upload::of_project(&self.core.db, id).await?;
        self.core
            .write_rights(move |tx| {
                async move {
                    if repository::any_pushed(tx, id).await? {
                        return Err(Error::Precondition(format!(
                            "project {name} has repositories: delete them first"
                        )));
                    }
                    blob::release_project(tx, id, now).await?;
                    project::delete(tx, id).await?;
                    origin.audit(tx, act("delete", name, id), true).await
                }
                .boxed()
            })
            .await?;
        // Their rows went with the project; what can't be removed is found by `berth fsck`.
        for upload in uploads {
            self.core.abort_upload(&upload).await;
        }
        Ok(())
    }

    pub(crate) async fn show(
        &self,
        cx: &OpCtx,
        rows: Listed<project::Project>,
    ) -> Result<Listed<harbor::Project>, Error> {
        let ids: Vec<i64> = rows.items.iter().map(|row| row.id).collect();
        let owners = rows.items.iter().map(|row| row.owner_id).collect();
        let owners: HashMap<i64, String> = user::by_ids(&self.core.db, owners)
            .await?
            .into_iter()
            .map(|row| (row.id, row.username))
            .collect();
        let counts: HashMap<i64, i64> =
            project::repository_counts(&self.core.db, ids.clone()).await?.into_iter().collect();
        let roles: HashMap<i64, i32> = match cx.user_id() {
            Some(user) => member::roles_of(&self.core.db, user, ids).await?.into_iter().collect(),
            None => HashMap::new(),
        };
        Ok(rows.map(|row| {
            let role = roles.get(&row.id).copied().map(i64::from);
            harbor::Project {
                project_id: row.id,
                owner_id: row.owner_id,
                name: row.name,
                registry_id: None,
                creation_time: time(row.created_at),
                update_time: time(row.updated_at),
                deleted: false,
                owner_name: owners.get(&row.owner_id).cloned().unwrap_or_default(),
                togglable: role == Some(Role::ProjectAdmin.id().into()) || cx.is_admin(),
                current_user_role_id: role.unwrap_or_default(),
                current_user_role_ids: role.into_iter().collect(),
                repo_count: counts.get(&row.id).copied().unwrap_or_default(),
                metadata: ProjectMetadata { public: Some(row.is_public.to_string()), ..Default::default() },
                cve_allowlist: None,
            }
        }))
    }
}

impl Core {
    /// The name of the project that a request names. An unknown id is told as an unknown project: 401, 403 or 404 by
    /// the caller.
    pub(crate) async fn project_name(&self, cx: &OpCtx, project: &ProjectRef) -> Result<String, Error> {
        match project {
            ProjectRef::Name(name) => Ok(name.clone()),
            ProjectRef::Id(id) => match project::find(&self.db, *id).await? {
                Some(row) => Ok(row.name),
                // No project has a name with a slash: the decision falls as for any project that does not exist.
                None => self
                    .require(cx, &format!("/{id}"), Resource::Project, Action::Read)
                    .await
                    .map(|_| String::new()),
            },
        }
    }
}

/// The `public` of a request's metadata, if stated. Errors: `Invalid` unless `true` or `false`.
fn is_public(metadata: &ProjectMetadata) -> Result<Option<bool>, Error> {
    match metadata.public.as_deref() {
        None | Some("") => Ok(None),
        Some("true") => Ok(Some(true)),
        Some("false") => Ok(Some(false)),
        Some(_) => Err(Error::Invalid {
            field: "metadata.public",
            reason: "it must be \"true\" or \"false\"".to_owned(),
        }),
    }
}

fn act(operation: &'static str, resource: String, id: i64) -> Act {
    Act { operation, resource_type: "project", resource, project_id: Some(id) }
}
