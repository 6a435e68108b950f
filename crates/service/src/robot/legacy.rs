//! Robots of one project as older clients ask for them. Source: Harbor `src/server/v2.0/handler/robotV1.go`.

use db::query::robot::{self, Robot};
use futures::FutureExt;
use types::{
    harbor::{self, Access, RobotPermission},
    page::Listed,
    query::ListQuery,
    robot::{DEFAULT_DURATION_DAYS, Level, MAX_DURATION_DAYS, NEVER_ENDS},
    role::{Action, Resource},
};

use super::{Created, DAY_MS, Life, Robots, Wanted, act, check_name};
use crate::{Error, Kind, OpCtx, journal::Origin, project::ProjectRef};

impl Robots {
    /// The robots of a project.
    pub async fn list_in(
        &self,
        cx: &OpCtx,
        project: &ProjectRef,
        query: &ListQuery,
    ) -> Result<Listed<harbor::Robot>, Error> {
        let (id, _) = self.project(cx, project, Action::List).await?;
        self.list_of(Some(id), query).await
    }

    /// One robot of a project. Errors: `NotFound`, also when it is of another.
    pub async fn get_in(&self, cx: &OpCtx, project: &ProjectRef, id: i64) -> Result<harbor::Robot, Error> {
        let (project, _) = self.project(cx, project, Action::Read).await?;
        let row = self.find_in(project, id).await?;
        self.show_one(row).await
    }

    /// Makes a robot of a project. Errors: as for [`Robots::create`].
    pub async fn create_in(
        &self,
        cx: &OpCtx,
        project: &ProjectRef,
        new: harbor::RobotCreateV1,
    ) -> Result<Created, Error> {
        let (project_id, project) = self.project(cx, project, Action::Create).await?;
        let name = check_name(&new.name)?;
        let access = new.access.into_iter().map(|access| in_project(project_id, access));
        let access = access.collect::<Result<_, _>>()?;
        let kind = Level::Project.as_str().to_owned();
        let permission = RobotPermission { kind, namespace: project.clone(), access };
        let wanted = Wanted::parse(Level::Project, &[permission])?;
        let life = life(new.expires_at, cx.now_ms())?;
        self.insert(cx, (name, Some((project_id, project))), (new.description, false), life, wanted).await
    }

    /// Disables a robot of a project, or enables it, and replaces its remark; nothing else is looked at.
    pub async fn update_in(
        &self,
        cx: &OpCtx,
        project: &ProjectRef,
        id: i64,
        new: harbor::Robot,
    ) -> Result<(), Error> {
        let (project, _) = self.project(cx, project, Action::Update).await?;
        let row = self.find_in(project, id).await?;
        let (origin, now) = (Origin::from(cx), cx.now_ms());
        let act = act("update", self.full_name(&row.name), row.project_id);
        self.core
            .write_rights(move |tx| {
                async move {
                    let (details, life) =
                        ((new.description, new.disable), (row.duration_days, row.expires_at));
                    robot::set_details(tx, id, details, life, now).await?;
                    origin.audit(tx, act, true).await
                }
                .boxed()
            })
            .await
    }

    /// Removes a robot of a project. Errors: `NotFound`.
    pub async fn delete_in(&self, cx: &OpCtx, project: &ProjectRef, id: i64) -> Result<(), Error> {
        let (project, _) = self.project(cx, project, Action::Delete).await?;
        self.find_in(project, id).await?;
        self.delete(cx, id).await
    }

    async fn project(
        &self,
        cx: &OpCtx,
        project: &ProjectRef,
        action: Action,
    ) -> Result<(i64, String), Error> {
        let name = self.core.project_name(cx, project).await?;
        let standing = self.core.require(cx, &name, Resource::Robot, action).await?;
        Ok((standing.project.id, name))
    }

    async fn find_in(&self, project: i64, id: i64) -> Result<Robot, Error> {
        let found = robot::find(&self.core.db, id).await?.filter(|row| row.project_id == Some(project));
        found.ok_or_else(|| Error::NotFound(Kind::Robot, id.to_string()))
    }
}

/// The right that `/project/<id>/<resource>` stands for.
fn in_project(project: i64, access: Access) -> Result<Access, Error> {
    let below = access.resource.strip_prefix(&format!("/project/{project}/")).map(str::to_owned);
    match below {
        Some(resource) => Ok(Access { resource, ..access }),
        None => Err(Error::Malformed(format!("bad resource {}", access.resource))),
    }
}

/// A life until a time, in seconds since the epoch, from `now`, in milliseconds.
fn life(expires_at: i64, now: i64) -> Result<Life, Error> {
    match expires_at {
        NEVER_ENDS => Life::new(NEVER_ENDS, now),
        0 => Life::new(DEFAULT_DURATION_DAYS, now),
        end => {
            let end = end.saturating_mul(1000);
            let left = end.saturating_sub(now);
            if left <= 0 {
                return Err(Error::Malformed("expires_at must be -1(Never) or in the future".to_owned()));
            }
            let days = left.saturating_add(DAY_MS - 1).div_euclid(DAY_MS).min(MAX_DURATION_DAYS);
            Ok(Life { days, expires_at: Some(end) })
        }
    }
}
