//! The client against a registry of a few lines that lives in memory.

#![expect(clippy::unwrap_used, reason = "a test that can't arrange its scene has failed")]

use std::{
    collections::HashMap,
    convert::Infallible,
    sync::{Arc, Mutex},
};

use bench::{Blob, Client, Error, Image, MANIFEST_TYPE};
use bytes::Bytes;
use http::{Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpListener, task::JoinSet};

/// What the registry keeps, by the last part of the path: digests, tags and the one open upload.
#[derive(Default)]
struct Store {
    things: HashMap<String, Bytes>,
    upload: Vec<u8>,
    requests: Vec<String>,
    connections: usize,
    /// Whether each answer closes its connection.
    closes: bool,
}

impl Store {
    fn answer(&mut self, method: &Method, path: &str, query: &str, body: &[u8]) -> (StatusCode, Bytes) {
        let last = path.rsplit('/').next().unwrap_or_default();
        match (method, path.contains("/uploads/")) {
            (&Method::POST, true) => {
                self.upload.clear();
                (StatusCode::ACCEPTED, Bytes::new())
            }
            (&Method::PATCH, true) => {
                self.upload.extend_from_slice(body);
                (StatusCode::ACCEPTED, Bytes::new())
            }
            (&Method::PUT, true) => {
                self.upload.extend_from_slice(body);
                let digest = query.rsplit("digest=").next().unwrap_or_default();
                self.things.insert(digest.to_owned(), std::mem::take(&mut self.upload).into());
                (StatusCode::CREATED, Bytes::new())
            }
            (&Method::PUT, false) => {
                self.things.insert(last.to_owned(), body.to_vec().into());
                (StatusCode::CREATED, Bytes::new())
            }
            _ => match self.things.get(last) {
                Some(thing) => (StatusCode::OK, thing.clone()),
                None => (StatusCode::NOT_FOUND, Bytes::from_static(b"nothing of this name")),
            },
        }
    }
}

/// A registry and a client of it; the registry ends with this.
struct World {
    store: Arc<Mutex<Store>>,
    client: Client,
    _registry: JoinSet<()>,
}

impl World {
    async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = Client::new(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        let store = Arc::new(Mutex::new(Store::default()));
        let mut registry = JoinSet::new();
        registry.spawn(serve(listener, Arc::clone(&store)));
        Self { store, client, _registry: registry }
    }

    fn store<T>(&self, with: impl FnOnce(&mut Store) -> T) -> T {
        with(&mut self.store.lock().unwrap())
    }
}

async fn serve(listener: TcpListener, store: Arc<Mutex<Store>>) {
    let mut connections = JoinSet::new();
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        store.lock().unwrap().connections += 1;
        let store = Arc::clone(&store);
        let service = service_fn(move |request| answer(request, Arc::clone(&store)));
        connections.spawn(async move {
            let _broken = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

async fn answer(
    request: Request<Incoming>,
    store: Arc<Mutex<Store>>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    let mut store = store.lock().unwrap();
    store.requests.push(format!("{} {}", head.method, body.len()));
    let (status, body) =
        store.answer(&head.method, head.uri.path(), head.uri.query().unwrap_or_default(), &body);
    let mut response = Response::builder().status(status);
    if status == StatusCode::ACCEPTED {
        response = response.header(header::LOCATION, "/v2/a/blobs/uploads/1?state=x");
    }
    if store.closes {
        response = response.header(header::CONNECTION, "close");
    }
    Ok(response.body(Full::new(body)).unwrap())
}

#[tokio::test]
async fn an_image_that_was_pushed_is_pulled_whole() {
    let mut world = World::new().await;
    let image = Image::random(&[1024, 700_000]);
    let digest = world.client.push_image("a", "1", &image).await.unwrap();
    let pulled = world.client.pull_and_verify("a", "1").await.unwrap();
    assert_eq!((pulled.digest, pulled.blobs), (digest, 3));
    assert_eq!(pulled.bytes, image.blobs().map(Blob::size).sum::<u64>());
    assert_eq!(world.store(|store| store.connections), 1);
}

#[tokio::test]
async fn an_index_is_pulled_with_its_images() {
    let mut world = World::new().await;
    let image = Image::random(&[2048]);
    world.client.push_image("a", image.digest(), &image).await.unwrap();
    let size = image.manifest().len();
    let index = format!(r#"{{"manifests":[{{"digest":"{}","size":{size}}}]}}"#, image.digest());
    world.client.push_manifest("a", "all", MANIFEST_TYPE, &index.into()).await.unwrap();
    assert_eq!(world.client.pull_and_verify("a", "all").await.unwrap().blobs, 2);
}

#[tokio::test]
async fn chunks_are_as_long_as_they_should_be_and_add_up() {
    let mut world = World::new().await;
    let blob = Blob::random(1000);
    world.client.push_blob_in_chunks("a", &blob, 400).await.unwrap();
    let requests = world.store(|store| store.requests.clone());
    assert_eq!(requests, ["POST 0", "PATCH 400", "PATCH 400", "PATCH 200", "PUT 0"]);
    let whole: Vec<u8> = blob.content().frames().flatten().collect();
    assert_eq!(world.store(|store| store.things[blob.digest()].to_vec()), whole);
}

#[tokio::test]
async fn a_damaged_layer_is_noticed() {
    let mut world = World::new().await;
    let image = Image::random(&[1024]);
    world.client.push_image("a", "1", &image).await.unwrap();
    let layer = image.blobs().last().unwrap().digest().to_owned();
    world.store(|store| store.things.insert(layer, Bytes::from(vec![0; 1024])));
    let error = world.client.pull_and_verify("a", "1").await.unwrap_err();
    assert!(matches!(error, Error::Answer { .. }), "{error}");
}

#[tokio::test]
async fn a_manifest_that_is_not_what_was_asked_for_is_noticed() {
    let mut world = World::new().await;
    let (image, other) = (Image::random(&[1024]), Image::random(&[1024]));
    world.client.push_image("a", image.digest(), &image).await.unwrap();
    world.store(|store| store.things.insert(image.digest().to_owned(), other.manifest().clone()));
    let error = world.client.pull_and_verify("a", image.digest()).await.unwrap_err();
    assert!(matches!(error, Error::Answer { .. }), "{error}");
}

#[tokio::test]
async fn a_connection_that_the_registry_closes_is_opened_again() {
    let mut world = World::new().await;
    world.store(|store| store.closes = true);
    let image = Image::random(&[1024]);
    world.client.push_image("a", "1", &image).await.unwrap();
    world.client.pull_and_verify("a", "1").await.unwrap();
    world.store(|store| assert_eq!(store.connections, store.requests.len()));
}

#[tokio::test]
async fn a_refusal_says_what_was_asked_and_why_not() {
    let mut world = World::new().await;
    let error = world.client.get_blob("a", "sha256:none", |_| panic!("nothing to read")).await.unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::NOT_FOUND));
    assert_eq!(error.to_string(), "GET /v2/a/blobs/sha256:none: 404 Not Found nothing of this name");
}
