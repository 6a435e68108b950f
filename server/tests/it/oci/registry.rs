//! What the tests of the registry, its tokens and its pages share: one way to send a request, one way to push, and the
//! refusals to compare with.

use std::future::{Future, IntoFuture};
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::Body;
use bytes::Bytes;
use chrono::Duration;
use data_encoding::{BASE64, BASE64URL_NOPAD};
use futures::{StreamExt, stream};
use http::header;
use serde_json::{Value, json};
use server::{
    config::Config, listener::Stop, metrics::Requests, middleware::Peer, router::router, state::AppState,
};
use service::{OpCtx, Options, Services, testing::World, token::Holder};
use sha2::{Digest as _, Sha256, Sha512};
use types::{
    digest::{Algorithm, Digest},
    oci::media_type::{OCI_CONFIG, OCI_INDEX, OCI_MANIFEST},
    scope::Scope,
    secret::Secret,
};

use crate::harbor::client::{Answer, Scene};

/// The content most tests push.
pub const CONTENT: &str = "0123456789";
/// A password other than that of everybody.
pub const OTHER_PASSWORD: &str = "Another-12345";
/// The media type of layers.
pub const LAYER: &str = "application/vnd.oci.image.layer.v1.tar";

/// The SHA-256 digest of some bytes.
pub fn sha256(content: impl AsRef<[u8]>) -> String {
    Digest::from_bytes(Algorithm::Sha256, &Sha256::digest(content)).unwrap().to_string()
}

/// The SHA-512 digest of some bytes.
pub fn sha512(content: impl AsRef<[u8]>) -> String {
    Digest::from_bytes(Algorithm::Sha512, &Sha512::digest(content)).unwrap().to_string()
}

/// What a token is good for, as it says itself.
pub fn access_of(token: &str) -> Value {
    let claims = BASE64URL_NOPAD.decode(token.split('.').nth(1).unwrap().as_bytes()).unwrap();
    serde_json::from_slice::<Value>(&claims).unwrap()["access"].take()
}

/// A descriptor.
pub fn descriptor(media_type: &str, content: &str) -> Value {
    json!({ "mediaType": media_type, "digest": sha256(content), "size": content.len() })
}

/// An image of the config `{}` and the given layers.
pub fn image(layers: &[&str]) -> Value {
    let layers: Vec<Value> = layers.iter().map(|layer| descriptor(LAYER, layer)).collect();
    json!({
        "schemaVersion": 2, "mediaType": OCI_MANIFEST, "config": descriptor(OCI_CONFIG, "{}"), "layers": layers,
    })
}

/// An index over manifests.
pub fn index_of(manifests: &[&Value]) -> Value {
    let manifests: Vec<Value> =
        manifests.iter().map(|manifest| descriptor(OCI_MANIFEST, &manifest.to_string())).collect();
    json!({ "schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": manifests })
}

/// A body whose sender goes away after some bytes.
pub fn broken(content: &'static str) -> Body {
    let gone = std::io::Error::new(std::io::ErrorKind::ConnectionReset, "gone");
    Body::from_stream(stream::iter([Ok(Bytes::from_static(content.as_bytes())), Err(gone)]))
}

/// A body of so many chunks of a mebibyte, and how many of them were taken.
pub fn counted(chunks: usize) -> (Body, Arc<AtomicUsize>) {
    let taken = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&taken);
    let chunk = Bytes::from(vec![b' '; 1 << 20]);
    let body = stream::iter(0..chunks).map(move |_| {
        count.fetch_add(1, Ordering::Relaxed);
        Ok::<_, std::io::Error>(chunk.clone())
    });
    (Body::from_stream(body), taken)
}

/// A body that does not say its length.
pub fn streamed(content: impl Into<Bytes>) -> Body {
    Body::from_stream(stream::iter([Ok::<_, std::io::Error>(content.into())]))
}

/// A request to be sent; awaiting it sends it.
pub struct Call<'s> {
    scene: &'s Scene,
    request: http::request::Builder,
    body: Body,
}

impl Call<'_> {
    pub fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.request = self.request.header(name, value.as_ref());
        self
    }

    /// With the name and password of a user.
    pub fn by(self, user: &str) -> Self {
        self.basic(user, World::PASSWORD)
    }

    pub fn basic(self, user: &str, password: &str) -> Self {
        let pair = BASE64.encode(format!("{user}:{password}").as_bytes());
        self.header("authorization", format!("Basic {pair}"))
    }

    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", format!("Bearer {token}"))
    }

    /// From another machine.
    pub fn at_address(mut self, ip: [u8; 4]) -> Self {
        self.request =
            self.request.extension(Peer { address: (IpAddr::from(ip), 4711).into(), is_tls: false });
        self
    }

    /// Over TLS.
    pub fn encrypted(mut self) -> Self {
        self.request = self.request.extension(Peer { address: ([127, 0, 0, 1], 4711).into(), is_tls: true });
        self
    }

    pub fn body(mut self, body: impl Into<Body>) -> Self {
        self.body = body.into();
        self
    }

    /// A form, as the POST of the token service and pages without scripting send it.
    pub fn form(self, fields: &[(&str, &str)]) -> Self {
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.header("content-type", "application/x-www-form-urlencoded").body(form)
    }
}

