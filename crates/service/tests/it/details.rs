//! What an artifact is made of, and what is about it.

use bytes::Bytes;
use service::{Denial, Error, Kind, OpCtx, testing::World};
use types::{digest::Digest, oci::media_type, query::ListQuery, role::Role};

use crate::util::{
    assert_denied, assert_error, descriptor, digest, image, push_blob, push_image, put, reference, repository,
};

const NAME: &str = "library/image";
const LAYER: &str = "application/vnd.oci.image.layer.v1.tar+gzip";

async fn world() -> (World, OpCtx) {
    let world = World::new().await;
    let cx = world.admin().await;
    (world, cx)
}

/// Pushes an artifact of a config and layers.
async fn push(
    world: &World,
    cx: &OpCtx,
    tag: &str,
    (kind, config): (&str, &[u8]),
    layers: &[&str],
) -> Digest {
    push_blob(&world.services, cx, NAME, config).await;
    let mut descriptors = Vec::new();
    for layer in layers {
        let digest = push_blob(&world.services, cx, NAME, layer.as_bytes()).await;
        descriptors.push(descriptor(LAYER, &digest, layer.len()));
    }
    let manifest = serde_json::json!({
        "schemaVersion": 2, "mediaType": media_type::OCI_MANIFEST,
        "config": descriptor(kind, &digest(config), config.len()), "layers": descriptors,
    });
    put(&world.services, cx, NAME, tag, &manifest).await.expect("taken")
}

const BUILT: &[u8] = br#"{"os":"linux","history":[
    {"created":"2026-01-02T03:04:05Z","created_by":"ADD rootfs.tar /","comment":"base"},
    {"created_by":"ENV PATH=/bin","empty_layer":true},
    {"created_by":"RUN make"}]}"#;

#[tokio::test]
async fn layers_come_in_build_order_with_their_commands() {
    let (world, cx) = world().await;
    push(&world, &cx, "v1", (media_type::OCI_CONFIG, BUILT), &["rootfs", "made"]).await;
    let layers = world.services.artifacts.list_layers(&cx, &repository(NAME), &reference("v1")).await;
    let layers = layers.expect("layers");
    let commands: Vec<_> = layers.iter().map(|layer| layer.command.as_deref().expect("a command")).collect();
    assert_eq!(commands, ["ADD rootfs.tar /", "ENV PATH=/bin", "RUN make"]);
    assert_eq!(layers[0].digest, Some(digest(b"rootfs").to_string()));
    assert_eq!((layers[0].size_bytes, layers[0].media_type.as_deref()), (Some(6), Some(LAYER)));
    assert_eq!((layers[0].comment.as_deref(), layers[0].is_empty), (Some("base"), false));
    assert_eq!(layers[0].created.expect("a time").to_rfc3339(), "2026-01-02T03:04:05+00:00");
    assert_eq!((&layers[1].digest, layers[1].size_bytes, layers[1].is_empty), (&None, None, true));
    assert_eq!(layers[2].digest, Some(digest(b"made").to_string()));
}

