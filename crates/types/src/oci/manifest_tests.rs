//! Manifests taken and manifests refused.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::oci::media_type::{DOCKER_CONFIG, OCI_CONFIG, OCI_EMPTY};

const SHA256: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const LAYER: &str = "application/vnd.oci.image.layer.v1.tar+gzip";

fn descriptor(media_type: &str, size: i64) -> Value {
    json!({"mediaType": media_type, "digest": SHA256, "size": size})
}

fn image() -> Value {
    json!({
        "schemaVersion": 2,
        "mediaType": OCI_MANIFEST,
        "config": descriptor(OCI_CONFIG, 10),
        "layers": [descriptor(LAYER, 20), descriptor(LAYER, 30)],
    })
}

fn index() -> Value {
    json!({
        "schemaVersion": 2,
        "mediaType": OCI_INDEX,
        "manifests": [{
            "mediaType": OCI_MANIFEST, "digest": SHA256, "size": 5,
            "platform": {"architecture": "arm64", "os": "linux", "os.version": "1", "os.features": ["x"], "variant": "v8"},
        }],
    })
}

fn with(mut manifest: Value, key: &str, value: Value) -> Value {
    manifest[key] = value;
    manifest
}

fn without(mut manifest: Value, key: &str) -> Value {
    manifest.as_object_mut().unwrap().remove(key);
    manifest
}

fn parse(content_type: Option<&str>, manifest: &Value) -> Result<ParsedManifest, String> {
    ParsedManifest::parse(content_type, manifest.to_string().as_bytes()).map_err(|error| error.reason)
}

#[test]
fn an_image_is_read_whole() {
    let subject = descriptor(OCI_MANIFEST, 7);
    let manifest = with(with(image(), "subject", subject), "annotations", json!({"a": "b"}));
    let parsed = parse(Some(OCI_MANIFEST), &manifest).unwrap();
    assert_eq!(parsed.kind, ManifestKind::Image);
    assert_eq!(parsed.media_type, OCI_MANIFEST);
    assert_eq!(parsed.config.as_ref().unwrap().media_type, OCI_CONFIG);
    assert_eq!(parsed.layers.len(), 2);
    assert_eq!(parsed.manifests, []);
    assert_eq!(parsed.subject.as_ref().unwrap().size, 7);
    assert_eq!(parsed.annotations["a"], "b");
    assert_eq!(parsed.parts().count(), 3);
    assert_eq!(parsed.parts_size(), 60);
}

#[test]
fn an_index_is_read_whole() {
    let parsed = parse(Some(OCI_INDEX), &index()).unwrap();
    assert_eq!(parsed.kind, ManifestKind::Index);
    assert_eq!(parsed.config, None);
    let platform = parsed.manifests[0].platform.as_ref().unwrap();
    assert_eq!((platform.architecture.as_str(), platform.os.as_str()), ("arm64", "linux"));
    assert_eq!((platform.os_version.as_str(), platform.variant.as_str()), ("1", "v8"));
    assert_eq!(platform.os_features, ["x"]);
}

#[test]
fn unusual_but_valid_manifests_are_taken() {
    let cases = [
        ("no layers", with(image(), "layers", json!([]))),
        ("layers null", with(image(), "layers", Value::Null)),
        ("layers absent", without(image(), "layers")),
        ("no media type", without(image(), "mediaType")),
        ("annotations null", with(image(), "annotations", Value::Null)),
        ("unknown fields", with(image(), "custom", json!({"deep": [1, {"x": null}]}))),
        ("a subject that is null", with(image(), "subject", Value::Null)),
    ];
    for (what, manifest) in cases {
        assert_eq!(
            parse(Some(OCI_MANIFEST), &manifest).map(|parsed| parsed.kind),
            Ok(ManifestKind::Image),
            "{what}"
        );
    }
    for (what, manifest) in [
        ("empty", with(index(), "manifests", json!([]))),
        ("null", with(index(), "manifests", Value::Null)),
        ("nested", with(index(), "manifests", json!([descriptor(OCI_INDEX, 1)]))),
        ("subject", with(index(), "subject", descriptor(OCI_MANIFEST, 1))),
    ] {
        assert_eq!(
            parse(Some(OCI_INDEX), &manifest).map(|parsed| parsed.kind),
            Ok(ManifestKind::Index),
            "{what}"
        );
    }
}

