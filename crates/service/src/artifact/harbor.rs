//! Artifacts and tags as Harbor's API and the portal have them.

use std::collections::BTreeMap;

use db::query::{manifest, repository, tag, tag_change};
use futures::FutureExt;
use types::{
    digest::Digest,
    harbor,
    name::{RepositoryName, Tag},
    oci::{condition::Condition, manifest::ParsedManifest, reference::Reference},
    page::{Listed, Page},
    query::ListQuery,
    role::{Action, Resource},
};

use super::{
    Artifacts, Named, kind,
    tagging::Tagging,
    view::{self, Beside},
};
use crate::{
    Error, Kind, OpCtx,
    journal::{Act, Origin},
};

impl Artifacts {
    /// Artifacts of a repository, newest push first unless sorted; `with_tags` shows their tags.
    ///
    /// `q` knows `tags`, `type`, `digest`, `media_type`, `artifact_type` and `base`, `sort` knows `push_time`, `pull_time`,
    /// `size`, `digest` and `id`.
    pub async fn list(
        &self,
        cx: &OpCtx,
        name: &RepositoryName,
        query: &ListQuery,
        with_tags: bool,
    ) -> Result<Listed<harbor::Artifact>, Error> {
        self.core.require(cx, name.project(), Resource::Artifact, Action::List).await?;
        let repository = self.repository(name).await?;
        let kinds = query.query.get("type").and_then(kind::stated);
        let found = manifest::list(&self.core.db, repository.id, kinds.as_deref(), query).await?;
        Ok(Listed { items: self.show(&repository, found.items, with_tags).await?, total: found.total })
    }

    /// One artifact by tag or digest.
    pub async fn get(
        &self,
        cx: &OpCtx,
        name: &RepositoryName,
        reference: &Reference,
        with_tags: bool,
    ) -> Result<harbor::Artifact, Error> {
        self.core.require(cx, name.project(), Resource::Artifact, Action::Read).await?;
        let repository = self.repository(name).await?;
        let found = self.core.find_manifest(name, reference).await?;
        let mut shown = self.show(&repository, vec![found], with_tags).await?;
        shown.pop().ok_or_else(|| Error::NotFound(Kind::Manifest, reference.to_string()))
    }

    /// Removes an artifact, named by tag or digest, with all its tags.
    ///
    /// Errors: `Precondition` while an index refers to it. Source: `harbor.md` §1.7.
    pub async fn delete(
        &self,
        cx: &OpCtx,
        name: &RepositoryName,
        reference: &Reference,
    ) -> Result<(), Error> {
        self.core.require(cx, name.project(), Resource::Artifact, Action::Delete).await?;
        let found = self.core.find_manifest(name, reference).await?;
        let digest = found.digest.parse().map_err(|_| damaged())?;
        self.core.remove(cx, name, Named::from(&Reference::Digest(digest))).await
    }

    /// Tags of one artifact.
    pub async fn list_artifact_tags(
        &self,
        cx: &OpCtx,
        name: &RepositoryName,
        reference: &Reference,
        query: &ListQuery,
    ) -> Result<Listed<harbor::Tag>, Error> {
        self.core.require(cx, name.project(), Resource::Tag, Action::List).await?;
        let found = self.core.find_manifest(name, reference).await?;
        Ok(tag::list(&self.core.db, found.id, query).await?.map(view::tag_of))
    }

    /// Gives an artifact one more tag. Errors: `AlreadyExists`.
    pub async fn create_tag(
        &self,
        cx: &OpCtx,
        name: &RepositoryName,
        reference: &Reference,
        new: Tag,
    ) -> Result<(), Error> {
        let standing = self.core.require(cx, name.project(), Resource::Tag, Action::Create).await?;
        let found = self.core.find_manifest(name, reference).await?;
        let (origin, repository) = (Origin::from(cx), name.to_string());
        let (project_id, changes) = (standing.project.id, self.core.changes.clone());
        let lease = self.core.lease_ms(cx.now_ms());
        self.core
            .db
            .write(move |tx| {
                async move {
                    let tagging = Tagging { tx, repository_id: found.repository_id, origin: &origin, lease };
                    tagging.create(new.as_str(), (found.id, &found.digest)).await?;
                    let resource = format!("{repository}:{new}");
                    let place = (project_id, repository);
                    let what = (Some(found.digest), Some(new.to_string()));
                    origin.event(tx, &changes, "CREATE_TAG", place, what).await?;
                    let act = Act {
                        operation: "create",
                        resource_type: "tag",
                        resource,
                        project_id: Some(project_id),
                    };
                    origin.audit(tx, act, true).await
                }
                .boxed()
            })
            .await
    }

