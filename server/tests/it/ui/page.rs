//! Addresses of people: unknown ones, and those of files. The site need not be built for these tests.

use crate::harbor::client::Scene;

#[tokio::test]
async fn a_server_function_that_is_not_there_is_not_found() {
    let scene = Scene::new().await;
    for path in ["/ui-fn/none", "/ui-fn/session", "/ui-fn/home/get/more", "/ui-fn/%FF"] {
        for method in ["GET", "POST"] {
            let answer = scene.call(format!("{method} {path}")).await;
            assert_eq!(answer.status, 404, "{method} {path}: {}", answer.text);
        }
    }
}

#[tokio::test]
async fn a_server_function_is_called_by_post_alone() {
    let scene = Scene::new().await;
    for method in ["GET", "HEAD", "PUT", "DELETE"] {
        let answer = scene.call(format!("{method} /ui-fn/home/get")).await;
        assert_eq!(answer.status, 405, "{method}");
    }
}

#[tokio::test]
async fn a_page_that_is_not_there_is_not_found() {
    let scene = Scene::new().await;
    for path in ["/none", "/projects-of-yore", "/sign-in/more", "/ui-fn", "/v2x", "/index.html"] {
        let answer = scene.call(format!("GET {path}")).await;
        if answer.status == 503 {
            assert_eq!(answer.text, "this build has no portal: build it with `make build`\n");
            continue;
        }
        assert_eq!(answer.status, 404, "{path}");
        assert!(answer.header("content-type").starts_with("text/html"), "{path}");
    }
}

#[tokio::test]
async fn a_page_takes_no_other_method() {
    let scene = Scene::new().await;
    for method in ["POST", "PUT", "DELETE", "PATCH"] {
        assert_eq!(scene.call(format!("{method} /projects")).await.status, 405, "{method}");
    }
}

#[tokio::test]
async fn a_file_that_is_not_there_is_not_found() {
    let scene = Scene::new().await;
    for path in [
        "/assets/none.js",
        "/assets/manifest.json",
        "/assets/..%2Fmanifest.json",
        "/assets/..%2F..%2FCargo.toml",
        "/assets/%2Fetc%2Fpasswd",
        "/assets//etc/passwd",
    ] {
        scene.call(format!("GET {path}")).await.is(404, "there is no such file\n");
    }
}

#[tokio::test]
async fn no_address_of_people_makes_the_server_fail() {
    let scene = Scene::new().await;
    let long = format!("/{}", "a/".repeat(8000));
    for path in [
        "/%",
        "/%00",
        "/%FF",
        "/projects/%FF",
        "/projects/%00/x",
        "/projects/..%2f..",
        "/?%FF",
        "/%0d%0a",
        &long,
    ] {
        for method in ["GET", "HEAD"] {
            let answer = scene.call(format!("{method} {path}")).await;
            let has_no_site = answer.status == 503 && answer.text.starts_with("this build has no portal");
            assert!(answer.status.as_u16() < 500 || has_no_site, "{method} {path}: {}", answer.status);
        }
    }
}