#[test]
fn sha512_and_embedded_data_are_taken() {
    let sha512 = format!("sha512:{}", "0a".repeat(64));
    let config = json!({"mediaType": OCI_EMPTY, "digest": sha512, "size": 2, "data": "e30="});
    let parsed = parse(Some(OCI_MANIFEST), &with(image(), "config", config)).unwrap();
    let config = parsed.config.unwrap();
    assert_eq!(config.digest.to_string(), sha512);
    assert_eq!(config.data.as_deref(), Some("e30="));
}

#[test]
fn docker_manifests_keep_their_types() {
    let image =
        with(with(image(), "mediaType", json!(DOCKER_MANIFEST)), "config", descriptor(DOCKER_CONFIG, 1));
    let list = with(index(), "mediaType", json!(DOCKER_MANIFEST_LIST));
    let parsed = parse(Some(DOCKER_MANIFEST), &image).unwrap();
    assert_eq!((parsed.media_type.as_str(), parsed.kind), (DOCKER_MANIFEST, ManifestKind::Image));
    let parsed = parse(None, &list).unwrap();
    assert_eq!((parsed.media_type.as_str(), parsed.kind), (DOCKER_MANIFEST_LIST, ManifestKind::Index));
}

#[test]
fn the_media_type_comes_from_the_header_then_the_body_then_the_form() {
    let bare_image = without(image(), "mediaType");
    let bare_index = without(index(), "mediaType");
    let cases = [
        (Some("application/vnd.oci.image.manifest.v1+json; charset=utf-8"), &bare_image, OCI_MANIFEST),
        (Some("Application/vnd.OCI.image.manifest.v1+json"), &bare_image, OCI_MANIFEST),
        (Some(DOCKER_MANIFEST), &bare_image, DOCKER_MANIFEST),
        (Some(DOCKER_MANIFEST_LIST), &bare_index, DOCKER_MANIFEST_LIST),
        (Some(""), &bare_image, OCI_MANIFEST),
        (Some(" ; charset=utf-8"), &bare_index, OCI_INDEX),
        (None, &bare_image, OCI_MANIFEST),
        (None, &bare_index, OCI_INDEX),
    ];
    for (content_type, manifest, expected) in cases {
        assert_eq!(parse(content_type, manifest).map(|parsed| parsed.media_type), Ok(expected.to_owned()));
    }
}

#[test]
fn wrong_manifests_are_refused_with_the_reason() {
    let both = with(image(), "manifests", json!([]));
    let cases = [
        (Some(OCI_MANIFEST), both.clone(), "must not have manifests"),
        (None, without(both, "mediaType"), "must not have a config"),
        (Some(OCI_INDEX), with(index(), "layers", json!([])), "must not have layers"),
        (Some(OCI_INDEX), with(index(), "config", descriptor(OCI_CONFIG, 1)), "must not have a config"),
        (Some(OCI_INDEX), image(), "sent as application/vnd.oci.image.index"),
        (Some(OCI_MANIFEST), index(), "sent as application/vnd.oci.image.manifest"),
        (Some(DOCKER_MANIFEST), image(), "sent as application/vnd.docker"),
        (Some(OCI_INDEX), without(image(), "mediaType"), "must not have a config"),
        (Some(OCI_MANIFEST), without(image(), "config"), "must have a config"),
        (Some(OCI_MANIFEST), with(image(), "config", Value::Null), "must have a config"),
        (Some(OCI_INDEX), without(index(), "manifests"), "must have manifests"),
        (None, json!({"schemaVersion": 2}), "neither an image"),
        (Some("application/json"), image(), "not supported"),
        (None, with(image(), "mediaType", json!("text/plain")), "\"text/plain\" are not supported"),
        (Some(OCI_MANIFEST), without(image(), "schemaVersion"), "schemaVersion is missing"),
        (Some(OCI_MANIFEST), with(image(), "schemaVersion", json!(3)), "schemaVersion must be 2, not 3"),
        (Some(OCI_MANIFEST), with(image(), "schemaVersion", json!("2")), "invalid type"),
        (Some(OCI_MANIFEST), with(image(), "annotations", json!({"a": 1})), "invalid type"),
        (Some(OCI_MANIFEST), with(image(), "layers", json!({})), "invalid type"),
    ];
    for (content_type, manifest, part) in cases {
        let reason = parse(content_type, &manifest).unwrap_err();
        assert!(reason.contains(part), "{manifest} as {content_type:?}: {reason}");
    }
}