#[tokio::test]
async fn layers_without_a_history_that_is_theirs_stand_alone() {
    let (world, cx) = world().await;
    let artifacts = &world.services.artifacts;
    for (tag, kind, config) in [
        ("short", media_type::OCI_CONFIG, &br#"{"history":[{"created_by":"RUN one"}]}"#[..]),
        ("none", media_type::DOCKER_CONFIG, b"{}"),
        ("broken", media_type::OCI_CONFIG, b"no JSON"),
        (
            "chart",
            "application/vnd.cncf.helm.config.v1+json",
            br#"{"history":[{"created_by":"x"},{"created_by":"y"}]}"#,
        ),
    ] {
        push(&world, &cx, tag, (kind, config), &["one", "two"]).await;
        let layers = artifacts.list_layers(&cx, &repository(NAME), &reference(tag)).await.expect("layers");
        let digests: Vec<_> = layers.iter().map(|layer| layer.digest.clone().expect("a digest")).collect();
        assert_eq!(digests, [digest(b"one").to_string(), digest(b"two").to_string()], "{tag}");
        assert!(layers.iter().all(|layer| layer.command.is_none() && !layer.is_empty), "{tag}");
    }
}

#[tokio::test]
async fn index_has_neither_layers_nor_config() {
    let (world, cx) = world().await;
    let child = push(&world, &cx, "v1", (media_type::OCI_CONFIG, BUILT), &["rootfs", "made"]).await;
    let index = serde_json::json!({
        "schemaVersion": 2, "mediaType": media_type::OCI_INDEX,
        "manifests": [descriptor(media_type::OCI_MANIFEST, &child, 100)],
    });
    put(&world.services, &cx, NAME, "multi", &index).await.expect("taken");
    let (artifacts, name) = (&world.services.artifacts, repository(NAME));
    assert_eq!(artifacts.list_layers(&cx, &name, &reference("multi")).await.expect("layers"), []);
    assert_eq!(artifacts.get_config(&cx, &name, &reference("multi")).await.expect("an answer"), None);
}

#[tokio::test]
async fn config_is_shown_where_it_is_json_and_not_too_large() {
    let (world, cx) = world().await;
    let (artifacts, name) = (&world.services.artifacts, repository(NAME));
    let limit = 4 * 1024 * 1024;
    let fits = format!("{{}}{}", " ".repeat(limit - 2));
    let large = format!("{{}}{}", " ".repeat(limit - 1));
    let kind = "application/vnd.acme.rocket.config.v1+json";
    for (tag, config, expected) in [
        ("json", r#"{"stages":3}"#, Some(serde_json::json!({ "stages": 3 }))),
        ("text", "stages: 3", None),
        ("fits", &fits, Some(serde_json::json!({}))),
        ("large", &large, None),
    ] {
        push(&world, &cx, tag, (kind, config.as_bytes()), &["one"]).await;
        assert_eq!(
            artifacts.get_config(&cx, &name, &reference(tag)).await.expect("an answer"),
            expected,
            "{tag}"
        );
    }
}

#[tokio::test]
async fn parts_that_a_sparse_manifest_lacks_are_no_failure() {
    let world = World::with(|options| options.sparse_manifests = true).await;
    let cx = world.admin().await;
    put(&world.services, &cx, NAME, "v1", &image("one")).await.expect("taken");
    let (artifacts, name) = (&world.services.artifacts, repository(NAME));
    assert_eq!(artifacts.list_layers(&cx, &name, &reference("v1")).await.expect("layers").len(), 1);
    assert_eq!(artifacts.get_config(&cx, &name, &reference("v1")).await.expect("an answer"), None);
}

#[tokio::test]
async fn manifest_is_read_byte_for_byte_and_looking_is_no_pull() {
    let (world, cx) = world().await;
    push_image(&world.services, &cx, NAME, "v1", "one").await;
    let (artifacts, name) = (&world.services.artifacts, repository(NAME));
    let raw = artifacts.get_raw(&cx, &name, &reference("v1")).await.expect("there");
    assert_eq!(raw.content, Bytes::from(image("one").to_string()));
    assert_eq!(
        (raw.media_type.as_str(), raw.digest),
        (media_type::OCI_MANIFEST, digest(&raw.content).to_string())
    );
    artifacts.list_layers(&cx, &name, &reference("v1")).await.expect("layers");
    artifacts.get_config(&cx, &name, &reference("v1")).await.expect("a config");
    world.services.clone().close().await.expect("closes");
    let world = world.crash().await;
    assert_eq!(world.services.repositories.get(&cx, &name).await.expect("shown").pull_count, 0);
}

#[tokio::test]
async fn accessories_are_told_newest_first_and_without_those_of_others() {
    let (world, cx) = world().await;
    let subject = push_image(&world.services, &cx, NAME, "v1", "one").await;
    let other = push_image(&world.services, &cx, NAME, "v2", "two").await;
    push_blob(&world.services, &cx, NAME, b"{}").await;
    let about = |number: u32, subject: &Digest| {
        serde_json::json!({
            "schemaVersion": 2, "mediaType": media_type::OCI_MANIFEST, "artifactType": "application/signature",
            "config": descriptor(media_type::OCI_EMPTY, &digest(b"{}"), 2), "layers": [],
            "subject": descriptor(media_type::OCI_MANIFEST, subject, 1),
            "annotations": { "number": number.to_string() },
        })
    };
    let (artifacts, name) = (&world.services.artifacts, repository(NAME));
    let push = |number: u32, subject: Digest| {
        let (manifest, cx, services) = (about(number, &subject), cx.clone(), world.services.clone());
        async move {
            let cx = OpCtx { now: cx.now + chrono::Duration::seconds(number.into()), ..cx };
            let at = digest(manifest.to_string().as_bytes());
            put(&services, &cx, NAME, at.as_str(), &manifest).await.expect("taken")
        }
    };
    let first = push(1, subject.clone()).await;
    push(2, other).await;
    let third = push(3, subject.clone()).await;
    let told = artifacts.list_accessories(&cx, &name, &subject).await.expect("accessories");
    let digests: Vec<_> = told.iter().map(|one| one.digest.clone()).collect();
    assert_eq!(digests, [third.to_string(), first.to_string()]);
    assert_eq!(told[0].artifact_type.as_deref(), Some("application/signature"));
    assert_eq!(
        (told[0].media_type.as_str(), told[0].annotations["number"].as_str()),
        (media_type::OCI_MANIFEST, "3")
    );
    let own = about(3, &subject).to_string().len() + 2;
    assert_eq!(told[0].size_bytes, i64::try_from(own).expect("small"));
    assert!(told[0].pushed_at > told[1].pushed_at);

    for number in 4..110 {
        push(number, subject.clone()).await;
    }
    let told = artifacts.list_accessories(&cx, &name, &subject).await.expect("accessories");
    assert_eq!((told.len(), told[0].annotations["number"].as_str()), (100, "109"));
    let none = artifacts.list_accessories(&cx, &name, &digest(b"nothing")).await.expect("an answer");
    assert!(none.is_empty());
}

#[tokio::test]
async fn details_are_for_those_who_may_read_artifacts() {
    let world = World::new().await;
    let admin = world.admin().await;
    let (guest, stranger) = (world.user("guest").await, world.user("stranger").await);
    world.project("deep", false, &[(&guest, Role::Guest)]).await;
    let (name, at) = (repository("deep/web"), reference("v1"));
    let subject = push_image(&world.services, &admin, "deep/web", "v1", "one").await;
    let artifacts = &world.services.artifacts;
    let ask = |cx: OpCtx| {
        let (name, at, subject) = (name.clone(), at.clone(), subject.clone());
        async move {
            [
                artifacts.list_layers(&cx, &name, &at).await.map(drop),
                artifacts.get_config(&cx, &name, &at).await.map(drop),
                artifacts.get_raw(&cx, &name, &at).await.map(drop),
                artifacts.list_accessories(&cx, &name, &subject).await.map(drop),
            ]
        }
    };
    for answer in ask(guest).await {
        answer.expect("a guest may look");
    }
    for answer in ask(stranger).await {
        assert_error!(answer, Error::Forbidden(_));
    }
    for answer in ask(World::anonymous()).await {
        assert_denied(answer, Denial::NoCredentials);
    }
}

#[tokio::test]
async fn details_of_what_is_not_there_are_not_found() {
    let (world, cx) = world().await;
    push_image(&world.services, &cx, NAME, "v1", "one").await;
    let (artifacts, name) = (&world.services.artifacts, repository(NAME));
    let at = reference("v2");
    assert_error!(artifacts.list_layers(&cx, &name, &at).await, Error::NotFound(Kind::Manifest, _));
    assert_error!(artifacts.get_config(&cx, &name, &at).await, Error::NotFound(Kind::Manifest, _));
    assert_error!(artifacts.get_raw(&cx, &name, &at).await, Error::NotFound(Kind::Manifest, _));
    let elsewhere = artifacts.list_accessories(&cx, &repository("library/none"), &digest(b"x")).await;
    assert_error!(elsewhere, Error::NotFound(Kind::Repository, _));
}

/// Tags of the artifacts that a query lists, in its order.
async fn tags(world: &World, cx: &OpCtx, q: &str, sort: &str) -> Vec<String> {
    let query = ListQuery::parse(None, None, Some(q), Some(sort)).expect("a query");
    let listed = world.services.artifacts.list(cx, &repository(NAME), &query, true).await.expect("a list");
    assert_eq!(listed.total, u64::try_from(listed.items.len()).expect("few"));
    let tags =
        listed.items.into_iter().map(|item| item.tags.map_or_else(String::new, |tags| tags[0].name.clone()));
    tags.collect()
}

#[tokio::test]
async fn artifacts_are_narrowed_by_what_they_are() {
    let (world, cx) = world().await;
    let child = push(&world, &cx, "a-image", (media_type::OCI_CONFIG, BUILT), &["rootfs", "made"]).await;
    push(&world, &cx, "b-chart", ("application/vnd.cncf.helm.config.v1+json", b"{}"), &["one"]).await;
    push(&world, &cx, "c-rocket", ("application/vnd.acme.rocket.config.v1+json", b"{}"), &["two"]).await;
    push(&world, &cx, "d-text", ("text/plain", b"{}"), &["three"]).await;
    push(&world, &cx, "e-wasm", ("application/vnd.wasm.config.v1+json", b"{}"), &["four"]).await;
    let index = serde_json::json!({
        "schemaVersion": 2, "mediaType": media_type::OCI_INDEX,
        "manifests": [descriptor(media_type::OCI_MANIFEST, &child, 100)],
    });
    put(&world.services, &cx, NAME, "f-multi", &index).await.expect("taken");
    for (q, expected) in [
        ("type=IMAGE", &["a-image", "f-multi"][..]),
        ("type=image", &["a-image", "f-multi"]),
        ("type=CHART", &["b-chart"]),
        ("type=ROCKET", &["c-rocket"]),
        ("type=UNKNOWN", &["d-text"]),
        ("type=WASM", &["e-wasm"]),
        ("type=HELM", &[]),
        ("type=acme.rocket", &[]),
        ("type=%25", &[]),
        ("type={CHART WASM}", &["b-chart", "e-wasm"]),
        ("media_type=~HELM", &["b-chart"]),
        ("media_type=~index", &["f-multi"]),
        ("tags=c-rocket", &["c-rocket"]),
        ("tags=~-wa", &["e-wasm"]),
        ("tags=nil", &[]),
    ] {
        let mut found = tags(&world, &cx, q, "").await;
        found.sort();
        assert_eq!(found, expected, "{q}");
    }
    let listed = world.services.artifacts.list(&cx, &repository(NAME), &ListQuery::default(), false).await;
    for artifact in listed.expect("a list").items {
        let q = format!("type={},digest=~{}", artifact.kind, &artifact.digest[7..20]);
        assert_eq!(
            tags(&world, &cx, &q, "").await.len(),
            1,
            "an artifact is found by the kind it is shown with: {q}"
        );
    }
}

#[tokio::test]
async fn artifacts_are_sorted_by_time_size_and_digest() {
    let (world, cx) = world().await;
    let mut digests = Vec::new();
    for (secs, tag, layer) in
        [(1, "b", "some bytes"), (2, "c", "one"), (3, "a", "more bytes than all others")]
    {
        let cx = OpCtx { now: cx.now + chrono::Duration::seconds(secs), ..cx.clone() };
        digests
            .push((push(&world, &cx, tag, (media_type::OCI_CONFIG, b"{}"), &[layer]).await.to_string(), tag));
    }
    for (sort, expected) in [
        ("push_time", ["b", "c", "a"]),
        ("-push_time", ["a", "c", "b"]),
        ("size", ["c", "b", "a"]),
        ("-size", ["a", "b", "c"]),
        ("", ["a", "c", "b"]),
    ] {
        assert_eq!(tags(&world, &cx, "", sort).await, expected, "{sort}");
    }
    digests.sort();
    let by_digest: Vec<_> = digests.iter().map(|(_, tag)| *tag).collect();
    assert_eq!(tags(&world, &cx, "", "digest").await, by_digest);
    let name = repository(NAME);
    world.services.artifacts.get_manifest(&cx, &name, &reference("c"), true).await.expect("pulled");
    world.services.clone().close().await.expect("closes");
    let world = world.crash().await;
    assert_eq!(tags(&world, &cx, "", "-pull_time").await[0], "c");
}
