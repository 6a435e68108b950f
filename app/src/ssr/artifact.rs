//! How artifacts are shown.

mod layer;
mod overview;

use super::{context, full_name, list_query as plain_query, not_found};
use crate::{
    error::AppError,
    format::json::pretty,
    listing::Listing,
    view::{ArtifactPart, ArtifactRow, ManifestText, Mark, Newest, ReferrerList},
};
use service::{OpCtx, Services};
use types::{
    harbor::artifact::{Artifact, Platform},
    name::{RepositoryName, Tag},
    oci::reference::Reference,
    page::Page,
    query::{ListQuery, Query, Sort, Term},
    ui_error::UiError,
};

/// The newest first.
const BY_PUSH: &str = "-push_time";

/// What the address of a list of artifacts asks for.
///
/// What is looked for is a part of a tag, or of a digest among those without one.
pub fn list_query(listing: &Listing) -> ListQuery {
    let mut query = plain_query(listing, if is_untagged(listing) { "digest" } else { "tags" }, BY_PUSH);
    let only = |value: &str| ("tags".to_owned(), Term::Exact(value.to_owned()));
    if is_untagged(listing) {
        query.query.terms.push(only("nil"));
    } else if listing.filter == "tagged" && query.query.terms.is_empty() {
        query.query.terms.push(only("*"));
    }
    query
}

fn is_untagged(listing: &Listing) -> bool {
    listing.filter == "untagged"
}

/// An artifact of a repository, from a page's address.
///
/// Errors: `NotFound` for what can be no name or no digest.
pub fn place(repository: &str, digest: &str) -> Result<(RepositoryName, Reference), AppError> {
    let name = full_name(repository)?;
    let digest = digest.parse().map_err(|_| not_found("manifest", digest))?;
    Ok((name, Reference::Digest(digest)))
}

/// A tag that somebody filled in. Errors: `Invalid`.
pub fn tag(text: &str) -> Result<Tag, AppError> {
    text.parse().map_err(|_| {
        super::answer_with(http::StatusCode::BAD_REQUEST);
        UiError::Invalid { field: "tag".to_owned(), reason: "tag_grammar".to_owned() }.into()
    })
}

/// What was pushed last under a tag.
pub async fn newest(
    cx: &OpCtx,
    services: &Services,
    name: &RepositoryName,
) -> Result<Option<Newest>, AppError> {
    let query = Query { terms: vec![("tags".to_owned(), Term::Exact("*".to_owned()))] };
    let query = ListQuery { page: first(), query, sort: Sort::parse(BY_PUSH) };
    let found = services.artifacts.list(cx, name, &query, true).await?;
    Ok(found.items.into_iter().next().and_then(|artifact| {
        let kind = artifact.kind;
        let newest = artifact.tags.into_iter().flatten().max_by_key(|tag| tag.push_time)?;
        Some(Newest { tag: newest.name, kind })
    }))
}

/// A page of one.
fn first() -> Page {
    Page::new(1, 1).unwrap_or_default()
}

/// How far a repository has come, or the whole project when it names none.
pub async fn mark(
    cx: &OpCtx,
    services: &Services,
    (project, repository): (&str, &str),
) -> Result<Mark, AppError> {
    if !repository.is_empty() {
        let found = services.repositories.get(cx, &full_name(repository)?).await?;
        return Ok(Mark { changed_at: Some(found.update_time), count: found.artifact_count });
    }
    let query = ListQuery { page: first(), query: Query::default(), sort: Sort::parse("-update_time") };
    let found = services.repositories.list(cx, project, &query).await?;
    let changed_at = found.items.first().map(|repository| repository.update_time);
    Ok(Mark { changed_at, count: i64::try_from(found.total).unwrap_or(i64::MAX) })
}

/// What one tab of an artifact's page shows.
///
/// Errors: those of the service, which hides what the caller may not see.
pub async fn part(repository: &str, digest: &str, tab: &str) -> Result<ArtifactPart, AppError> {
    let (cx, services) = context()?;
    let (name, reference) = place(repository, digest)?;
    let artifacts = &services.artifacts;
    Ok(match tab {
        "layers" => {
            let layers = artifacts.list_layers(&cx, &name, &reference).await?;
            ArtifactPart::Layers(layers.into_iter().map(layer::row).collect())
        }
        "configuration" => {
            let config = artifacts.get_config(&cx, &name, &reference).await?;
            ArtifactPart::Configuration(config.map(|config| pretty(&config.to_string())))
        }
        "referrers" => {
            let subject = digest.parse().map_err(|_| not_found("manifest", digest))?;
            let referrers = artifacts.list_accessories(&cx, &name, &subject).await?;
            ArtifactPart::Referrers(ReferrerList { as_of: cx.now, referrers })
        }
        "manifest" => {
            let stored = artifacts.get_raw(&cx, &name, &reference).await?;
            ArtifactPart::Manifest(ManifestText {
                media_type: stored.media_type,
                size_bytes: i64::try_from(stored.content.len()).unwrap_or(i64::MAX),
                text: pretty(&String::from_utf8_lossy(&stored.content)),
            })
        }
        _ => {
            let artifact = artifacts.get(&cx, &name, &reference, true).await?;
            ArtifactPart::Overview(Box::new(overview::of(artifact)))
        }
    })
}

