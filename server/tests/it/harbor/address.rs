//! The same repository, however its name is written.

use super::client::{Scene, index};

#[tokio::test]
async fn a_name_is_understood_plain_encoded_and_encoded_twice() {
    let scene = Scene::new().await;
    let digest = scene.push("deep/a/b", "v1", index(1)).await;
    for name in ["a/b", "a%2Fb", "a%252Fb"] {
        let path = format!("/projects/deep/repositories/{name}");
        assert_eq!(scene.get(&path, "dev").await.json()["name"], "deep/a/b", "{name}");
        for rest in ["v1".to_owned(), digest.clone(), digest.replace(':', "%3A")] {
            let artifact = scene.get(&format!("{path}/artifacts/{rest}"), "dev").await;
            assert_eq!(artifact.json()["digest"], digest, "{name} {rest}");
        }
        assert_eq!(scene.get(&format!("{path}/artifacts"), "dev").await.each("digest"), [digest.as_str()]);
        assert_eq!(scene.get(&format!("{path}/artifacts/v1/tags"), "dev").await.each("name"), ["v1"]);
    }
}

#[tokio::test]
async fn a_name_is_never_decoded_a_third_time() {
    let scene = Scene::new().await;
    scene.push("deep/a/b", "v1", index(1)).await;
    let answer = scene.get("/projects/deep/repositories/a%25252Fb", "dev").await;
    assert_eq!(answer.status, 400);
}

#[tokio::test]
async fn links_keep_the_name_as_it_was_written() {
    let scene = Scene::new().await;
    scene.push("deep/a/b", "v1", index(1)).await;
    scene.push("deep/a/b", "v2", index(2)).await;
    let path = "/projects/deep/repositories/a%252Fb/artifacts";
    let answer = scene.get(&format!("{path}?page_size=1"), "dev").await;
    assert_eq!(answer.header("link"), format!("</api/v2.0{path}?page=2&page_size=1>; rel=\"next\""));
}
