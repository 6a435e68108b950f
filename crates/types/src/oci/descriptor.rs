//! The descriptor: how a manifest points at content.
//!
//! Source: the OCI image specification, `descriptor.md`. Fields that are not named here are ignored; `null` is read as
//! absent, as Go programs write it for what they left empty.

use std::collections::BTreeMap;

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{MapAccess, value::MapAccessDeserializer},
};

use super::object::{self, null_is_default};
use crate::digest::Digest;

/// A pointer at content: what it is, how to recognise it, and how big it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "camelCase")]
pub struct Descriptor {
    /// The media type of the content.
    pub media_type: String,
    /// The digest of the content.
    pub digest: Digest,
    /// Bytes of the content; a manifest that was parsed has no negative one.
    pub size: i64,
    /// Other places the content can be fetched from.
    #[serde(default, deserialize_with = "null_is_default", skip_serializing_if = "Vec::is_empty")]
    pub urls: Vec<String>,
    /// Free notes by key.
    #[serde(default, deserialize_with = "null_is_default", skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, String>,
    /// The content itself, in base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
    /// What the content is for, when it is a manifest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub artifact_type: Option<String>,
    /// What the content runs on, when it is an image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<Platform>,
}

/// What an image runs on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", default)]
pub struct Platform {
    /// The processor architecture, such as `amd64`.
    #[serde(deserialize_with = "null_is_default")]
    pub architecture: String,
    /// The operating system, such as `linux`.
    #[serde(deserialize_with = "null_is_default")]
    pub os: String,
    /// The version of the operating system, or empty.
    #[serde(
        rename = "os.version",
        deserialize_with = "null_is_default",
        skip_serializing_if = "String::is_empty"
    )]
    pub os_version: String,
    /// What the operating system must be able to do.
    #[serde(
        rename = "os.features",
        deserialize_with = "null_is_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub os_features: Vec<String>,
    /// The variant of the architecture, such as `v8`, or empty.
    #[serde(deserialize_with = "null_is_default", skip_serializing_if = "String::is_empty")]
    pub variant: String,
}

struct DescriptorFields;

impl<'de> object::ReadMap<'de, Descriptor> for DescriptorFields {
    fn read<A: MapAccess<'de>>(self, map: MapAccessDeserializer<A>) -> Result<Descriptor, A::Error> {
        Descriptor::deserialize(map)
    }
}

impl<'de> Deserialize<'de> for Descriptor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        object::deserialize(deserializer, DescriptorFields)
    }
}

impl Serialize for Descriptor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Self::serialize(self, serializer)
    }
}

struct PlatformFields;

impl<'de> object::ReadMap<'de, Platform> for PlatformFields {
    fn read<A: MapAccess<'de>>(self, map: MapAccessDeserializer<A>) -> Result<Platform, A::Error> {
        Platform::deserialize(map)
    }
}

impl<'de> Deserialize<'de> for Platform {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        object::deserialize(deserializer, PlatformFields)
    }
}

impl Serialize for Platform {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Self::serialize(self, serializer)
    }
}
