//! Referrers: what is said about a manifest.

use serde_json::{Value, json};
use types::oci::media_type::{OCI_EMPTY, OCI_INDEX, OCI_MANIFEST};

use super::registry::{CONTENT, descriptor, image, index_of, sha256, sha512};
use crate::harbor::client::{Answer, Scene};

const SBOM: &str = "application/vnd.example.sbom";

/// A manifest about another one.
fn about(subject: &str) -> Value {
    let mut manifest = image(&[]);
    manifest["subject"] = json!({ "mediaType": OCI_MANIFEST, "digest": subject, "size": 1 });
    manifest
}

fn entry(manifest: &Value, artifact_type: &str, annotations: Option<Value>) -> Value {
    let mut entry = descriptor(manifest["mediaType"].as_str().unwrap(), &manifest.to_string());
    entry["artifactType"] = artifact_type.into();
    if let Some(annotations) = annotations {
        entry["annotations"] = annotations;
    }
    entry
}

async fn list(scene: &Scene, subject: &str, query: &str) -> Answer {
    let answer = scene.call(format!("GET /v2/deep/web/referrers/{subject}{query}")).by("guest").await;
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, OCI_INDEX));
    answer
}

fn index(manifests: &[Value]) -> Value {
    json!({ "schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": manifests })
}

#[tokio::test]
async fn a_repository_that_is_not_there_yet_has_no_referrers() {
    let scene = Scene::new().await;
    for subject in [sha256("x"), sha512("x")] {
        let answer = list(&scene, &subject, "").await;
        assert_eq!(answer.json(), index(&[]));
        assert!(answer.headers.get("oci-filters-applied").is_none());
    }
}

#[tokio::test]
async fn a_manifest_may_be_about_one_that_is_missing() {
    let scene = Scene::new().await;
    scene.push_blob("deep/web", "{}").await;
    for subject in [sha256("missing"), sha512("missing")] {
        let pushed = scene.put_manifest("deep/web", "about", &about(&subject)).await;
        pushed.is_done(201);
        assert_eq!(pushed.header("oci-subject"), subject);
        let listed = list(&scene, &subject, "").await.json();
        assert_eq!(listed["manifests"][0]["digest"], sha256(about(&subject).to_string()));
    }
}

#[tokio::test]
async fn referrers_tell_artifact_type_and_annotations() {
    let scene = Scene::new().await;
    let subject = scene.push_image("deep/web", "v1", CONTENT).await;
    let plain = about(&subject);
    let mut typed = about(&subject);
    typed["artifactType"] = SBOM.into();
    typed["config"] = descriptor(OCI_EMPTY, "{}");
    typed["annotations"] = json!({ "com.example.b": "2", "com.example.a": "1" });
    let mut index_about = index_of(&[]);
    index_about["artifactType"] = SBOM.into();
    index_about["subject"] = plain["subject"].clone();
    let mut bare = index_of(&[]);
    bare["subject"] = plain["subject"].clone();
    for (tag, manifest) in [("a", &plain), ("b", &typed), ("c", &index_about), ("d", &bare)] {
        scene.put_manifest("deep/web", tag, manifest).await.is_done(201);
    }
    let config_type = plain["config"]["mediaType"].as_str().unwrap();
    let entries = [
        entry(&plain, config_type, None),
        entry(&typed, SBOM, Some(typed["annotations"].clone())),
        entry(&index_about, SBOM, None),
        descriptor(OCI_INDEX, &bare.to_string()),
    ];
    assert_eq!(list(&scene, &subject, "").await.json(), index(&entries));
    let answer = list(&scene, &subject, &format!("?artifactType={SBOM}")).await;
    assert_eq!(answer.json(), index(&entries[1..3]));
    assert_eq!(answer.header("oci-filters-applied"), "artifactType");
    let answer = list(&scene, &subject, "?artifactType=none%2Bsuch").await;
    assert_eq!(answer.json(), index(&[]));
    assert_eq!(answer.header("oci-filters-applied"), "artifactType");
}

