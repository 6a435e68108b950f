//! The lists of tags and of repositories.

use futures::future::join_all;
use serde_json::{Value, json};

use super::registry::index_of;
use crate::harbor::client::{Answer, Scene};

async fn tagged(tags: &[&str]) -> Scene {
    let scene = Scene::new().await;
    for tag in tags {
        scene.put_manifest("deep/web", tag, &index_of(&[])).await.is_done(201);
    }
    scene
}

async fn tags(scene: &Scene, query: &str) -> Answer {
    let answer = scene.call(format!("GET /v2/deep/web/tags/list{query}")).by("guest").await;
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "application/json"));
    answer
}

fn list(tags: &[&str]) -> Value {
    json!({ "name": "deep/web", "tags": tags })
}

#[tokio::test]
async fn tags_are_listed_in_order() {
    let scene = tagged(&["v10", "v2", "V1", "_x", "1.0", "a"]).await;
    let answer = tags(&scene, "").await;
    assert_eq!(answer.json(), list(&["1.0", "V1", "_x", "a", "v10", "v2"]));
    assert!(answer.headers.get("link").is_none());
}

#[tokio::test]
async fn tags_are_paged_with_links() {
    let scene = tagged(&["a", "b", "c", "d", "e"]).await;
    let first = tags(&scene, "?n=2").await;
    assert_eq!(first.json(), list(&["a", "b"]));
    assert_eq!(first.header("link"), "</v2/deep/web/tags/list?last=b&n=2>; rel=\"next\"");
    let second = tags(&scene, "?last=b&n=2").await;
    assert_eq!(second.json(), list(&["c", "d"]));
    assert_eq!(second.header("link"), "</v2/deep/web/tags/list?last=d&n=2>; rel=\"next\"");
    let last = tags(&scene, "?last=d&n=2").await;
    assert_eq!(last.json(), list(&["e"]));
    assert!(last.headers.get("link").is_none());
    let exact = tags(&scene, "?last=c&n=2").await;
    assert_eq!(exact.json(), list(&["d", "e"]));
    assert!(exact.headers.get("link").is_none());
}

#[tokio::test]
async fn a_list_may_go_on_after_a_tag_that_is_not_there() {
    let scene = tagged(&["a", "c"]).await;
    assert_eq!(tags(&scene, "?last=b").await.json(), list(&["c"]));
    assert_eq!(tags(&scene, "?last=zzz").await.json(), list(&[]));
    assert_eq!(tags(&scene, "?last=%00'%22%FF").await.json(), list(&["a", "c"]));
}

#[tokio::test]
async fn no_tags_are_listed_when_none_are_wanted() {
    let scene = tagged(&["a", "b"]).await;
    let answer = tags(&scene, "?n=0").await;
    assert_eq!(answer.json(), list(&[]));
    assert!(answer.headers.get("link").is_none());
}

#[tokio::test]
async fn more_tags_may_be_wanted_than_there_are() {
    let scene = tagged(&["a", "b"]).await;
    assert_eq!(tags(&scene, "?n=18446744073709551615").await.json(), list(&["a", "b"]));
}

#[tokio::test]
async fn a_number_that_is_none_is_refused() {
    let scene = tagged(&["a"]).await;
    for n in ["x", "-1", "", "1.5", "18446744073709551616", "%00"] {
        for path in ["/v2/deep/web/tags/list", "/v2/_catalog"] {
            let answer = scene.call(format!("GET {path}?n={n}")).by("guest").await;
            assert_eq!(answer.fails(400, "UNSUPPORTED"), "n must be a number of 0 or more", "{path} {n}");
        }
    }
}

#[tokio::test]
async fn a_repository_that_is_not_there_has_no_list() {
    let scene = Scene::new().await;
    scene.push_blob("deep/blobs-only", "{}").await;
    for place in ["deep/none", "deep/blobs-only"] {
        let answer = scene.call(format!("GET /v2/{place}/tags/list")).by("guest").await;
        assert_eq!(answer.fails(404, "NAME_UNKNOWN"), format!("repository {place} does not exist"));
    }
}