#[test]
fn schema_1_is_refused_by_name_wherever_it_shows() {
    let schema1 =
        json!({"schemaVersion": 1, "name": "library/web", "tag": "latest", "fsLayers": [], "history": []});
    for content_type in [None, Some(DOCKER_SCHEMA1), Some(DOCKER_SCHEMA1_SIGNED), Some(DOCKER_MANIFEST)] {
        assert_eq!(parse(content_type, &schema1).unwrap_err(), SCHEMA1);
    }
    let written = with(image(), "mediaType", json!(DOCKER_SCHEMA1_SIGNED));
    assert_eq!(parse(None, &written).unwrap_err(), SCHEMA1);
}

#[test]
fn wrong_descriptors_are_refused() {
    let cases = [
        descriptor(LAYER, -1),
        descriptor("", 1),
        json!({"mediaType": LAYER, "digest": SHA256}),
        json!({"mediaType": LAYER, "size": 1}),
        json!({"digest": SHA256, "size": 1}),
        json!({"mediaType": LAYER, "digest": "sha256:short", "size": 1}),
        json!({"mediaType": LAYER, "digest": "../../etc/passwd", "size": 1}),
        json!({"mediaType": LAYER, "digest": SHA256, "size": 1.5}),
        json!({"mediaType": LAYER, "digest": SHA256, "size": u64::MAX}),
        json!([LAYER, SHA256, 1]),
        json!("text"),
        Value::Null,
    ];
    for wrong in cases {
        let layer = with(image(), "layers", json!([wrong.clone()]));
        assert!(parse(Some(OCI_MANIFEST), &layer).is_err(), "layer {wrong}");
        let child = with(index(), "manifests", json!([wrong.clone()]));
        assert!(parse(Some(OCI_INDEX), &child).is_err(), "child {wrong}");
        if !wrong.is_null() {
            assert!(
                parse(Some(OCI_MANIFEST), &with(image(), "config", wrong.clone())).is_err(),
                "config {wrong}"
            );
            assert!(
                parse(Some(OCI_MANIFEST), &with(image(), "subject", wrong.clone())).is_err(),
                "subject {wrong}"
            );
        }
    }
    let huge = with(image(), "layers", json!([descriptor(LAYER, i64::MAX), descriptor(LAYER, 1)]));
    assert!(parse(Some(OCI_MANIFEST), &huge).unwrap_err().contains("impossibly big"));
}

#[test]
fn bytes_that_are_no_json_object_are_refused() {
    let bomb = "[".repeat(100_000);
    let hidden_bomb = format!("{{\"schemaVersion\":2,\"x\":{bomb}");
    let twice = format!("{{\"schemaVersion\":1,{}", &image().to_string()[1..]);
    for body in
        ["", "null", "2", "[]", "[2]", "{", "not json", "{} {}", "\u{feff}{}", &bomb, &hidden_bomb, &twice]
    {
        let error = ParsedManifest::parse(Some(OCI_MANIFEST), body.as_bytes()).unwrap_err();
        assert!(error.reason.len() < 300, "{error}");
    }
    assert!(ParsedManifest::parse(Some(OCI_MANIFEST), b"\xff\xfe{}").is_err());
}

#[test]
fn a_manifest_that_is_no_utf_8_is_refused_even_where_nobody_looks() {
    let manifest = index().to_string();
    for hidden in [&b"\xff"[..], b"\xc3\x28", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80"] {
        let body = [b"{\"x\":\"", hidden, b"\",", &manifest.as_bytes()[1..]].concat();
        assert_eq!(ParsedManifest::parse(None, &body).unwrap_err().reason, NOT_UTF8);
    }
    let known = with(index(), "x", json!("é\u{10ffff}"));
    assert!(parse(None, &known).is_ok());
}

