//! How an artifact is shown. Source: `harbor.md` §1.7.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use db::query::{
    manifest::{Entry, Manifest},
    tag,
    tag_change::TagChange,
};
use serde_json::{Map, Value};
use types::{
    harbor,
    oci::{
        descriptor::Descriptor,
        manifest::{ManifestKind, ParsedManifest},
    },
};

use super::kind::kind;
use crate::Error;

/// What Harbor shows of an image, from its config: `created`, `architecture`, `os`, `config`, `author`.
///
/// None when the config is no JSON object. The author is its own field, else a label.
pub(super) fn image_attrs(config: &[u8]) -> Option<String> {
    let config: Map<String, Value> = serde_json::from_slice(config).ok()?;
    let mut attrs: Map<String, Value> = ["created", "architecture", "os", "config"]
        .into_iter()
        .filter_map(|key| Some((key.to_owned(), config.get(key)?.clone())))
        .collect();
    let text = |value: Option<&Value>| {
        value.and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let labels = config.get("config").and_then(|config| config.get("Labels"));
    let author = text(config.get("author"))
        .or_else(|| text(labels.and_then(|labels| labels.get("org.opencontainers.image.authors"))))
        .or_else(|| text(labels.and_then(|labels| labels.get("maintainer"))));
    attrs.insert("author".to_owned(), Value::String(author.unwrap_or_default()));
    serde_json::to_string(&attrs).ok()
}

/// A manifest as the entry of a referrers list.
pub(super) fn descriptor(row: Entry) -> Result<Descriptor, Error> {
    let artifact_type = row.artifact_type.or(row.config_media_type);
    Ok(Descriptor {
        media_type: row.media_type,
        digest: row.digest.parse().map_err(|_| Error::internal(db::Error::Damaged("manifests.digest")))?,
        size: row.size_bytes,
        annotations: annotations(&row.annotations)?,
        artifact_type: artifact_type.filter(|artifact_type| !artifact_type.is_empty()),
        urls: Vec::new(),
        data: None,
        platform: None,
    })
}

/// Annotations as they are stored.
pub(super) fn annotations(stored: &str) -> Result<BTreeMap<String, String>, Error> {
    serde_json::from_str(stored).map_err(|_| Error::internal(db::Error::Damaged("manifests.annotations")))
}

/// What an artifact is shown with besides its row.
pub(super) struct Beside<'a> {
    pub(super) project_id: i64,
    pub(super) repository: &'a str,
    /// None where tags were not asked for.
    pub(super) tags: Option<Vec<tag::Tag>>,
    /// Ids of the children that are known, by digest.
    pub(super) children: &'a BTreeMap<String, i64>,
}

/// An artifact as Harbor shows it.
pub(super) fn artifact(row: Manifest, beside: Beside<'_>) -> Result<harbor::Artifact, Error> {
    let parsed = ParsedManifest::parse(Some(&row.media_type), &row.content)
        .map_err(|_| Error::internal(db::Error::Damaged("manifests.content")))?;
    let is_index = parsed.kind == ManifestKind::Index;
    let references =
        parsed.manifests.iter().filter_map(|child| reference(row.id, child, beside.children)).collect();
    let annotations = annotations(&row.annotations)?;
    let kind = kind(row.artifact_type.as_deref(), row.config_media_type.as_deref(), is_index);
    let media_type = row.config_media_type.clone().unwrap_or_else(|| row.media_type.clone());
    let tags = beside.tags.map(|tags| tags.into_iter().map(tag_of).collect::<Vec<_>>());
    Ok(harbor::Artifact {
        id: row.id,
        addition_links: BTreeMap::new(),
        kind,
        artifact_type: row.artifact_type.unwrap_or_else(|| media_type.clone()),
        media_type,
        manifest_media_type: row.media_type,
        project_id: beside.project_id,
        repository_id: row.repository_id,
        repository_name: beside.repository.to_owned(),
        digest: row.digest,
        size: row.total_bytes,
        icon: String::new(),
        push_time: time(row.pushed_at),
        pull_time: row.pulled_at.map(time),
        extra_attrs: row.extra_attrs.and_then(|attrs| serde_json::from_str(&attrs).ok()),
        annotations: Some(annotations).filter(|annotations| !annotations.is_empty()),
        references,
        tags: tags.filter(|tags| !tags.is_empty()),
        labels: Vec::new(),
        accessories: Vec::new(),
    })
}

fn reference(parent_id: i64, child: &Descriptor, known: &BTreeMap<String, i64>) -> Option<harbor::Reference> {
    let digest = child.digest.to_string();
    Some(harbor::Reference {
        parent_id,
        child_id: *known.get(&digest)?,
        child_digest: digest,
        platform: child.platform.as_ref().map(|platform| harbor::Platform {
            architecture: platform.architecture.clone(),
            os: platform.os.clone(),
            os_version: platform.os_version.clone(),
            os_features: platform.os_features.clone(),
            variant: platform.variant.clone(),
        }),
        annotations: Some(child.annotations.clone()).filter(|annotations| !annotations.is_empty()),
        urls: child.urls.clone(),
    })
}

/// A tag as Harbor shows it.
pub(super) fn tag_of(row: tag::Tag) -> harbor::Tag {
    harbor::Tag {
        id: row.id,
        repository_id: row.repository_id,
        artifact_id: row.manifest_id,
        name: row.name,
        push_time: Some(time(row.pushed_at)),
        pull_time: row.pulled_at.map(time),
        immutable: false,
    }
}

/// A change of a tag.
pub(super) fn tag_change(row: TagChange) -> harbor::TagChange {
    harbor::TagChange {
        old_digest: row.old_digest,
        new_digest: row.new_digest,
        operator: row.actor,
        op_time: Some(time(row.occurred_at)),
    }
}

/// Milliseconds since the epoch as a time.
pub(crate) fn time(ms: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(ms).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn author_is_the_field_else_a_label() {
        let attrs =
            image_attrs(br#"{"os":"linux","config":{"Labels":{"maintainer":"ann"}}}"#).expect("an object");
        assert_eq!(attrs, r#"{"author":"ann","config":{"Labels":{"maintainer":"ann"}},"os":"linux"}"#);
        assert_eq!(image_attrs(b"[1]"), None);
    }
}
