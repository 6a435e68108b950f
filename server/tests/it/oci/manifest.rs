//! Manifests: pushed, pulled and deleted, by tag and by digest.

use serde_json::{Value, json};
use types::oci::media_type::{
    DOCKER_CONFIG, DOCKER_MANIFEST, DOCKER_MANIFEST_LIST, OCI_CONFIG, OCI_INDEX, OCI_MANIFEST,
};

use super::registry::{CONTENT, LAYER, descriptor, image, index_of, sha256, sha512};
use crate::harbor::client::Scene;

/// A scene with the blobs of [`image`] over [`CONTENT`] in `deep/web`.
async fn scene() -> Scene {
    let scene = Scene::new().await;
    scene.push_blob("deep/web", "{}").await;
    scene.push_blob("deep/web", CONTENT).await;
    scene
}

async fn serves(scene: &Scene, reference: &str, manifest: &Value) {
    let answer = scene.call(format!("GET /v2/deep/web/manifests/{reference}")).by("guest").await;
    answer.is(200, &manifest.to_string());
    assert_eq!(answer.header("content-type"), manifest["mediaType"].as_str().unwrap());
}

#[tokio::test]
async fn a_manifest_is_served_as_it_was_pushed_by_tag_and_by_digest() {
    let scene = scene().await;
    let manifest = image(&[CONTENT]);
    let digest = sha256(manifest.to_string());
    let pushed = scene.put_manifest("deep/web", "v1", &manifest).await;
    pushed.is_done(201);
    assert_eq!(pushed.header("location"), format!("/v2/deep/web/manifests/{digest}"));
    assert_eq!(pushed.header("docker-content-digest"), digest);
    assert!(pushed.headers.get("oci-subject").is_none());
    for reference in ["v1", digest.as_str()] {
        let answer = scene.call(format!("GET /v2/deep/web/manifests/{reference}")).by("guest").await;
        answer.is(200, &manifest.to_string());
        assert_eq!(answer.header("content-type"), OCI_MANIFEST);
        assert_eq!(answer.header("content-length"), manifest.to_string().len().to_string());
        assert_eq!(answer.header("docker-content-digest"), digest);
        assert_eq!(answer.header("etag"), format!("\"{digest}\""));
        let head = scene.call(format!("HEAD /v2/deep/web/manifests/{reference}")).by("guest").await;
        head.is_done(200);
        for name in ["content-type", "content-length", "docker-content-digest", "etag"] {
            assert_eq!(head.header(name), answer.header(name));
        }
    }
}

#[tokio::test]
async fn a_manifest_may_be_pushed_by_digest_alone() {
    let scene = scene().await;
    let manifest = image(&[CONTENT]);
    for digest in [sha256(manifest.to_string()), sha512(manifest.to_string())] {
        let pushed = scene.put_manifest("deep/web", &digest, &manifest).await;
        pushed.is_done(201);
        assert_eq!(pushed.header("docker-content-digest"), digest);
        serves(&scene, &digest, &manifest).await;
    }
    let tags = scene.call("GET /v2/deep/web/tags/list").by("guest").await;
    assert_eq!(tags.json(), json!({ "name": "deep/web", "tags": [] }));
}

#[tokio::test]
async fn an_image_and_its_index_may_be_named_by_sha512_throughout() {
    let scene = Scene::new().await;
    let by_sha512 = |media_type: &str, content: &str| json!({ "mediaType": media_type, "digest": sha512(content), "size": content.len() });
    for content in ["{}", CONTENT] {
        let at = format!("POST /v2/deep/web/blobs/uploads/?digest={}", sha512(content));
        scene.call(at).by("dev").body(content).await.is_done(201);
    }
    let mut image = image(&[CONTENT]);
    image["config"] = by_sha512(OCI_CONFIG, "{}");
    image["layers"] = json!([by_sha512(LAYER, CONTENT)]);
    let mut index = index_of(&[]);
    index["manifests"] = json!([by_sha512(OCI_MANIFEST, &image.to_string())]);
    for manifest in [&image, &index] {
        let digest = sha512(manifest.to_string());
        scene.put_manifest("deep/web", &digest, manifest).await.is_done(201);
        serves(&scene, &digest, manifest).await;
    }
    let mut about = image.clone();
    about["subject"] = by_sha512(OCI_INDEX, &index.to_string());
    let pushed = scene.put_manifest("deep/web", &sha512(about.to_string()), &about).await;
    assert_eq!(pushed.header("oci-subject"), sha512(index.to_string()));
    let at = format!("GET /v2/deep/web/referrers/{}", sha512(index.to_string()));
    let listed = scene.call(at).by("guest").await.json();
    assert_eq!(listed["manifests"][0]["digest"], sha512(about.to_string()));
}