impl<'s> IntoFuture for Call<'s> {
    type Output = Answer;
    type IntoFuture = Pin<Box<dyn Future<Output = Answer> + Send + 's>>;

    fn into_future(self) -> Self::IntoFuture {
        let request = self.request.body(self.body).unwrap();
        Box::pin(self.scene.answer(request))
    }
}

impl Scene {
    /// A request as written in its first line: method, space, address.
    pub fn call(&self, line: impl AsRef<str>) -> Call<'_> {
        let (method, uri) = line.as_ref().split_once(' ').unwrap();
        let request = http::Request::builder().method(method).uri(uri).header(header::HOST, "berth.test");
        Call { scene: self, request, body: Body::empty() }
    }

    /// A token of a user (of nobody, with an empty name) made some seconds ago, or in the future.
    pub async fn token_aged(&self, user: &str, scopes: &[&str], age_secs: i64) -> String {
        let nobody = World::anonymous();
        let services = &self.world.services;
        let holder = if user.is_empty() {
            Holder::Anonymous
        } else {
            let password = Secret::new(World::PASSWORD.to_owned());
            Holder::User(services.authn.password(&nobody, user, &password).await.unwrap())
        };
        let scopes: Vec<Scope> = scopes.iter().map(|scope| Scope::parse(scope)).collect();
        let cx = OpCtx { now: nobody.now - Duration::seconds(age_secs), ..nobody };
        services.tokens.issue(&cx, &holder, &scopes).await.unwrap().token
    }

    /// A new token of a user, or of nobody.
    pub async fn token(&self, user: &str, scopes: &[&str]) -> String {
        self.token_aged(user, scopes, 0).await
    }

    /// The server after a stop and a start.
    pub async fn restart(self) -> Self {
        let world = self.world;
        world.services.clone().close().await.unwrap();
        let options = Options::new(world.data());
        let (services, _) = Services::open(options, World::anonymous().now).await.unwrap();
        let state = AppState { services, config: Arc::new(Config::default()), stop: Stop::new() };
        Self { app: router(state, Requests::default()), world }
    }

    /// Gives a user the password [`OTHER_PASSWORD`].
    pub async fn change_password(&self, user: &str) {
        let id = self.id_of(user).await;
        let new = json!({ "old_password": World::PASSWORD, "new_password": OTHER_PASSWORD });
        self.put(&format!("/users/{id}/password"), user, new).await.is_done(200);
    }

    pub async fn delete_user(&self, user: &str) {
        let id = self.id_of(user).await;
        self.delete(&format!("/users/{id}"), "admin").await.is_done(200);
    }

    async fn id_of(&self, user: &str) -> i64 {
        self.world.cx(user).await.unwrap().user_id().unwrap()
    }

    /// Pushes a blob in one request and returns its digest.
    pub async fn push_blob(&self, repository: &str, content: &str) -> String {
        let digest = sha256(content);
        let at = format!("POST /v2/{repository}/blobs/uploads/?digest={digest}");
        self.call(at).by("admin").body(content.to_owned()).await.is_done(201);
        digest
    }

    /// Opens an upload as `admin` and returns its address.
    pub async fn open_upload(&self, repository: &str) -> String {
        let answer = self.call(format!("POST /v2/{repository}/blobs/uploads/")).by("admin").await;
        answer.is_done(202);
        answer.header("location").to_owned()
    }

    /// Sends a manifest as `admin`, with the media type it names.
    pub async fn put_manifest(&self, repository: &str, reference: &str, manifest: &Value) -> Answer {
        let media_type = manifest["mediaType"].as_str().unwrap();
        let call = self.call(format!("PUT /v2/{repository}/manifests/{reference}")).by("admin");
        call.header("content-type", media_type).body(manifest.to_string()).await
    }

    /// Pushes an image with its config and one layer, and returns its digest.
    pub async fn push_image(&self, repository: &str, tag: &str, layer: &str) -> String {
        self.push_blob(repository, "{}").await;
        self.push_blob(repository, layer).await;
        let manifest = image(&[layer]);
        self.put_manifest(repository, tag, &manifest).await.is_done(201);
        sha256(manifest.to_string())
    }
}

impl Answer {
    /// The answer is one error in the envelope of the registry; returns its message.
    #[track_caller]
    pub fn fails(&self, status: u16, code: &str) -> String {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        assert_eq!(self.header("content-type"), "application/json");
        let body = self.json();
        let message = body["errors"][0]["message"].as_str().unwrap_or_default().to_owned();
        assert_eq!(body, json!({ "errors": [{ "code": code, "message": message }] }));
        assert!(!message.is_empty());
        message
    }

    /// The answer is a 401 with exactly one challenge, which goes on like this after realm and service. The body is
    /// left to `fails`: an answer to HEAD has none.
    #[track_caller]
    pub fn challenges(&self, rest: &str) {
        assert_eq!(self.status.as_u16(), 401, "{}", self.text);
        let all: Vec<_> = self.headers.get_all(header::WWW_AUTHENTICATE).iter().collect();
        let start = r#"Bearer realm="http://berth.test/service/token",service="harbor-registry""#;
        assert_eq!(all, [&format!("{start}{rest}")]);
    }

    /// The answer is good and has this body.
    #[track_caller]
    pub fn is(&self, status: u16, text: &str) {
        assert_eq!((self.status.as_u16(), self.text.as_str()), (status, text));
    }
}
