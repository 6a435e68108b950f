//! The challenge: what who is not known, or not known well enough, is told.

use server::config::Config;
use service::testing::World;

use super::registry::{CONTENT, sha256};
use crate::harbor::client::Scene;

/// The same question about what is public, private and missing.
const PLACES: [&str; 3] = ["library/web", "deep/web", "none/web"];

#[tokio::test]
async fn a_request_without_credentials_is_challenged_for_the_scope_of_its_method() {
    let scene = Scene::new().await;
    scene.push_image("library/web", "v1", CONTENT).await;
    scene.push_image("deep/web", "v1", CONTENT).await;
    let digest = sha256(CONTENT);
    for place in PLACES {
        for (line, actions) in [
            (format!("GET /v2/{place}/manifests/v1"), "pull"),
            (format!("HEAD /v2/{place}/manifests/{digest}"), "pull"),
            (format!("PUT /v2/{place}/manifests/v1"), "pull,push"),
            (format!("DELETE /v2/{place}/manifests/v1"), "delete"),
            (format!("GET /v2/{place}/blobs/{digest}"), "pull"),
            (format!("HEAD /v2/{place}/blobs/{digest}"), "pull"),
            (format!("DELETE /v2/{place}/blobs/{digest}"), "delete"),
            (format!("GET /v2/{place}/tags/list"), "pull"),
            (format!("GET /v2/{place}/referrers/{digest}"), "pull"),
            (format!("POST /v2/{place}/blobs/uploads/"), "pull,push"),
            (format!("GET /v2/{place}/blobs/uploads/x"), "pull,push"),
            (format!("PATCH /v2/{place}/blobs/uploads/x"), "pull,push"),
            (format!("PUT /v2/{place}/blobs/uploads/x"), "pull,push"),
            (format!("DELETE /v2/{place}/blobs/uploads/x"), "pull,push"),
        ] {
            scene.call(line).await.challenges(&format!(r#",scope="repository:{place}:{actions}""#));
        }
    }
}

#[tokio::test]
async fn a_mount_without_credentials_is_challenged_for_both_repositories() {
    let scene = Scene::new().await;
    let digest = sha256(CONTENT);
    let mount = format!("POST /v2/deep/b/blobs/uploads/?mount={digest}");
    scene
        .call(format!("{mount}&from=library/a"))
        .await
        .challenges(r#",scope="repository:deep/b:pull,push repository:library/a:pull""#);
    scene.call(mount).await.challenges(r#",scope="repository:deep/b:pull,push""#);
}

#[tokio::test]
async fn the_base_is_challenged_without_a_scope_and_the_catalog_with_its_own() {
    let scene = Scene::new().await;
    for line in ["GET /v2/", "GET /v2", "HEAD /v2/"] {
        scene.call(line).await.challenges("");
    }
    assert_eq!(scene.call("GET /v2/").await.fails(401, "UNAUTHORIZED"), "authentication required");
    scene.call("GET /v2/_catalog").await.challenges(r#",scope="registry:catalog:*""#);
}

#[tokio::test]
async fn every_answer_names_the_protocol() {
    let scene = Scene::new().await;
    for line in ["GET /v2/", "GET /v2/library/web/manifests/v1", "GET /v2/x", "PATCH /v2/"] {
        let answer = scene.call(line).await;
        assert_eq!(answer.header("docker-distribution-api-version"), "registry/2.0", "{line}");
    }
    let answer = scene.call("GET /v2/").by("admin").await;
    answer.is(200, "{}");
    assert_eq!(answer.header("docker-distribution-api-version"), "registry/2.0");
}

#[tokio::test]
async fn wrong_credentials_are_challenged_without_an_error() {
    let scene = Scene::new().await;
    let message = "the user name or the password is wrong";
    for (user, password) in [("zoe", "wrong"), ("nobody-of-this-name", "wrong"), ("", ""), ("zoe", "")] {
        let answer = scene.call("GET /v2/").basic(user, password).await;
        answer.challenges("");
        assert_eq!(answer.fails(401, "UNAUTHORIZED"), message);
    }
    scene
        .call("GET /v2/library/web/manifests/v1")
        .basic("zoe", "wrong")
        .await
        .challenges(r#",scope="repository:library/web:pull""#);
}

#[tokio::test]
async fn credentials_of_no_known_kind_are_challenged() {
    let scene = Scene::new().await;
    for value in ["", "Basic", "Basic !", "Basic em9lOndyb25n, x", "Digest x", "Bearer", "Negotiate abc"] {
        let answer = scene.call("GET /v2/").header("authorization", value).await;
        assert_eq!(answer.fails(401, "UNAUTHORIZED"), "the user name or the password is wrong", "{value}");
    }
    scene.call("GET /v2/").header("authorization", b"Basic \xff\xfe").await.challenges("");
}

#[tokio::test]
async fn name_or_address_and_password_open_the_registry_without_a_token() {
    let scene = Scene::new().await;
    for name in ["zoe", "zoe@example.org"] {
        scene.call("GET /v2/").by(name).await.is(200, "{}");
    }
    scene.call("HEAD /v2/").by("zoe").await.is_done(200);
}

#[tokio::test]
async fn a_name_that_fails_too_often_must_wait() {
    let scene = Scene::new().await;
    for _ in 0..5 {
        scene.call("GET /v2/").basic("zoe", "wrong").await.challenges("");
    }
    for _ in 0..10 {
        let answer = scene.call("GET /v2/").basic("zoe", "wrong").await;
        if answer.status == 429 {
            answer.fails(429, "TOOMANYREQUESTS");
            assert!(answer.header("retry-after").parse::<u64>().unwrap() > 0);
            return;
        }
    }
    panic!("429 in the end");
}

#[tokio::test]
async fn the_realm_follows_the_external_url() {
    let url = "https://hub.example.org:8443".parse().unwrap();
    let scene = Scene::with(Config { external_url: Some(url), ..Config::default() }).await;
    let answer = scene.call("GET /v2/").await;
    assert_eq!(
        answer.header("www-authenticate"),
        r#"Bearer realm="https://hub.example.org:8443/service/token",service="harbor-registry""#
    );
}

#[tokio::test]
async fn the_realm_follows_a_proxy_only_where_it_is_trusted() {
    let trusted = Config { trusted_proxies: vec!["10.0.0.0/8".parse().unwrap()], ..Config::default() };
    let scene = Scene::with(trusted).await;
    for (proxy, realm) in [
        ([10, 1, 2, 3], "https://hub.example.org/service/token"),
        ([192, 0, 2, 1], "http://berth.test/service/token"),
    ] {
        let call = scene.call("GET /v2/").at_address(proxy).header("x-forwarded-for", "198.51.100.7");
        let call = call.header("x-forwarded-proto", "https").header("x-forwarded-host", "hub.example.org");
        let expected = format!(r#"Bearer realm="{realm}",service="harbor-registry""#);
        assert_eq!(call.await.header("www-authenticate"), expected);
    }
}

#[tokio::test]
async fn the_realm_is_https_over_tls() {
    let scene = Scene::new().await;
    let answer = scene.call("GET /v2/").encrypted().await;
    assert!(answer.header("www-authenticate").starts_with(r#"Bearer realm="https://berth.test/"#));
}

#[tokio::test]
async fn a_password_of_a_user_who_is_gone_is_refused_at_once() {
    let scene = Scene::new().await;
    scene.call("GET /v2/").by("zoe").await.is(200, "{}");
    scene.delete_user("zoe").await;
    scene.call("GET /v2/").basic("zoe", World::PASSWORD).await.challenges("");
}
