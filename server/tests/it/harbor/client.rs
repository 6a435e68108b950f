//! A world with a client in front of it.

use std::sync::Arc;

use axum::{Router, body::Body};
use axum_extra::headers::{Authorization, HeaderMapExt};
use http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use server::{config::Config, listener::Stop, metrics::Requests, router::router, state::AppState};
use service::testing::World;
use tower::ServiceExt;
use types::role::Role;

/// A manifest that refers to nothing, told apart by a number.
pub fn index(number: u32) -> String {
    let media_type = "application/vnd.oci.image.index.v1+json";
    let annotations = json!({ "number": number.to_string() });
    json!({ "schemaVersion": 2, "mediaType": media_type, "manifests": [], "annotations": annotations })
        .to_string()
}

/// The server over a world of its own.
pub struct Scene {
    pub world: World,
    pub app: Router,
}

/// An answer, read to its end.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Scene {
    /// `admin`, the public project `library`, and the private project `deep` with a member for each role but the
    /// weakest: `boss`, `mia` (maintainer), `dev` and `guest`; `zoe` is a stranger.
    pub async fn new() -> Self {
        Self::with(Config::default()).await
    }

    pub async fn with(config: Config) -> Self {
        let world = World::new().await;
        let people = [
            (world.user("boss").await, Role::ProjectAdmin),
            (world.user("mia").await, Role::Maintainer),
            (world.user("dev").await, Role::Developer),
            (world.user("guest").await, Role::Guest),
        ];
        let members: Vec<_> = people.iter().map(|(cx, role)| (cx, *role)).collect();
        world.project("deep", false, &members).await;
        world.user("zoe").await;
        Self::over(world, config)
    }

    fn over(world: World, config: Config) -> Self {
        let state =
            AppState { services: world.services.clone(), config: Arc::new(config), stop: Stop::new() };
        Self { app: router(state, Requests::default()), world }
    }

    /// Starts the server anew on what it has kept, with other options.
    pub async fn reopen(self, change: impl FnOnce(&mut service::Options)) -> Self {
        let Self { world, app } = self;
        drop(app);
        Self::over(world.crash_into(change).await, Config::default())
    }

    /// Sends a request to an address below `/api/v2.0`, as a user or, with an empty name, as nobody.
    pub async fn send(&self, method: Method, path: &str, user: &str, body: Option<Value>) -> Answer {
        let request = request(method, &format!("/api/v2.0{path}"), user);
        self.answer(match body {
            None => request.body(Body::empty()).unwrap(),
            Some(body) => request
                .header(header::CONTENT_TYPE, "application/json")
                .body(body.to_string().into())
                .unwrap(),
        })
        .await
    }

    pub async fn get(&self, path: &str, user: &str) -> Answer {
        self.send(Method::GET, path, user, None).await
    }

    pub async fn delete(&self, path: &str, user: &str) -> Answer {
        self.send(Method::DELETE, path, user, None).await
    }

    pub async fn post(&self, path: &str, user: &str, body: Value) -> Answer {
        self.send(Method::POST, path, user, Some(body)).await
    }

    pub async fn put(&self, path: &str, user: &str, body: Value) -> Answer {
        self.send(Method::PUT, path, user, Some(body)).await
    }

    pub async fn patch(&self, path: &str, user: &str, body: Value) -> Answer {
        self.send(Method::PATCH, path, user, Some(body)).await
    }

    /// Sends a request with a name and a secret that are not those of a person.
    pub async fn send_as(
        &self,
        method: Method,
        path: &str,
        (name, secret): (&str, &str),
        body: Option<Value>,
    ) -> Answer {
        let mut request = request(method, &format!("/api/v2.0{path}"), "");
        if let Some(headers) = request.headers_mut() {
            headers.typed_insert(Authorization::basic(name, secret));
        }
        let request = request.header(header::CONTENT_TYPE, "application/json");
        let body = body.map_or_else(Body::empty, |body| body.to_string().into());
        self.answer(request.body(body).unwrap()).await
    }

    pub async fn get_as(&self, path: &str, name: &str, secret: &str) -> Answer {
        self.send_as(Method::GET, path, (name, secret), None).await
    }

    pub async fn post_as(&self, path: &str, name: &str, secret: &str, body: Value) -> Answer {
        self.send_as(Method::POST, path, (name, secret), Some(body)).await
    }

    pub async fn put_as(&self, path: &str, name: &str, secret: &str, body: Value) -> Answer {
        self.send_as(Method::PUT, path, (name, secret), Some(body)).await
    }

    pub async fn answer(&self, request: Request<Body>) -> Answer {
        let (parts, body) = self.app.clone().oneshot(request).await.unwrap().into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        Answer { status: parts.status, headers: parts.headers, text }
    }

    /// Pushes a manifest through the registry's door and returns its digest.
    pub async fn push(&self, repository: &str, tag: &str, manifest: String) -> String {
        let request = request(Method::PUT, &format!("/v2/{repository}/manifests/{tag}"), "admin");
        let request = request.header(header::CONTENT_TYPE, "application/vnd.oci.image.index.v1+json");
        let answer = self.answer(request.body(manifest.into()).unwrap()).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        answer.header("docker-content-digest").to_owned()
    }
}

/// A request with the credentials of a user, or, with an empty name, of nobody.
pub fn request(method: Method, uri: &str, user: &str) -> http::request::Builder {
    let mut request = Request::builder().method(method).uri(uri);
    if !user.is_empty()
        && let Some(headers) = request.headers_mut()
    {
        headers.typed_insert(Authorization::basic(user, World::PASSWORD));
    }
    request
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.unwrap_or_else(|| panic!("no header {name}: {} {}", self.status, self.text)).to_str().unwrap()
    }

    /// The answer succeeded without a body.
    #[track_caller]
    pub fn is_done(&self, status: u16) {
        assert_eq!((self.status.as_u16(), self.text.as_str()), (status, ""));
    }

    /// The answer is one error in the envelope, to the byte.
    #[track_caller]
    pub fn is_refused(&self, status: u16, code: &str, message: &str) {
        let errors = json!({ "errors": [{ "code": code, "message": message }] });
        assert_eq!((self.status.as_u16(), self.text.clone()), (status, format!("{errors}\n")));
        assert_eq!(self.header("content-type"), "application/json");
    }

    /// One field of every item of a list.
    pub fn each(&self, field: &str) -> Vec<Value> {
        self.json().as_array().unwrap().iter().map(|item| item[field].clone()).collect()
    }
}

/// Takes the value of a field that no test can know, and checks its form.
#[track_caller]
pub fn take_time(value: &mut Value, field: &str) {
    let time = value[field].take();
    let text = time.as_str().unwrap();
    assert!(text.len() == "2026-11-24T03:50:45.123Z".len() && text.ends_with('Z'), "{field} {text}");
}