#[tokio::test]
async fn the_catalog_lists_what_its_reader_may_see() {
    let scene = Scene::new().await;
    scene.world.project("secret", false, &[]).await;
    for place in ["secret/a", "library/b", "deep/c/d", "deep/a"] {
        scene.put_manifest(place, "v1", &index_of(&[])).await.is_done(201);
    }
    scene.push_blob("library/blobs-only", "{}").await;
    for (user, repositories) in [
        ("zoe", json!(["library/b"])),
        ("guest", json!(["deep/a", "deep/c/d", "library/b"])),
        ("admin", json!(["deep/a", "deep/c/d", "library/b", "secret/a"])),
    ] {
        let answer = scene.call("GET /v2/_catalog").by(user).await;
        assert_eq!(answer.json(), json!({ "repositories": repositories }), "{user}");
        let token = scene.token(user, &["registry:catalog:*"]).await;
        let answer = scene.call("GET /v2/_catalog").bearer(&token).await;
        assert_eq!(answer.json(), json!({ "repositories": repositories }), "{user}");
    }
}

#[tokio::test]
async fn the_catalog_is_closed_to_nobody_and_to_tokens_for_something_else() {
    let scene = Scene::new().await;
    let rest = r#",scope="registry:catalog:*",error="insufficient_scope""#;
    let nobody = scene.token("", &["registry:catalog:*"]).await;
    scene.call("GET /v2/_catalog").bearer(&nobody).await.challenges(rest);
    let other = scene.token("admin", &["repository:deep/web:pull"]).await;
    scene.call("GET /v2/_catalog").bearer(&other).await.challenges(rest);
}

#[tokio::test]
async fn the_catalog_is_paged_with_links() {
    let scene = Scene::new().await;
    for place in ["deep/a", "deep/b/c", "library/d"] {
        scene.put_manifest(place, "v1", &index_of(&[])).await.is_done(201);
    }
    let first = scene.call("GET /v2/_catalog?n=2").by("admin").await;
    assert_eq!(first.json(), json!({ "repositories": ["deep/a", "deep/b/c"] }));
    let link = first.header("link").to_owned();
    assert_eq!(link, "</v2/_catalog?last=deep%2Fb%2Fc&n=2>; rel=\"next\"");
    let next = link.split(['<', '>']).nth(1).unwrap();
    let last = scene.call(format!("GET {next}")).by("admin").await;
    assert_eq!(last.json(), json!({ "repositories": ["library/d"] }));
    assert!(last.headers.get("link").is_none());
    let none = scene.call("GET /v2/_catalog?n=0").by("admin").await;
    assert_eq!(none.json(), json!({ "repositories": [] }));
    assert!(none.headers.get("link").is_none());
}

#[tokio::test]
async fn the_pages_of_a_large_catalog_joined_are_all_that_the_reader_may_see_in_order() {
    let scene = Scene::new().await;
    scene.world.project("secret", false, &[]).await;
    let empty = index_of(&[]);
    let places = ["deep", "library", "secret"].into_iter().cycle().take(1000).enumerate();
    let names: Vec<String> = places.map(|(number, project)| format!("{project}/r{number}")).collect();
    let pushes = names.iter().map(|name| scene.put_manifest(name, "v1", &empty));
    for pushed in join_all(pushes).await {
        pushed.is_done(201);
    }
    let mut visible: Vec<_> = names.iter().filter(|name| !name.starts_with("secret/")).collect();
    visible.sort();
    let (mut found, mut pages) = (Vec::new(), 0);
    let mut next = Some("/v2/_catalog?n=100".to_owned());
    while let Some(address) = next {
        let page = scene.call(format!("GET {address}")).by("guest").await;
        let listed = page.json()["repositories"].as_array().unwrap().clone();
        found.extend(listed.into_iter().map(|name| name.as_str().unwrap().to_owned()));
        let link = page.headers.get("link").map(|link| link.to_str().unwrap().to_owned());
        next = link.map(|link| link.split(['<', '>']).nth(1).unwrap().to_owned());
        pages += 1;
    }
    assert_eq!(found.iter().collect::<Vec<_>>(), visible);
    assert_eq!(pages, 7);
}