/// An artifact as a row of a list.
pub fn row(artifact: Artifact) -> ArtifactRow {
    ArtifactRow {
        platforms: platforms(&artifact),
        tags: artifact.tags.into_iter().flatten().map(|tag| tag.name).collect(),
        digest: artifact.digest,
        kind: artifact.kind,
        size_bytes: artifact.size,
        pushed_at: artifact.push_time,
        pulled_at: artifact.pull_time,
    }
}

/// The platforms an artifact runs on, as `os/architecture[/variant]`; none for what is no image.
pub fn platforms(artifact: &Artifact) -> Vec<String> {
    let mut names: Vec<String> = artifact
        .references
        .iter()
        .filter_map(|reference| reference.platform.as_ref())
        .filter(|platform| platform.os != "unknown")
        .map(platform_name)
        .collect();
    if names.is_empty() {
        names.extend(own_platform(artifact));
    }
    names.dedup();
    names
}

fn platform_name(platform: &Platform) -> String {
    let mut name = format!("{}/{}", platform.os, platform.architecture);
    if !platform.variant.is_empty() {
        name.push('/');
        name.push_str(&platform.variant);
    }
    name
}

fn own_platform(artifact: &Artifact) -> Option<String> {
    let attribute =
        |key: &str| artifact.extra_attrs.as_ref()?.get(key)?.as_str().filter(|text| !text.is_empty());
    Some(format!("{}/{}", attribute("os")?, attribute("architecture")?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn artifact(fields: Value) -> Artifact {
        let mut artifact = json!({
            "id": 1, "type": "IMAGE", "project_id": 1, "repository_id": 1, "digest": "sha256:0",
            "push_time": "2026-11-24T03:50:45.000Z",
        });
        let (Value::Object(all), Value::Object(fields)) = (&mut artifact, fields) else { unreachable!() };
        all.extend(fields);
        serde_json::from_value(artifact).unwrap()
    }

    fn terms(q: &str, filter: &str) -> Vec<(String, Term)> {
        let listing = Listing { q: q.to_owned(), filter: filter.to_owned(), ..Listing::default() };
        list_query(&listing).query.terms
    }

    #[test]
    fn a_group_narrows_by_whether_there_is_a_tag() {
        let exact = |value: &str| ("tags".to_owned(), Term::Exact(value.to_owned()));
        assert_eq!(terms("", ""), []);
        assert_eq!(terms("", "tagged"), [exact("*")]);
        assert_eq!(terms("", "untagged"), [exact("nil")]);
        let fuzzy = |key: &str| (key.to_owned(), Term::Fuzzy("1.4".to_owned()));
        assert_eq!(terms("1.4", "tagged"), [fuzzy("tags")]);
        assert_eq!(terms("1.4", "untagged"), [fuzzy("digest"), exact("nil")]);
    }

    #[test]
    fn an_index_runs_on_the_platforms_of_its_parts() {
        let index = artifact(json!({ "references": [
            { "platform": { "os": "linux", "architecture": "amd64" } },
            { "platform": { "os": "linux", "architecture": "arm", "variant": "v7" } },
            { "platform": { "os": "unknown", "architecture": "unknown" } },
            {},
        ] }));
        assert_eq!(platforms(&index), ["linux/amd64", "linux/arm/v7"]);
    }

    #[test]
    fn an_image_runs_on_the_platform_of_its_configuration() {
        let image = artifact(json!({ "extra_attrs": { "os": "linux", "architecture": "amd64" } }));
        assert_eq!(platforms(&image), ["linux/amd64"]);
        assert!(platforms(&artifact(json!({ "extra_attrs": { "os": "" } }))).is_empty());
        assert!(platforms(&artifact(json!({ "extra_attrs": { "os": 7, "architecture": [] } }))).is_empty());
    }
}