#[tokio::test]
async fn artifacts_of_any_type_are_taken_as_they_are() {
    let scene = scene().await;
    let subject = image(&[CONTENT]);
    scene.put_manifest("deep/web", "subject", &subject).await.is_done(201);
    let empty = "application/vnd.oci.empty.v1+json";
    // name, artifact type, type of the config, type of the layer, whether it is about an image
    for (name, artifact_type, config, layer, is_about) in [
        (
            "chart",
            "",
            "application/vnd.cncf.helm.config.v1+json",
            "application/vnd.cncf.helm.chart.content.v1.tar+gzip",
            false,
        ),
        ("wasm", "", "application/vnd.wasm.config.v0+json", "application/wasm", false),
        ("sbom", "application/spdx+json", empty, "application/spdx+json", true),
        (
            "signature",
            "",
            "application/vnd.oci.image.config.v1+json",
            "application/vnd.dev.cosign.simplesigning.v1+json",
            false,
        ),
        (
            "bundle",
            "application/vnd.dev.sigstore.bundle.v0.3+json",
            empty,
            "application/vnd.dev.sigstore.bundle.v0.3+json",
            true,
        ),
        (
            "model",
            "application/vnd.cncf.model.manifest.v1+json",
            "application/vnd.cncf.model.config.v1+json",
            "application/vnd.cncf.model.weight.v1.tar",
            false,
        ),
    ] {
        let mut artifact = image(&[CONTENT]);
        if !artifact_type.is_empty() {
            artifact["artifactType"] = artifact_type.into();
        }
        artifact["config"] = descriptor(config, "{}");
        artifact["layers"][0]["mediaType"] = layer.into();
        if is_about {
            artifact["subject"] = descriptor(OCI_MANIFEST, &subject.to_string());
        }
        let pushed = scene.put_manifest("deep/web", name, &artifact).await;
        assert_eq!(pushed.status, 201, "{name}: {}", pushed.text);
        serves(&scene, name, &artifact).await;
        let shown = scene.get(&format!("/projects/deep/repositories/web/artifacts/{name}"), "guest").await;
        let expected = if artifact_type.is_empty() { config } else { artifact_type };
        assert_eq!(shown.json()["artifact_type"], expected, "{name}");
    }
}