    /// Removes one tag of an artifact. Errors: `NotFound` when it is not a tag of that artifact.
    pub async fn delete_tag(
        &self,
        cx: &OpCtx,
        name: &RepositoryName,
        reference: &Reference,
        old: &Tag,
    ) -> Result<(), Error> {
        self.core.require(cx, name.project(), Resource::Tag, Action::Delete).await?;
        let found = self.core.find_manifest(name, reference).await?;
        let digest: Digest = found.digest.parse().map_err(|_| damaged())?;
        let condition = Condition::is(digest);
        let named = Named { condition, ..Named::from(&Reference::Tag(old.clone())) };
        self.core.remove(cx, name, named).await.map_err(|error| match error {
            Error::Precondition(_) => Error::NotFound(Kind::Tag, old.to_string()),
            error => error,
        })
    }

    /// How a tag came to point where it points, or that it is gone; newest first.
    pub async fn list_tag_history(
        &self,
        cx: &OpCtx,
        name: &RepositoryName,
        tag: &Tag,
        page: Page,
    ) -> Result<Listed<harbor::TagChange>, Error> {
        self.core.require(cx, name.project(), Resource::Tag, Action::List).await?;
        let repository = self.repository(name).await?;
        let changes = tag_change::list(&self.core.db, repository.id, tag.as_str(), page).await?;
        Ok(changes.map(view::tag_change))
    }

    pub(super) async fn repository(&self, name: &RepositoryName) -> Result<repository::Repository, Error> {
        let found = repository::find_by_name(&self.core.db, name.as_str()).await?;
        found
            .filter(|found| found.pushed_at.is_some())
            .ok_or_else(|| Error::NotFound(Kind::Repository, name.to_string()))
    }

    async fn show(
        &self,
        repository: &repository::Repository,
        rows: Vec<manifest::Manifest>,
        with_tags: bool,
    ) -> Result<Vec<harbor::Artifact>, Error> {
        let ids = rows.iter().map(|row| row.id).collect();
        let mut tags: BTreeMap<i64, Vec<tag::Tag>> = BTreeMap::new();
        for tag in if with_tags { tag::of_manifests(&self.core.db, ids).await? } else { Vec::new() } {
            tags.entry(tag.manifest_id).or_default().push(tag);
        }
        let children = self.children(repository.id, &rows).await?;
        rows.into_iter()
            .map(|row| {
                let beside = Beside {
                    project_id: repository.project_id,
                    repository: &repository.name,
                    tags: with_tags.then(|| tags.remove(&row.id).unwrap_or_default()),
                    children: &children,
                };
                view::artifact(row, beside)
            })
            .collect()
    }

    /// Ids by digest of what the indexes among `rows` refer to, in one query for all of them.
    async fn children(
        &self,
        repository_id: i64,
        rows: &[manifest::Manifest],
    ) -> Result<BTreeMap<String, i64>, Error> {
        let mut digests: Vec<String> = rows
            .iter()
            .filter_map(|row| ParsedManifest::parse(Some(&row.media_type), &row.content).ok())
            .flat_map(|parsed| parsed.manifests)
            .map(|child| child.digest.to_string())
            .collect();
        digests.sort_unstable();
        digests.dedup();
        let mut known = BTreeMap::new();
        for chunk in digests.chunks(500) {
            known.extend(manifest::ids(&self.core.db, repository_id, chunk.to_vec()).await?);
        }
        Ok(known)
    }
}

fn damaged() -> Error {
    Error::internal(db::Error::Damaged("manifests.digest"))
}
