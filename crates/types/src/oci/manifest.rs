//! Manifests, read once and checked: everything the registry needs to know about the bytes it is given.
//!
//! Only what is needed to store a manifest and to find what it refers to is looked at; unknown fields are left alone.
//! The bytes themselves stay as they came. A [`ParsedManifest`] has a known media type, and no size in it is negative.

use std::collections::BTreeMap;

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, value::MapAccessDeserializer},
};
use thiserror::Error;

use super::{
    descriptor::Descriptor,
    media_type::{
        DOCKER_MANIFEST, DOCKER_MANIFEST_LIST, DOCKER_SCHEMA1, DOCKER_SCHEMA1_SIGNED, OCI_INDEX,
        OCI_MANIFEST, essence,
    },
    object::{self, null_is_default},
};

/// The two forms manifests have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ManifestKind {
    /// A config and layers.
    Image,
    /// Other manifests.
    Index,
}

/// What a manifest says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParsedManifest {
    /// The media type it is to be served with.
    pub media_type: String,
    /// Which form it has.
    pub kind: ManifestKind,
    /// What it is for, if it says so itself.
    pub artifact_type: Option<String>,
    /// The config; always there in an image, never in an index.
    pub config: Option<Descriptor>,
    /// The layers of an image.
    pub layers: Vec<Descriptor>,
    /// The manifests of an index.
    pub manifests: Vec<Descriptor>,
    /// The manifest it is about, which need not exist.
    pub subject: Option<Descriptor>,
    /// Free notes by key.
    pub annotations: BTreeMap<String, String>,
}

/// Why bytes are no manifest this registry takes.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{reason}")]
pub struct ManifestError {
    /// The reason, in English, safe to be shown to the client.
    pub reason: String,
}

impl ManifestError {
    fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into() }
    }
}

const SCHEMA1: &str =
    "Docker image manifests of schema 1 are not supported; push the image again with a current client";

/// Source: RFC 8259, section 8.1. The reader of JSON does not look into fields that nobody knows.
const NOT_UTF8: &str = "the manifest is no JSON: it is not in UTF-8";

/// The media types taken, with the form each stands for.
const TYPES: [(&str, ManifestKind); 4] = [
    (OCI_MANIFEST, ManifestKind::Image),
    (OCI_INDEX, ManifestKind::Index),
    (DOCKER_MANIFEST, ManifestKind::Image),
    (DOCKER_MANIFEST_LIST, ManifestKind::Index),
];

impl ParsedManifest {
    /// Reads a manifest.
    ///
    /// Its media type is the `Content-Type` it was sent with, without parameters; without one, the `mediaType` in the
    /// body; without that, the OCI type of the form the body has.
    ///
    /// # Errors
    /// When the bytes are no manifest of a known type, or could be understood as both an image and an index.
    pub fn parse(content_type: Option<&str>, body: &[u8]) -> Result<Self, ManifestError> {
        let sent = content_type.map(essence).filter(|sent| !sent.is_empty()).map(known_type).transpose()?;
        let body = std::str::from_utf8(body).map_err(|_| ManifestError::new(NOT_UTF8))?;
        let fields: Fields =
            serde_json::from_str(body).map_err(|error| ManifestError::new(clip(&error.to_string())))?;
        fields.check_schema_version()?;
        let (media_type, kind) = fields.settle_type(sent)?;
        fields.check_form(kind)?;
        fields.check_descriptors()?;
        Ok(fields.into_manifest(media_type, kind))
    }

    /// What the manifest is for, as a list of referrers shows it: its own artifact type, or the media type of its config.
    pub fn referrer_artifact_type(&self) -> Option<String> {
        let own = self.artifact_type.clone().filter(|own| !own.is_empty());
        own.or_else(|| self.config.as_ref().map(|config| config.media_type.clone()))
    }

    /// Everything the manifest is made of, in its order: config and layers, or manifests. The subject is not a part.
    pub fn parts(&self) -> impl Iterator<Item = &Descriptor> {
        self.config.iter().chain(&self.layers).chain(&self.manifests)
    }

    /// Bytes of all parts together.
    pub fn parts_size(&self) -> i64 {
        self.parts().fold(0, |sum, part| sum.saturating_add(part.size))
    }
}

fn known_type(sent: &str) -> Result<(&'static str, ManifestKind), ManifestError> {
    if [DOCKER_SCHEMA1, DOCKER_SCHEMA1_SIGNED].iter().any(|old| old.eq_ignore_ascii_case(sent)) {
        return Err(ManifestError::new(SCHEMA1));
    }
    let known = TYPES.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(sent));
    known.ok_or_else(|| {
        ManifestError::new(format!("manifests of the media type {} are not supported", shown(sent)))
    })
}