#[tokio::test]
async fn every_form_of_manifest_is_taken() {
    let scene = scene().await;
    let child = image(&[CONTENT]);
    scene.put_manifest("deep/web", "child", &child).await.is_done(201);
    let docker = json!({
        "schemaVersion": 2, "mediaType": DOCKER_MANIFEST, "config": descriptor(DOCKER_CONFIG, "{}"),
        "layers": [descriptor("application/vnd.docker.image.rootfs.diff.tar.gzip", CONTENT)],
    });
    scene.put_manifest("deep/web", "docker", &docker).await.is_done(201);
    let list = json!({
        "schemaVersion": 2, "mediaType": DOCKER_MANIFEST_LIST,
        "manifests": [descriptor(DOCKER_MANIFEST, &docker.to_string())],
    });
    let index = index_of(&[&child]);
    let mut nested = index_of(&[]);
    scene.put_manifest("deep/web", "index", &index).await.is_done(201);
    nested["manifests"] = json!([descriptor(OCI_INDEX, &index.to_string())]);
    let mut artifact = image(&[]);
    artifact["artifactType"] = "application/vnd.example.thing".into();
    artifact["config"] = descriptor("application/vnd.oci.empty.v1+json", "{}");
    let mut elsewhere = image(&["never pushed"]);
    elsewhere["layers"][0]["mediaType"] =
        "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip".into();
    let mut custom = image(&[CONTENT]);
    custom["com.example.field"] = json!({ "deep": [1, null] });
    for (tag, manifest) in [
        ("list", &list),
        ("nested", &nested),
        ("empty", &index_of(&[])),
        ("no-layers", &image(&[])),
        ("artifact", &artifact),
        ("elsewhere", &elsewhere),
        ("custom", &custom),
    ] {
        let pushed = scene.put_manifest("deep/web", tag, manifest).await;
        assert_eq!(pushed.status, 201, "{tag}: {}", pushed.text);
        serves(&scene, tag, manifest).await;
    }
}

#[tokio::test]
async fn parameters_of_the_content_type_are_dropped() {
    let scene = scene().await;
    let manifest = image(&[CONTENT]);
    let call = scene.call("PUT /v2/deep/web/manifests/v1").by("dev");
    let call = call.header("content-type", format!("{OCI_MANIFEST}; charset=utf-8"));
    call.body(manifest.to_string()).await.is_done(201);
    serves(&scene, "v1", &manifest).await;
}

#[tokio::test]
async fn a_manifest_without_a_content_type_has_the_one_it_names() {
    let scene = scene().await;
    let manifest = image(&[CONTENT]);
    let call = scene.call("PUT /v2/deep/web/manifests/v1").by("dev").body(manifest.to_string());
    call.await.is_done(201);
    serves(&scene, "v1", &manifest).await;
}

#[tokio::test]
async fn a_tag_moves_and_the_manifest_it_left_stays() {
    let scene = scene().await;
    let (old, new) = (image(&[CONTENT]), image(&[]));
    scene.put_manifest("deep/web", "v1", &old).await.is_done(201);
    scene.put_manifest("deep/web", "v1", &new).await.is_done(201);
    serves(&scene, "v1", &new).await;
    serves(&scene, &sha256(old.to_string()), &old).await;
}

#[tokio::test]
async fn a_manifest_that_the_client_holds_is_not_sent_again() {
    let scene = scene().await;
    let manifest = image(&[CONTENT]);
    let digest = sha256(manifest.to_string());
    scene.put_manifest("deep/web", "v1", &manifest).await.is_done(201);
    let held =
        [digest.clone(), format!("\"{digest}\""), format!("W/\"{digest}\""), format!("\"x\", \"{digest}\"")];
    for held in held {
        for method in ["GET", "HEAD"] {
            let call = scene.call(format!("{method} /v2/deep/web/manifests/v1")).by("guest");
            let answer = call.header("if-none-match", &held).await;
            answer.is_done(304);
            assert_eq!(answer.header("docker-content-digest"), digest);
            assert_eq!(answer.header("etag"), format!("\"{digest}\""));
        }
    }
    let call = scene.call("GET /v2/deep/web/manifests/v1").by("guest");
    assert_eq!(call.header("if-none-match", "\"sha256:x\"").await.status, 200);
}

#[tokio::test]
async fn a_deleted_tag_is_gone_and_its_manifest_stays() {
    let scene = scene().await;
    let manifest = image(&[CONTENT]);
    for tag in ["v1", "v2"] {
        scene.put_manifest("deep/web", tag, &manifest).await.is_done(201);
    }
    scene.call("DELETE /v2/deep/web/manifests/v1").by("mia").await.is_done(202);
    let gone = scene.call("GET /v2/deep/web/manifests/v1").by("guest").await;
    assert_eq!(gone.fails(404, "MANIFEST_UNKNOWN"), "manifest v1 is not in this repository");
    scene.call("DELETE /v2/deep/web/manifests/v1").by("mia").await.fails(404, "MANIFEST_UNKNOWN");
    serves(&scene, "v2", &manifest).await;
    serves(&scene, &sha256(manifest.to_string()), &manifest).await;
}

