//! Robots as the API shows them, and what they can be given.

use std::collections::HashMap;

use db::query::{
    member, project,
    robot::{self, Robot},
};
use types::{
    harbor,
    page::Listed,
    query::{ListQuery, Term},
    robot::{Level, PROJECT_CATALOGUE, SYSTEM_CATALOGUE},
    role::{Action, Resource, Role, SystemResource},
};

use super::{Robots, level_of, rights, shown_end};
use crate::{Error, Kind, OpCtx, artifact::time, core::Core, project::ProjectRef, uses::Used};

impl Robots {
    /// The robots of the system, or with `Level=project,ProjectID=…` in `q` those of a project; the newest first.
    ///
    /// `q` knows `name` and `description` too, `sort` knows `id`, `name`, `duration`, `expires_at`, `disable`,
    /// `creation_time` and `update_time`. Errors: `Malformed` for an unknown level, or one of a project without the project.
    pub async fn list(&self, cx: &OpCtx, query: &ListQuery) -> Result<Listed<harbor::Robot>, Error> {
        Core::require_known(cx)?;
        let exact = |keys: [&str; 2]| match keys.into_iter().find_map(|key| query.query.get(key)) {
            Some(Term::Exact(value)) => Some(value.as_str()),
            _ => None,
        };
        let level = match exact(["Level", "level"]) {
            None => Level::System,
            Some(word) => Level::from_word(word)
                .ok_or_else(|| Error::Malformed("bad request error level input".to_owned()))?,
        };
        if level == Level::System {
            Core::require_system(cx, SystemResource::Robot, Action::List)?;
            return self.list_of(None, query).await;
        }
        let id = exact(["ProjectID", "project_id"]).ok_or_else(|| {
            Error::Malformed("must with project ID when to query project robots".to_owned())
        })?;
        let id = id.parse().map_err(|_| Error::Malformed("Project ID must be int type.".to_owned()))?;
        let name = self.core.project_name(cx, &ProjectRef::Id(id)).await?;
        self.core.require(cx, &name, Resource::Robot, Action::List).await?;
        self.list_of(Some(id), query).await
    }

    pub(super) async fn list_of(
        &self,
        project_id: Option<i64>,
        query: &ListQuery,
    ) -> Result<Listed<harbor::Robot>, Error> {
        let found = robot::list(&self.core.db, project_id, query).await?;
        let items = self.show(found.items).await?;
        Ok(Listed { items, total: found.total })
    }

    /// One robot. Errors: `NotFound`.
    pub async fn get(&self, cx: &OpCtx, id: i64) -> Result<harbor::Robot, Error> {
        let row = self.find_for(cx, id, Action::Read).await?;
        self.show_one(row).await
    }

    /// What robots can be given: everything for administrators of the system, what is in projects for those of a project.
    /// Source: Harbor `handler/permissions.go`.
    pub async fn permissions(&self, cx: &OpCtx) -> Result<harbor::Permissions, Error> {
        Core::require_known(cx)?;
        let may = match cx.user_id() {
            Some(_) if cx.is_admin() => true,
            Some(id) => member::any_with_role(&self.core.db, id, Role::ProjectAdmin.id()).await?,
            None => false,
        };
        if !may {
            let text = "only admins(system and project) can access permissions";
            return Err(Error::Forbidden(text.to_owned()));
        }
        let pair = |resource: &str, action: &Action| harbor::Permission {
            resource: resource.to_owned(),
            action: action.to_string(),
        };
        let system = SYSTEM_CATALOGUE
            .iter()
            .flat_map(|(resource, actions)| actions.iter().map(|action| pair(resource.as_str(), action)));
        let project = PROJECT_CATALOGUE
            .iter()
            .flat_map(|(resource, actions)| actions.iter().map(|action| pair(resource.as_str(), action)));
        let system = if cx.is_admin() { system.collect() } else { Vec::new() };
        Ok(harbor::Permissions { system, project: project.collect() })
    }

    pub(super) async fn show_one(&self, row: Robot) -> Result<harbor::Robot, Error> {
        let id = row.id;
        let mut shown = self.show(vec![row]).await?;
        shown.pop().ok_or_else(|| Error::NotFound(Kind::Robot, id.to_string()))
    }

    async fn show(&self, rows: Vec<Robot>) -> Result<Vec<harbor::Robot>, Error> {
        let db = &self.core.db;
        let permissions = robot::permissions(db, rows.iter().map(|row| row.id).collect()).await?;
        let projects = permissions.iter().filter_map(|row| row.project_id).collect();
        let names: HashMap<i64, String> = project::names(db, projects).await?.into_iter().collect();
        let shown = rows.into_iter().map(|row| {
            let own = permissions.iter().filter(|permission| permission.robot_id == row.id);
            let rights = rights::read(row.project_id, own);
            harbor::Robot {
                id: row.id,
                name: self.full_name(&row.name),
                level: level_of(&row).as_str().to_owned(),
                description: row.description,
                duration: Some(row.duration_days),
                editable: true,
                disable: row.is_disabled,
                expires_at: shown_end(row.expires_at),
                permissions: rights::show(&rights, &names),
                creator_type: row.creator_kind,
                creator_ref: row.creator_id,
                creation_time: Some(time(row.created_at)),
                update_time: Some(time(row.updated_at)),
                last_used_time: self.core.uses.last(Used::Robot(row.id), row.last_used_at).map(time),
            }
        });
        Ok(shown.collect())
    }
}
