//! Manifests and media types.

use serde_json::{Map, Value, json};
use types::oci::{
    manifest::{ManifestKind, ParsedManifest},
    media_type::{
        DOCKER_MANIFEST, DOCKER_MANIFEST_LIST, OCI_INDEX, OCI_MANIFEST, essence, is_non_distributable,
    },
};

use super::grammar;

/// Longest reason a refused manifest is answered with, in bytes.
const LONGEST_REASON: usize = 4000;

/// Media types: parameters and space around them never count.
pub fn media_type(text: &str) {
    let bare = essence(text);
    assert!(!bare.contains(';') && bare.trim() == bare && text.contains(bare), "{text:?}");
    assert_eq!(essence(bare), bare);
    assert_eq!(essence(&format!(" {bare}\t; charset=utf-8;q={text}")), bare);
    assert_eq!(is_non_distributable(text), grammar::foreign_layer(bare), "{text:?}");
}

/// A manifest: what is taken is one of the four kinds and points at well-formed content only, says nothing that the
/// bytes do not say, and reads the same when it is written again. What is refused is told why, briefly.
pub fn manifest(content_type: Option<&str>, body: &[u8]) {
    let parsed = match ParsedManifest::parse(content_type, body) {
        Ok(parsed) => parsed,
        Err(error) => {
            assert!((1..=LONGEST_REASON).contains(&error.reason.len()), "{error:?}");
            return;
        }
    };
    assert!(std::str::from_utf8(body).is_ok(), "JSON is UTF-8 (RFC 8259, section 8.1)");
    is_of_its_kind(&parsed);
    // A field that nobody knows may hold what `Value` does not: numbers too big, or too many brackets.
    if let Ok(value) = serde_json::from_slice(body) {
        says(&value, &parsed);
    }
    let again = written(&parsed);
    assert_eq!(ParsedManifest::parse(content_type, again.to_string().as_bytes()).as_ref(), Ok(&parsed));
    assert_eq!(ParsedManifest::parse(None, again.to_string().as_bytes()).as_ref(), Ok(&parsed));
}

fn is_of_its_kind(parsed: &ParsedManifest) {
    let kind = match parsed.media_type.as_str() {
        OCI_MANIFEST | DOCKER_MANIFEST => ManifestKind::Image,
        OCI_INDEX | DOCKER_MANIFEST_LIST => ManifestKind::Index,
        other => panic!("{other:?} is no manifest"),
    };
    assert_eq!(parsed.kind, kind);
    assert_eq!(parsed.config.is_some(), kind == ManifestKind::Image);
    assert!(parsed.manifests.is_empty() || kind == ManifestKind::Index);
    assert!(parsed.layers.is_empty() || kind == ManifestKind::Image);
    let sizes = parsed.parts().map(|part| i128::from(part.size)).sum::<i128>();
    assert_eq!(i128::from(parsed.parts_size()), sizes);
}

fn says(value: &Value, parsed: &ParsedManifest) {
    let listed = |key: &str| value[key].as_array().cloned().unwrap_or_default();
    assert_eq!(value["schemaVersion"], 2);
    for (written, read) in [("layers", &parsed.layers), ("manifests", &parsed.manifests)] {
        let pointers: Vec<_> = listed(written).iter().map(pointer).collect();
        let read: Vec<_> = read.iter().map(|part| pointer(&json!(part))).collect();
        assert_eq!(pointers, read);
    }
    for (written, read) in [("config", &parsed.config), ("subject", &parsed.subject)] {
        let written = Some(&value[written]).filter(|written| !written.is_null());
        assert_eq!(written.map(pointer), read.as_ref().map(|part| pointer(&json!(part))));
    }
    assert_eq!(
        value["artifactType"].as_str().unwrap_or_default(),
        parsed.artifact_type.as_deref().unwrap_or_default()
    );
    let notes = value["annotations"].as_object().cloned().unwrap_or_default();
    assert_eq!(json!(notes), json!(parsed.annotations));
}

/// The three required fields of a descriptor, each checked against the image specification.
fn pointer(descriptor: &Value) -> (String, String, i64) {
    let text = |key: &str| descriptor[key].as_str().unwrap_or_default().to_owned();
    let (media_type, digest, size) =
        (text("mediaType"), text("digest"), descriptor["size"].as_i64().unwrap_or(-1));
    assert!(!media_type.is_empty() && grammar::digest(&digest) && size >= 0, "{descriptor}");
    (media_type, digest, size)
}

fn written(parsed: &ParsedManifest) -> Value {
    let mut fields = Map::new();
    let mut set = |key: &str, value: Value| fields.insert(key.to_owned(), value);
    set("schemaVersion", json!(2));
    set("mediaType", json!(parsed.media_type));
    set("artifactType", json!(parsed.artifact_type));
    set("subject", json!(parsed.subject));
    set("annotations", json!(parsed.annotations));
    match parsed.kind {
        ManifestKind::Image => {
            set("config", json!(parsed.config));
            set("layers", json!(parsed.layers));
        }
        ManifestKind::Index => {
            set("manifests", json!(parsed.manifests));
        }
    }
    Value::Object(fields)
}