#[tokio::test]
async fn a_deleted_manifest_is_gone_with_its_tags() {
    let scene = scene().await;
    let manifest = image(&[CONTENT]);
    let digest = sha256(manifest.to_string());
    for tag in ["v1", "v2"] {
        scene.put_manifest("deep/web", tag, &manifest).await.is_done(201);
    }
    scene.call(format!("DELETE /v2/deep/web/manifests/{digest}")).by("mia").await.is_done(202);
    for reference in ["v1", "v2", digest.as_str()] {
        let gone = scene.call(format!("GET /v2/deep/web/manifests/{reference}")).by("guest").await;
        gone.fails(404, "MANIFEST_UNKNOWN");
    }
    let again = scene.call(format!("DELETE /v2/deep/web/manifests/{digest}")).by("mia").await;
    again.fails(404, "MANIFEST_UNKNOWN");
}

#[tokio::test]
async fn a_manifest_that_an_index_needs_stays() {
    let scene = scene().await;
    let child = image(&[CONTENT]);
    let index = index_of(&[&child]);
    scene.put_manifest("deep/web", "child", &child).await.is_done(201);
    scene.put_manifest("deep/web", "index", &index).await.is_done(201);
    let at = format!("DELETE /v2/deep/web/manifests/{}", sha256(child.to_string()));
    let text = scene.call(&at).by("mia").await.fails(412, "PRECONDITION");
    assert_eq!(text, format!("index {} refers to this manifest: delete it first", sha256(index.to_string())));
    serves(&scene, "child", &child).await;
    let index = format!("DELETE /v2/deep/web/manifests/{}", sha256(index.to_string()));
    scene.call(index).by("mia").await.is_done(202);
    scene.call(at).by("mia").await.is_done(202);
}

#[tokio::test]
async fn a_manifest_of_another_repository_is_unknown_here() {
    let scene = scene().await;
    let manifest = image(&[CONTENT]);
    scene.put_manifest("deep/web", "v1", &manifest).await.is_done(201);
    for reference in ["v1".to_owned(), sha256(manifest.to_string())] {
        for place in ["deep/other", "library/web"] {
            let line = format!("GET /v2/{place}/manifests/{reference}");
            scene.call(line).by("admin").await.fails(404, "MANIFEST_UNKNOWN");
        }
    }
}

#[tokio::test]
async fn names_may_hold_the_words_of_addresses() {
    let scene = Scene::new().await;
    for place in
        ["deep/manifests", "deep/blobs/uploads", "deep/tags/list", "deep/referrers", "deep/v2/manifests/x"]
    {
        scene.push_image(place, "manifests", CONTENT).await;
        let answer = scene.call(format!("GET /v2/{place}/manifests/manifests")).by("guest").await;
        answer.is(200, &image(&[CONTENT]).to_string());
        let answer = scene.call(format!("GET /v2/{place}/tags/list")).by("guest").await;
        assert_eq!(answer.json(), json!({ "name": place, "tags": ["manifests"] }));
    }
}

#[tokio::test]
async fn what_harbor_shows_of_an_image_comes_from_its_config() {
    let scene = Scene::new().await;
    let config = json!({ "architecture": "arm64", "os": "linux", "author": "ann" }).to_string();
    scene.push_blob("deep/web", &config).await;
    let mut manifest = image(&[]);
    manifest["config"] = descriptor(OCI_CONFIG, &config);
    scene.put_manifest("deep/web", "v1", &manifest).await.is_done(201);
    let shown = scene.get("/projects/deep/repositories/web/artifacts/v1", "guest").await.json();
    assert_eq!(shown["extra_attrs"]["architecture"], "arm64");
    assert_eq!(shown["extra_attrs"]["author"], "ann");
}
