//! Manifests of every kind clients push, whole and damaged.

use proptest::{prelude::*, sample::Index};
use serde_json::{Value, json};
use types::oci::{
    manifest::ParsedManifest,
    media_type::{
        DOCKER_CONFIG, DOCKER_FOREIGN_LAYER, DOCKER_MANIFEST, DOCKER_MANIFEST_LIST, OCI_CONFIG, OCI_EMPTY,
        OCI_INDEX, OCI_MANIFEST,
    },
};

use crate::promise;

/// What a damaged manifest gets in a random place.
const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "null",
    "-",
    "0",
    "1e9",
    "1e999",
    ".5",
    "true",
    "\\ud800",
    "\\u0000",
    "9223372036854775807",
    "18446744073709551616",
    "\"layers\":[],",
    "\"manifests\":[],",
    "\"config\":null,",
    "\"schemaVersion\":1,",
    "\"mediaType\":\"\",",
    "\"subject\":{},",
    "\"x\":[[[[[[]]]]]],",
    "\u{feff}",
    "é",
    "\n",
    "\0",
];

fn descriptor(media_type: &'static str) -> impl Strategy<Value = Value> {
    let extra = prop::option::of(prop_oneof![
        Just(("urls", json!(["https://example.com/x"]))),
        Just(("urls", Value::Null)),
        Just(("annotations", json!({"a": "b", "": "é\u{0}"}))),
        Just(("data", json!("e30="))),
        Just(("artifactType", json!("application/vnd.example"))),
        Just((
            "platform",
            json!({"architecture": "arm64", "os": "linux", "os.features": null, "variant": "v8"})
        )),
    ]);
    ("sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128}", 0..=i64::MAX / 64, extra).prop_map(
        move |(digest, size, extra)| {
            let mut descriptor = json!({"mediaType": media_type, "digest": digest, "size": size});
            if let Some((key, value)) = extra {
                descriptor[key] = value;
            }
            descriptor
        },
    )
}

fn list(media_type: &'static str) -> impl Strategy<Value = Value> {
    prop::collection::vec(descriptor(media_type), 0..4).prop_map(Value::from)
}

/// A manifest and the media type it is sent with: images, indexes, both of Docker's, artifacts.
fn valid() -> impl Strategy<Value = (&'static str, Value)> {
    let image = |sent: &'static str, config, layer| {
        (descriptor(config), list(layer)).prop_map(move |(config, layers)| {
            (sent, json!({"schemaVersion": 2, "mediaType": sent, "config": config, "layers": layers}))
        })
    };
    let index = |sent: &'static str, child| {
        list(child).prop_map(move |children| {
            (sent, json!({"schemaVersion": 2, "mediaType": sent, "manifests": children}))
        })
    };
    let kinds = prop_oneof![
        image(OCI_MANIFEST, OCI_CONFIG, "application/vnd.oci.image.layer.v1.tar+gzip"),
        image(DOCKER_MANIFEST, DOCKER_CONFIG, DOCKER_FOREIGN_LAYER),
        image(OCI_MANIFEST, OCI_EMPTY, OCI_EMPTY),
        index(OCI_INDEX, OCI_MANIFEST),
        index(DOCKER_MANIFEST_LIST, DOCKER_MANIFEST),
    ];
    let about = (prop::option::of(descriptor(OCI_MANIFEST)), prop::option::of("[a-z]{0,3}/[a-z]{1,5}"));
    (kinds, about).prop_map(|((sent, mut manifest), (subject, artifact_type))| {
        manifest["subject"] = json!(subject);
        manifest["artifactType"] = json!(artifact_type);
        manifest["annotations"] = artifact_type.map_or(Value::Null, |note| json!({"note": note}));
        (sent, manifest)
    })
}

/// Puts a piece in, or takes so many bytes out.
fn damage(body: &mut Vec<u8>, (place, piece, taken): (Index, &[u8], usize)) {
    let at = place.index(body.len() + 1);
    let end = (at + taken).min(body.len());
    body.splice(at..end, piece.iter().copied());
}

fn sent_as() -> impl Strategy<Value = Option<&'static str>> {
    let types = vec![OCI_MANIFEST, OCI_INDEX, DOCKER_MANIFEST, DOCKER_MANIFEST_LIST, "", "text/plain", ";"];
    prop::option::of(prop::sample::select(types))
}

proptest! {
    #[test]
    fn every_kind_of_manifest_is_taken((sent, manifest) in valid(), is_said: bool) {
        let body = manifest.to_string();
        let parsed = ParsedManifest::parse(is_said.then_some(sent), body.as_bytes());
        prop_assert_eq!(parsed.as_ref().map(|parsed| parsed.media_type.as_str()), Ok(sent));
        promise::manifest(is_said.then_some(sent), body.as_bytes());
    }

    #[test]
    fn damaged_manifests_keep_their_promises(
        (_, manifest) in valid(),
        sent in sent_as(),
        edits in prop::collection::vec((any::<Index>(), prop::sample::select(PIECES), 0_usize..3), 1..4),
        raw in prop::option::of((any::<Index>(), any::<u8>())),
    ) {
        let mut body = manifest.to_string().into_bytes();
        for (place, piece, taken) in edits {
            damage(&mut body, (place, piece.as_bytes(), taken));
        }
        if let Some((place, byte)) = raw {
            damage(&mut body, (place, &[byte], 1));
        }
        promise::manifest(sent, &body);
    }

    #[test]
    fn a_field_that_nobody_knows_holds_any_json_but_no_other_bytes(
        (sent, manifest) in valid(), inside in prop::collection::vec(any::<u8>(), 0..12), near in "[\\[\\]{}\",:0-9eE.+-]{0,9}",
    ) {
        let known = manifest.to_string();
        for inside in [inside, near.into_bytes()] {
            let quoted = [b"{\"x\":\"", inside.as_slice(), b"\",", &known.as_bytes()[1..]].concat();
            promise::manifest(Some(sent), &quoted);
            let bare = [b"{\"x\":", inside.as_slice(), b",", &known.as_bytes()[1..]].concat();
            promise::manifest(Some(sent), &bare);
        }
    }
}
