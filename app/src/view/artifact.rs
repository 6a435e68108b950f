//! What the page of one artifact shows.

use super::{ArtifactRow, Rights};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use types::view::Referrer;

/// An artifact by itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ArtifactHead {
    /// When it was read.
    pub as_of: DateTime<Utc>,
    /// What the caller may do in the project.
    pub rights: Rights,
    /// The artifact.
    pub artifact: ArtifactRow,
}

/// What one tab of an artifact's page shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ArtifactPart {
    /// What it is.
    Overview(Box<Overview>),
    /// How it was made.
    Layers(Vec<LayerRow>),
    /// Its configuration, laid out; none where it has none.
    Configuration(Option<String>),
    /// What is about it.
    Referrers(ReferrerList),
    /// Its manifest.
    Manifest(ManifestText),
}

/// What an artifact says about itself. What it does not say is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    /// What it is, in Harbor's words.
    pub kind: String,
    /// A tag it has.
    pub tag: Option<String>,
    /// The artifact type of its manifest, or the media type of its configuration.
    pub artifact_type: String,
    /// The media type of its manifest.
    pub manifest_media_type: String,
    /// The artifacts an index refers to.
    pub children: Vec<Child>,
    /// The platforms it runs on.
    pub platforms: Vec<String>,
    /// When it was built.
    pub created_at: Option<DateTime<Utc>>,
    /// Who built it.
    pub author: String,
    /// The program it always starts.
    pub entrypoint: String,
    /// The program it starts, or what follows that program.
    pub command: String,
    /// The variables of its environment.
    pub environment: Vec<String>,
    /// The ports it listens on.
    pub ports: Vec<String>,
    /// The folders that outlive a container.
    pub volumes: Vec<String>,
    /// The account it runs as.
    pub user: String,
    /// The folder it starts in.
    pub folder: String,
    /// Its labels.
    pub labels: Vec<(String, String)>,
    /// The annotations of its manifest.
    pub annotations: Vec<(String, String)>,
}

/// An artifact that an index refers to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Child {
    /// Its digest.
    pub digest: String,
    /// What it runs on; none for what does not run.
    pub platform: Option<String>,
}

/// A step of a build, or a layer of what is no image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LayerRow {
    /// The digest; none for a step that made no layer.
    pub digest: Option<String>,
    /// The media type.
    pub media_type: String,
    /// Its size.
    pub size_bytes: i64,
    /// The command that made it.
    pub command: String,
}

/// Artifacts about an artifact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReferrerList {
    /// When the list was made.
    pub as_of: DateTime<Utc>,
    /// The newest first.
    pub referrers: Vec<Referrer>,
}

/// A manifest to read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestText {
    /// Its media type.
    pub media_type: String,
    /// Its own size.
    pub size_bytes: i64,
    /// Itself, laid out.
    pub text: String,
}