#[tokio::test]
async fn a_deleted_referrer_is_not_listed() {
    let scene = Scene::new().await;
    let subject = scene.push_image("deep/web", "v1", CONTENT).await;
    let referrer = about(&subject);
    scene.put_manifest("deep/web", "about", &referrer).await.is_done(201);
    let at = format!("DELETE /v2/deep/web/manifests/{}", sha256(referrer.to_string()));
    scene.call(at).by("mia").await.is_done(202);
    assert_eq!(list(&scene, &subject, "").await.json(), index(&[]));
}

#[tokio::test]
async fn referrers_of_another_repository_are_not_listed() {
    let scene = Scene::new().await;
    let subject = scene.push_image("deep/web", "v1", CONTENT).await;
    scene.push_blob("deep/other", "{}").await;
    scene.put_manifest("deep/other", "about", &about(&subject)).await.is_done(201);
    assert_eq!(list(&scene, &subject, "").await.json(), index(&[]));
}

#[tokio::test]
async fn a_subject_that_is_no_digest_is_refused() {
    let scene = Scene::new().await;
    for subject in ["sha256:x", "v1", "sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709"] {
        let line = format!("GET /v2/deep/web/referrers/{subject}");
        scene.call(line).by("guest").await.fails(400, "DIGEST_INVALID");
    }
}

#[tokio::test]
async fn referrers_are_paged_with_links_that_keep_the_filter() {
    let scene = Scene::new().await;
    let subject = scene.push_image("deep/web", "v1", CONTENT).await;
    let mut expected = Vec::new();
    for number in 0..5 {
        let mut referrer = about(&subject);
        referrer["annotations"] = json!({ "number": number.to_string() });
        referrer["artifactType"] = SBOM.into();
        scene.put_manifest("deep/web", &sha256(referrer.to_string()), &referrer).await.is_done(201);
        expected.push(Value::from(sha256(referrer.to_string())));
    }
    let mut found = Vec::new();
    let mut next = Some(format!("/v2/deep/web/referrers/{subject}?artifactType={SBOM}&n=2"));
    while let Some(address) = next {
        let page = scene.call(format!("GET {address}")).by("guest").await;
        assert_eq!(page.header("oci-filters-applied"), "artifactType");
        let listed = page.json()["manifests"].as_array().unwrap().clone();
        assert!(listed.len() <= 2);
        found.extend(listed.into_iter().map(|mut one| one["digest"].take()));
        let link = page.headers.get("link").map(|link| link.to_str().unwrap().to_owned());
        assert!(link.iter().all(|link| link.ends_with("; rel=\"next\"")));
        next = link.map(|link| link.split(['<', '>']).nth(1).unwrap().to_owned());
    }
    assert_eq!(found, expected);
    let line = format!("GET /v2/deep/web/referrers/{subject}?last=x");
    scene.call(line).by("guest").await.fails(400, "UNSUPPORTED");
}

#[tokio::test]
async fn an_index_that_a_client_keeps_by_tag_is_served_and_its_manifests_are_listed() {
    let scene = Scene::new().await;
    let subject = scene.push_image("deep/web", "v1", CONTENT).await;
    let mut old = image(&[]);
    old["artifactType"] = SBOM.into();
    scene.put_manifest("deep/web", &sha256(old.to_string()), &old).await.is_done(201);
    let kept = index_of(&[&old]);
    let tag = subject.replace(':', "-");
    scene.put_manifest("deep/web", &tag, &kept).await.is_done(201);
    let answer = scene.call(format!("GET /v2/deep/web/manifests/{tag}")).by("guest").await;
    answer.is(200, &kept.to_string());
    assert_eq!(list(&scene, &subject, "").await.json(), index(&[entry(&old, SBOM, None)]));
}