#[test]
fn reasons_do_not_grow_with_the_input() {
    let long = "ü".repeat(10_000);
    assert!(parse(Some(&long), &image()).unwrap_err().len() < 500);
    assert!(parse(None, &with(image(), "mediaType", json!(long))).unwrap_err().len() < 500);
    assert!(parse(None, &with(image(), "config", json!(long))).unwrap_err().len() < 500);
    assert!(parse(None, &with(image(), "layers", json!([descriptor(&long, -1)]))).unwrap_err().len() < 500);
    let digest = json!({"mediaType": LAYER, "digest": long, "size": 1});
    assert!(parse(None, &with(image(), "layers", json!([digest]))).unwrap_err().len() < 500);
}

#[test]
fn referrers_show_their_own_type_or_their_configs() {
    let own = with(image(), "artifactType", json!("application/vnd.example"));
    assert_eq!(
        parse(None, &own).unwrap().referrer_artifact_type().as_deref(),
        Some("application/vnd.example")
    );
    assert_eq!(parse(None, &image()).unwrap().referrer_artifact_type().as_deref(), Some(OCI_CONFIG));
    let blank = with(image(), "artifactType", json!(""));
    assert_eq!(parse(None, &blank).unwrap().referrer_artifact_type().as_deref(), Some(OCI_CONFIG));
    assert_eq!(parse(None, &index()).unwrap().referrer_artifact_type(), None);
    let own = with(index(), "artifactType", json!("application/vnd.example"));
    assert_eq!(
        parse(None, &own).unwrap().referrer_artifact_type().as_deref(),
        Some("application/vnd.example")
    );
}

#[test]
fn descriptors_come_back_as_they_were_written() {
    let written = json!({
        "mediaType": LAYER, "digest": SHA256, "size": 1, "urls": ["https://example.com/x"],
        "annotations": {"a": "b"}, "data": "e30=", "artifactType": "application/vnd.example",
        "platform": {"architecture": "amd64", "os": "linux"},
    });
    let read: Descriptor = serde_json::from_value(written.clone()).unwrap();
    assert_eq!(serde_json::to_value(read).unwrap(), written);
    let bare: Descriptor = serde_json::from_value(descriptor(LAYER, 1)).unwrap();
    assert_eq!(serde_json::to_value(bare).unwrap(), descriptor(LAYER, 1));
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        Just(json!(SHA256)),
        Just(json!(OCI_MANIFEST)),
        Just(descriptor(LAYER, 3)),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("mediaType|digest|size|platform|urls|.{0,4}", inner, 0..4)
                .prop_map(|map| map.into_iter().collect::<Value>()),
        ]
    })
}

proptest! {
    #[test]
    fn no_bytes_make_the_parser_panic(body in prop::collection::vec(any::<u8>(), 0..200), content_type in prop::option::of(".{0,60}")) {
        let _ = ParsedManifest::parse(content_type.as_deref(), &body);
    }

    #[test]
    fn whatever_stands_in_a_field_the_result_keeps_its_promises(
        key in prop::sample::select(vec!["schemaVersion", "mediaType", "artifactType", "config", "layers", "manifests", "subject", "annotations"]),
        value in any_json(),
        of_index: bool,
    ) {
        let manifest = with(if of_index { index() } else { image() }, key, value);
        if let Ok(parsed) = parse(None, &manifest) {
            prop_assert!(parsed.parts().chain(&parsed.subject).all(|part| part.size >= 0 && !part.media_type.is_empty()));
            prop_assert_eq!(parsed.config.is_some(), parsed.kind == ManifestKind::Image);
            prop_assert!(parsed.layers.is_empty() || parsed.manifests.is_empty());
            prop_assert!(TYPES.contains(&(parsed.media_type.as_str(), parsed.kind)));
        }
    }

    #[test]
    fn every_truncated_manifest_is_refused(cut in 0_usize..400) {
        let body = image().to_string();
        let cut = cut.min(body.len() - 1);
        prop_assert!(ParsedManifest::parse(Some(OCI_MANIFEST), &body.as_bytes()[..cut]).is_err());
    }
}
