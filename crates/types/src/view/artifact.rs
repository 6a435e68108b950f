//! What a page tells of one artifact.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// One step of how an image was built, or one layer of what is no image.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layer {
    /// The digest of the layer; a step that made none has none.
    pub digest: Option<String>,
    /// The media type of the layer.
    pub media_type: Option<String>,
    /// The size of the layer as it is stored, in bytes.
    pub size_bytes: Option<i64>,
    /// The command that made it (`created_by`), where the image tells.
    pub command: Option<String>,
    /// What its maker noted.
    pub comment: Option<String>,
    /// When it was made.
    pub created: Option<DateTime<Utc>>,
    /// Whether the step made no layer.
    pub is_empty: bool,
}

/// An artifact about another one: a signature, an SBOM, an attestation …
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Referrer {
    /// The digest of its manifest.
    pub digest: String,
    /// What it is: its artifact type, else the media type of its config.
    pub artifact_type: Option<String>,
    /// The media type of its manifest.
    pub media_type: String,
    /// Its manifest and everything that refers to, in bytes.
    pub size_bytes: i64,
    /// When it was pushed.
    pub pushed_at: DateTime<Utc>,
    /// Its annotations.
    pub annotations: BTreeMap<String, String>,
}
