//! Repositories.

use std::{collections::HashMap, sync::Arc};

use db::query::{blob, repository};
use futures::FutureExt;
use types::{
    harbor,
    name::RepositoryName,
    page::Listed,
    query::ListQuery,
    role::{Action, Resource},
};

use crate::{
    Error, Kind, OpCtx,
    artifact::time,
    authz::SEES_REPOSITORIES,
    core::Core,
    journal::{Act, Origin},
};

/// Repositories.
#[derive(Clone)]
pub struct Repositories {
    pub(crate) core: Arc<Core>,
}

impl Repositories {
    /// Repositories of one project.
    pub async fn list(
        &self,
        cx: &OpCtx,
        project: &str,
        query: &ListQuery,
    ) -> Result<Listed<harbor::Repository>, Error> {
        let standing = self.core.require(cx, project, Resource::Repository, Action::List).await?;
        let id = Some(standing.project.id);
        self.show(repository::list(&self.core.db, id, Core::visible(cx, SEES_REPOSITORIES), query).await?)
            .await
    }

    /// Repositories of every project that the caller sees.
    pub async fn list_all(&self, cx: &OpCtx, query: &ListQuery) -> Result<Listed<harbor::Repository>, Error> {
        self.show(repository::list(&self.core.db, None, Core::visible(cx, SEES_REPOSITORIES), query).await?)
            .await
    }

    /// One repository.
    pub async fn get(&self, cx: &OpCtx, name: &RepositoryName) -> Result<harbor::Repository, Error> {
        self.core.require(cx, name.project(), Resource::Repository, Action::Read).await?;
        let found = self.find(name).await?;
        let mut shown = self.show(Listed { items: vec![found], total: 1 }).await?;
        shown.items.pop().ok_or_else(|| Error::NotFound(Kind::Repository, name.to_string()))
    }

    /// Replaces the description.
    pub async fn update(&self, cx: &OpCtx, name: &RepositoryName, description: String) -> Result<(), Error> {
        let standing = self.core.require(cx, name.project(), Resource::Repository, Action::Update).await?;
        let found = self.find(name).await?;
        let (origin, now, resource) = (Origin::from(cx), cx.now_ms(), name.to_string());
        let act = Act {
            operation: "update",
            resource_type: "repository",
            resource,
            project_id: Some(standing.project.id),
        };
        self.core
            .db
            .write(move |tx| {
                async move {
                    repository::set_description(tx, found.id, &description, now).await?;
                    origin.audit(tx, act, true).await
                }
                .boxed()
            })
            .await
    }

    /// Removes a repository with everything in it.
    pub async fn delete(&self, cx: &OpCtx, name: &RepositoryName) -> Result<(), Error> {
        let standing = self.core.require(cx, name.project(), Resource::Repository, Action::Delete).await?;
        let found = self.find(name).await?;
        let (origin, resource, project_id) = (Origin::from(cx), name.to_string(), standing.project.id);
        let (changes, now) = (self.core.changes.clone(), self.core.lease_ms(cx.now_ms()));
        self.core
            .db
            .write(move |tx| {
                async move {
                    blob::release_repository(tx, found.id, now).await?;
                    if !repository::delete(tx, found.id).await? {
                        return Err(Error::NotFound(Kind::Repository, resource));
                    }
                    let place = (project_id, resource.clone());
                    origin.event(tx, &changes, "DELETE_REPOSITORY", place, (None, None)).await?;
                    let act = Act {
                        operation: "delete",
                        resource_type: "repository",
                        resource,
                        project_id: Some(project_id),
                    };
                    origin.audit(tx, act, true).await
                }
                .boxed()
            })
            .await
    }

    async fn find(&self, name: &RepositoryName) -> Result<repository::Repository, Error> {
        let found = repository::find_by_name(&self.core.db, name.as_str()).await?;
        found
            .filter(|found| found.pushed_at.is_some())
            .ok_or_else(|| Error::NotFound(Kind::Repository, name.to_string()))
    }

    async fn show(&self, rows: Listed<repository::Repository>) -> Result<Listed<harbor::Repository>, Error> {
        let ids = rows.items.iter().map(|row| row.id).collect();
        let counts: HashMap<i64, i64> =
            repository::manifest_counts(&self.core.db, ids).await?.into_iter().collect();
        Ok(rows.map(|row| harbor::Repository {
            artifact_count: counts.get(&row.id).copied().unwrap_or_default(),
            id: row.id,
            project_id: row.project_id,
            name: row.name,
            description: row.description,
            pull_count: row.pull_count,
            creation_time: time(row.created_at),
            update_time: time(row.updated_at),
        }))
    }
}