/// A client's text for a message, quoted.
fn shown(text: &str) -> String {
    format!("{:?}", clip(text))
}

/// Text that may hold what a client sent, not longer than is useful.
fn clip(text: &str) -> String {
    const LONGEST: usize = 200;
    let mut short: String = text.chars().take(LONGEST).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// The fields of both forms. A list that is `null` is there and empty; everything else that is `null` is absent.
#[derive(Deserialize)]
#[serde(remote = "Self", rename_all = "camelCase")]
struct Fields {
    #[serde(default)]
    schema_version: Option<i64>,
    #[serde(default)]
    media_type: Option<String>,
    #[serde(default)]
    artifact_type: Option<String>,
    #[serde(default)]
    config: Option<Descriptor>,
    #[serde(default, deserialize_with = "present")]
    layers: Option<Vec<Descriptor>>,
    #[serde(default, deserialize_with = "present")]
    manifests: Option<Vec<Descriptor>>,
    #[serde(default)]
    subject: Option<Descriptor>,
    #[serde(default, deserialize_with = "null_is_default")]
    annotations: BTreeMap<String, String>,
}

fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<Descriptor>>, D::Error> {
    null_is_default(deserializer).map(Some)
}

struct ManifestFields;

impl<'de> object::ReadMap<'de, Fields> for ManifestFields {
    fn read<A: MapAccess<'de>>(self, map: MapAccessDeserializer<A>) -> Result<Fields, A::Error> {
        Fields::deserialize(map)
    }
}

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        object::deserialize(deserializer, ManifestFields)
    }
}

impl Fields {
    fn check_schema_version(&self) -> Result<(), ManifestError> {
        match self.schema_version {
            Some(2) => Ok(()),
            Some(1) => Err(ManifestError::new(SCHEMA1)),
            Some(other) => Err(ManifestError::new(format!("schemaVersion must be 2, not {other}"))),
            None => Err(ManifestError::new("schemaVersion is missing; it must be 2")),
        }
    }

    fn settle_type(
        &self,
        sent: Option<(&'static str, ManifestKind)>,
    ) -> Result<(&'static str, ManifestKind), ManifestError> {
        let written = self.media_type.as_deref().filter(|written| !written.is_empty());
        match (sent, written) {
            (Some((sent, _)), Some(written)) if !sent.eq_ignore_ascii_case(written) => {
                Err(ManifestError::new(format!(
                    "the manifest was sent as {sent} but its mediaType is {}",
                    shown(written)
                )))
            }
            (Some(sent), _) => Ok(sent),
            (None, Some(written)) => known_type(written),
            (None, None) if self.manifests.is_some() => Ok((OCI_INDEX, ManifestKind::Index)),
            (None, None) if self.config.is_some() => Ok((OCI_MANIFEST, ManifestKind::Image)),
            (None, None) => {
                Err(ManifestError::new("the manifest is neither an image (config) nor an index (manifests)"))
            }
        }
    }

    fn check_form(&self, kind: ManifestKind) -> Result<(), ManifestError> {
        let reason = match kind {
            ManifestKind::Image if self.manifests.is_some() => "an image manifest must not have manifests",
            ManifestKind::Image if self.config.is_none() => "an image manifest must have a config",
            ManifestKind::Index if self.config.is_some() => "an image index must not have a config",
            ManifestKind::Index if self.layers.is_some() => "an image index must not have layers",
            ManifestKind::Index if self.manifests.is_none() => "an image index must have manifests",
            ManifestKind::Image | ManifestKind::Index => return Ok(()),
        };
        Err(ManifestError::new(reason))
    }

    fn check_descriptors(&self) -> Result<(), ManifestError> {
        let lists = self.layers.iter().chain(&self.manifests).flatten();
        let mut total = 0_i64;
        for part in self.config.iter().chain(&self.subject).chain(lists) {
            if part.size < 0 {
                return Err(ManifestError::new(format!("the size of {} is negative", part.digest)));
            }
            if part.media_type.is_empty() {
                return Err(ManifestError::new(format!("the media type of {} is empty", part.digest)));
            }
            total = total
                .checked_add(part.size)
                .ok_or_else(|| ManifestError::new("the sizes in the manifest are impossibly big"))?;
        }
        Ok(())
    }

    fn into_manifest(self, media_type: &str, kind: ManifestKind) -> ParsedManifest {
        ParsedManifest {
            media_type: media_type.to_owned(),
            kind,
            artifact_type: self.artifact_type.filter(|own| !own.is_empty()),
            config: self.config,
            layers: self.layers.unwrap_or_default(),
            manifests: self.manifests.unwrap_or_default(),
            subject: self.subject,
            annotations: self.annotations,
        }
    }
}

#[cfg(test)]
#[path = "manifest_tests.rs"]
mod tests;
