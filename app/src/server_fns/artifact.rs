//! Artifacts and their tags. A repository is named in full: `project/path`.

use crate::{
    error::AppError,
    listing::Listing,
    view::{ArtifactHead, ArtifactList, ArtifactPart},
};
use leptos::prelude::*;

/// Lists one page of a repository's artifacts, the last pushed first; `filter` is `tagged` or `untagged`.
#[server(prefix = "/ui-fn", endpoint = "artifact/list")]
pub async fn list_artifacts(repository: String, listing: Listing) -> Result<ArtifactList, AppError> {
    let (cx, services) = crate::ssr::context()?;
    let name = crate::ssr::full_name(&repository)?;
    let query = crate::ssr::artifact::list_query(&listing);
    let artifacts = services.artifacts.list(&cx, &name, &query, true).await?;
    let rights = crate::ssr::project_rights(&cx, &services, name.project()).await?;
    Ok(ArtifactList { as_of: cx.now, rights, artifacts: artifacts.map(crate::ssr::artifact::row) })
}

/// Gets an artifact, by its digest.
#[server(prefix = "/ui-fn", endpoint = "artifact/get")]
pub async fn get_artifact(repository: String, digest: String) -> Result<ArtifactHead, AppError> {
    let (cx, services) = crate::ssr::context()?;
    let (name, reference) = crate::ssr::artifact::place(&repository, &digest)?;
    let artifact = services.artifacts.get(&cx, &name, &reference, true).await?;
    let rights = crate::ssr::project_rights(&cx, &services, name.project()).await?;
    Ok(ArtifactHead { as_of: cx.now, rights, artifact: crate::ssr::artifact::row(artifact) })
}

/// Gets what one tab of an artifact's page shows; an unknown tab is the first one.
#[server(prefix = "/ui-fn", endpoint = "artifact/get_part")]
pub async fn get_artifact_part(
    repository: String,
    digest: String,
    tab: String,
) -> Result<ArtifactPart, AppError> {
    crate::ssr::artifact::part(&repository, &digest, &tab).await
}

/// Removes an artifact with all its tags.
#[server(prefix = "/ui-fn", endpoint = "artifact/delete")]
pub async fn delete_artifact(repository: String, digest: String) -> Result<(), AppError> {
    let (cx, services) = crate::ssr::context()?;
    let (name, reference) = crate::ssr::artifact::place(&repository, &digest)?;
    Ok(services.artifacts.delete(&cx, &name, &reference).await?)
}

/// Gives an artifact one more tag.
#[server(prefix = "/ui-fn", endpoint = "artifact/create_tag")]
pub async fn create_tag(repository: String, digest: String, tag: String) -> Result<(), AppError> {
    let (cx, services) = crate::ssr::context()?;
    let (name, reference) = crate::ssr::artifact::place(&repository, &digest)?;
    let tag = crate::ssr::artifact::tag(&tag)?;
    Ok(services.artifacts.create_tag(&cx, &name, &reference, tag).await?)
}

/// Removes a tag of an artifact.
#[server(prefix = "/ui-fn", endpoint = "artifact/delete_tag")]
pub async fn delete_tag(repository: String, digest: String, tag: String) -> Result<(), AppError> {
    let (cx, services) = crate::ssr::context()?;
    let (name, reference) = crate::ssr::artifact::place(&repository, &digest)?;
    let tag = crate::ssr::artifact::tag(&tag)?;
    Ok(services.artifacts.delete_tag(&cx, &name, &reference, &tag).await?)
}
