//! Addresses below `/v2`: those that are not there, that are misspelt, and that were made to break something.

use super::registry::{CONTENT, index_of, sha256};
use crate::harbor::client::Scene;

#[tokio::test]
async fn an_unknown_address_is_not_found_in_the_envelope() {
    let scene = Scene::new().await;
    for path in [
        "/v2/x",
        "/v2/_other",
        "/v2/_catalog/",
        "/v2/_oci/ext/discover",
        "/v2/deep/web",
        "/v2/deep/web/tags",
        "/v2/deep/web/tags/",
        "/v2/deep/web/tags/list/",
        "/v2/deep/web/manifests",
        "/v2/deep/web/manifests/",
        "/v2/deep/web/manifests/v1/",
        "/v2/deep/web/blobs/",
        "/v2/deep/web/blobs/uploads/x/",
        "/v2/deep/web/other/v1",
        "/v2/tags/list",
        "/v2/manifests/v1",
        "/v2/%FF",
        "/v2/deep/%FF/manifests/v1",
    ] {
        for call in [scene.call(format!("GET {path}")), scene.call(format!("GET {path}")).by("admin")] {
            assert_eq!(call.await.fails(404, "UNSUPPORTED"), "there is nothing at this address", "{path}");
        }
    }
}

#[tokio::test]
async fn a_method_that_an_address_does_not_have_is_refused_with_those_it_has() {
    let scene = Scene::new().await;
    let digest = sha256(CONTENT);
    for (path, allowed) in [
        ("/v2/".to_owned(), "GET, HEAD"),
        ("/v2/_catalog".to_owned(), "GET"),
        ("/v2/deep/web/tags/list".to_owned(), "GET"),
        ("/v2/deep/web/manifests/v1".to_owned(), "GET, HEAD, PUT, DELETE"),
        (format!("/v2/deep/web/blobs/{digest}"), "GET, HEAD, DELETE"),
        (format!("/v2/deep/web/referrers/{digest}"), "GET"),
        ("/v2/deep/web/blobs/uploads/".to_owned(), "POST"),
        ("/v2/deep/web/blobs/uploads/x".to_owned(), "GET, HEAD, PATCH, PUT, DELETE"),
    ] {
        for method in ["OPTIONS", "TRACE", "BREW"] {
            let answer = scene.call(format!("{method} {path}")).by("admin").await;
            assert_eq!(answer.fails(405, "UNSUPPORTED"), "the method is not allowed here");
            assert_eq!(answer.header("allow"), allowed, "{path}");
        }
    }
}

#[tokio::test]
async fn a_name_that_breaks_the_rules_is_refused() {
    let scene = Scene::new().await;
    let long = format!("deep/{}", "a".repeat(251));
    for name in [
        "web",
        "Deep/web",
        "deep/Web",
        "deep/-web",
        "deep/web-",
        "deep/a..b",
        "deep/a___b",
        "deep/.",
        "deep/..",
        "deep/a%20b",
        "deep/%C3%A9",
        "deep/a:b",
        "deep/a@b",
        "deep/%00",
        "deep/a%5Cb",
        "_catalog/x",
        &long,
    ] {
        for line in [
            format!("GET /v2/{name}/manifests/v1"),
            format!("PUT /v2/{name}/manifests/v1"),
            format!("POST /v2/{name}/blobs/uploads/"),
            format!("GET /v2/{name}/tags/list"),
            format!("GET /v2/{name}/blobs/{}", sha256(CONTENT)),
        ] {
            let text = scene.call(line).by("admin").await.fails(400, "NAME_INVALID");
            assert!(text.starts_with("invalid repository name: it must"), "{text}");
        }
    }
}

#[tokio::test]
async fn a_name_of_255_bytes_is_taken() {
    let scene = Scene::new().await;
    let name = format!("deep/{}", "a".repeat(250));
    scene.put_manifest(&name, &"t".repeat(128), &index_of(&[])).await.is_done(201);
}

#[tokio::test]
async fn a_digest_that_breaks_the_rules_is_refused() {
    let scene = Scene::new().await;
    let good = sha256(CONTENT);
    let long = format!("sha256:{}", "a".repeat(3000));
    let upper = format!("sha256:{}", "A".repeat(64));
    for digest in
        ["sha256:", "sha256:x", ":", "md5:d41d8cd98f00b204e9800998ecf8427e", &good[..70], &long, &upper]
    {
        for place in ["blobs", "manifests", "referrers"] {
            let line = format!("GET /v2/deep/web/{place}/{digest}");
            scene.call(line).by("admin").await.fails(400, "DIGEST_INVALID");
        }
    }
    scene.call("GET /v2/deep/web/blobs/v1").by("admin").await.fails(400, "DIGEST_INVALID");
}

