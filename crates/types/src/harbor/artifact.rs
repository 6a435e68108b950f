//! Bodies of `/projects/{project_name}/repositories/{repository_name}/artifacts`.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    nullable::{self, is_zero},
    tag::Tag,
};
use crate::oci::descriptor;

/// What an artifact's config says about it, by key.
pub type ExtraAttrs = serde_json::Map<String, serde_json::Value>;

/// Annotations by key.
pub type Annotations = BTreeMap<String, String>;

/// Where to read more about an artifact, by the name of the addition.
pub type AdditionLinks = BTreeMap<String, AdditionLink>;

/// An artifact as listed and shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Artifact {
    /// The id.
    pub id: i64,
    /// What the artifact is: `IMAGE`, `CHART`, …, or `UNKNOWN`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The media type of the config; of an index, its own.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub media_type: String,
    /// The media type of the manifest.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub manifest_media_type: String,
    /// The artifact type of the manifest, or the media type of its config.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub artifact_type: String,
    /// The project.
    pub project_id: i64,
    /// The repository.
    pub repository_id: i64,
    /// The whole name of the repository.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub repository_name: String,
    /// The digest of the manifest.
    pub digest: String,
    /// Bytes of the manifest and of everything it refers to; left out when that is nothing.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub size: i64,
    /// The digest of the icon; left out when there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub icon: String,
    /// When the artifact was first pushed.
    #[serde(with = "super::time")]
    pub push_time: DateTime<Utc>,
    /// When the artifact was last pulled.
    #[serde(default, with = "super::time::never_zero")]
    pub pull_time: Option<DateTime<Utc>>,
    /// What the config says; left out when nothing.
    #[serde(default, skip_serializing_if = "nothing")]
    pub extra_attrs: Option<ExtraAttrs>,
    /// The annotations of the manifest; left out when there are none.
    #[serde(default, skip_serializing_if = "none_of")]
    pub annotations: Option<Annotations>,
    /// The children of an index; `null` when there are none.
    #[serde(default, with = "nullable")]
    pub references: Vec<Reference>,
    /// The tags; `null` when there are none or they were not asked for.
    #[serde(default)]
    pub tags: Option<Vec<Tag>>,
    /// Where to read more; left out when there is nothing more.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub addition_links: AdditionLinks,
    /// The labels; `null` when there are none or they were not asked for.
    #[serde(default, with = "nullable")]
    pub labels: Vec<Label>,
    /// What refers to the artifact as its subject; `null` when nothing does.
    #[serde(default, with = "nullable")]
    pub accessories: Vec<Accessory>,
}

#[expect(clippy::ref_option, reason = "serde hands the field over by reference")]
fn nothing(attributes: &Option<ExtraAttrs>) -> bool {
    attributes.as_ref().is_none_or(serde_json::Map::is_empty)
}

#[expect(clippy::ref_option, reason = "serde hands the field over by reference")]
fn none_of(annotations: &Option<Annotations>) -> bool {
    annotations.as_ref().is_none_or(BTreeMap::is_empty)
}

/// One child of an index.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Reference {
    /// The id of the index.
    pub parent_id: i64,
    /// The id of the child.
    pub child_id: i64,
    /// The digest of the child.
    pub child_digest: String,
    /// What the child runs on; left out when the index does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platform: Option<Platform>,
    /// The annotations of the child's descriptor; left out when there are none.
    #[serde(skip_serializing_if = "none_of")]
    pub annotations: Option<Annotations>,
    /// Other places the child can be fetched from; `null` when there are none.
    #[serde(with = "nullable")]
    pub urls: Vec<String>,
}

/// What an image runs on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Platform {
    /// The processor architecture, such as `amd64`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub architecture: String,
    /// The operating system, such as `linux`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub os: String,
    /// The version of the operating system.
    #[serde(rename = "os.version", skip_serializing_if = "String::is_empty")]
    pub os_version: String,
    /// What the operating system must be able to do; `null` when nothing particular.
    #[serde(rename = "os.features", with = "nullable")]
    pub os_features: Vec<String>,
    /// The variant of the architecture, such as `v8`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub variant: String,
}

impl From<descriptor::Platform> for Platform {
    fn from(platform: descriptor::Platform) -> Self {
        let descriptor::Platform { architecture, os, os_version, os_features, variant } = platform;
        Self { architecture, os, os_version, os_features, variant }
    }
}

/// Where an addition is to be read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AdditionLink {
    /// The address, a path unless `absolute`.
    pub href: String,
    /// Whether `href` is a whole URL.
    pub absolute: bool,
}

/// A label.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Label {
    /// The id.
    pub id: i64,
    /// The name.
    pub name: String,
    /// What the label is for; left out when nothing is said.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// The colour, such as `#48960C`; left out when there is none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub color: String,
    /// `g` for everywhere, `p` for one project.
    pub scope: String,
    /// The project, for a label of a project.
    #[serde(skip_serializing_if = "is_zero")]
    pub project_id: i64,
    /// When the label was created.
    #[serde(with = "super::time::never_zero")]
    pub creation_time: Option<DateTime<Utc>>,
    /// When the label was last changed.
    #[serde(with = "super::time::never_zero")]
    pub update_time: Option<DateTime<Utc>>,
}

/// An artifact that refers to another one as its subject, such as a signature.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Accessory {
    /// The id of the link.
    pub id: i64,
    /// The id of the accessory as an artifact.
    pub artifact_id: i64,
    /// The id of the subject; left out while the subject has not been pushed.
    #[serde(skip_serializing_if = "is_zero")]
    pub subject_artifact_id: i64,
    /// The digest of the subject.
    pub subject_artifact_digest: String,
    /// The repository of the subject.
    pub subject_artifact_repo: String,
    /// Bytes of the accessory.
    pub size: i64,
    /// The digest of the accessory.
    pub digest: String,
    /// What the accessory is, such as `signature.cosign`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The digest of the icon, or empty.
    pub icon: String,
    /// When the link was made.
    #[serde(with = "super::time::never_zero")]
    pub creation_time: Option<DateTime<Utc>>,
}