#[tokio::test]
async fn a_tag_that_breaks_the_rules_is_refused() {
    let scene = Scene::new().await;
    let long = "t".repeat(129);
    for tag in [".v1", "-v1", "v%201", "v1%00", "v+1", "%C3%A9", &long] {
        let got = scene.call(format!("GET /v2/deep/web/manifests/{tag}")).by("admin").await;
        let put = scene.put_manifest("deep/web", tag, &index_of(&[])).await;
        for answer in [got, put] {
            let text = answer.fails(404, "MANIFEST_UNKNOWN");
            assert!(text.starts_with("invalid tag name: it must"), "{tag}: {text}");
        }
    }
}

#[tokio::test]
async fn an_address_may_be_percent_encoded() {
    let scene = Scene::new().await;
    scene.put_manifest("deep/web", "v1", &index_of(&[])).await.is_done(201);
    let digest = sha256(index_of(&[]).to_string()).replace(':', "%3A");
    for path in [
        "/v2/deep%2Fweb/manifests/v1",
        "/v2/deep/web/manifests/%76%31",
        "/v2/deep/web%2fmanifests%2fv1",
        "/v2//deep//web//manifests//v1",
        &format!("/v2/deep/web/manifests/{digest}"),
    ] {
        let answer = scene.call(format!("GET {path}")).by("guest").await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    }
}

#[tokio::test]
async fn no_address_makes_the_server_fail() {
    let scene = Scene::new().await;
    let long = format!("/v2/{}", "a/".repeat(8000));
    let nasty = [
        "//",
        "///",
        "/v2//",
        "/v2/.",
        "/v2/..",
        "/v2/../",
        "/v2/%",
        "/v2/%2",
        "/v2/%zz",
        "/v2/%00",
        "/v2/%2F",
        "/v2/%2e%2e/%2e%2e/etc/passwd",
        "/v2/../../etc/passwd/manifests/x",
        "/v2/deep/web/manifests/%2e%2e",
        "/v2/deep/web/manifests/..%2f..%2fx",
        "/v2/deep/web/blobs/uploads/..%2f..%2f..%2fx",
        "/v2/deep/web/blobs/uploads/%00",
        "/v2/deep/web/blobs/sha256:..%2f..",
        "/v2/deep/web/manifests/%F0%9F%92%A9",
        "/v2/deep/web/manifests/%0d%0aset-cookie:x=y",
        "/v2/deep/web/tags/list?n=%FF&last=%FF",
        "/v2/deep/web/tags/list?&&&=&n=&last",
        "/v2/deep/web/tags/list?last=%0d%0a",
        "/v2/_catalog?last=%00&n=1",
        "/v2/_catalog?n=1&n=x",
        "/v2/deep/web/referrers/sha256:",
        "/v2/deep/web/blobs/uploads/?mount=&from=",
        "/v2/deep/web/blobs/uploads/?mount=sha256:x&from=%FF",
        "/v2/deep/web/blobs/uploads/?digest=%00",
        "/v2/deep/web/blobs/uploads/?digest-algorithm=%FF",
        "/v2/'%20OR%201=1/x/manifests/v1",
        "/v2/deep/web'--/tags/list",
        "/v2/%25252F/x/tags/list",
        "/v2/?",
        "/v2?x",
        "/service/token?%FF=%FF",
        "/service/token?service=harbor-registry&scope=%FF:%00::,,",
        "/service/token?service=harbor-registry&scope=:",
        "/service/token?service=harbor-registry&scope=repository:%2F%2F:pull",
        "/.well-known/jwks.json/..",
        &long,
    ];
    for path in nasty {
        for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
            for user in ["", "admin"] {
                let call = scene.call(format!("{method} {path}"));
                let call = if user.is_empty() { call } else { call.by(user) };
                let answer = call.header("range", b"bytes=\xff").body("\u{0}{").await;
                let status = answer.status.as_u16();
                assert!((200..500).contains(&status), "{method} {path}: {status} {}", answer.text);
            }
        }
    }
}
