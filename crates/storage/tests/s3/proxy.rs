//! A proxy that stands between the driver and the server and goes wrong as networks and busy stores do.

use std::convert::Infallible;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use futures::{StreamExt as _, stream};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, BodyStream, Full, StreamBody};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

type Body = BoxBody<Bytes, io::Error>;

const SLOW_DOWN: &str =
    "<?xml version=\"1.0\"?><Error><Code>SlowDown</Code><Message>Slow down</Message></Error>";

/// What goes wrong with a request.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The store says that it is busy.
    SlowDown,
    /// The connection breaks after the first bytes of the request's body.
    CutRequest,
    /// The connection breaks in the middle of the answer's body, the first time.
    CutAnswerOnce,
}

#[derive(Default)]
struct Faults {
    plan: Mutex<Option<(usize, Fault)>>,
    requests: AtomicUsize,
    made: AtomicUsize,
}

/// A running proxy; it ends with the test.
pub struct Proxy {
    pub url: String,
    faults: Arc<Faults>,
    task: JoinHandle<()>,
}

impl Proxy {
    /// Stands before the server at `upstream`.
    pub async fn start(upstream: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let upstream = upstream.strip_prefix("http://").unwrap().to_owned();
        let faults = Arc::<Faults>::default();
        let task = tokio::spawn(serve(listener, upstream, Arc::clone(&faults)));
        Self { url, faults, task }
    }

    /// Makes every `n`th request go wrong from here on.
    pub fn every(&self, n: usize, fault: Fault) {
        *self.faults.plan.lock().unwrap() = Some((n, fault));
    }

    /// How many requests went wrong.
    pub fn faults(&self) -> usize {
        self.faults.made.load(Ordering::Relaxed)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Faults {
    /// Decides over the next request.
    fn next(&self) -> Option<Fault> {
        let number = self.requests.fetch_add(1, Ordering::Relaxed) + 1;
        let mut plan = self.plan.lock().unwrap();
        let (_, fault) = (*plan).filter(|(n, _)| number.is_multiple_of(*n))?;
        if fault == Fault::CutAnswerOnce {
            *plan = None;
        }
        self.made.fetch_add(1, Ordering::Relaxed);
        Some(fault)
    }
}

async fn serve(listener: TcpListener, upstream: String, faults: Arc<Faults>) {
    while let Ok((socket, _)) = listener.accept().await {
        let (upstream, faults) = (upstream.clone(), Arc::clone(&faults));
        let service = service_fn(move |request| {
            let (upstream, fault) = (upstream.clone(), faults.next());
            async move { answer(&upstream, request, fault).await }
        });
        tokio::spawn(
            hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(socket), service),
        );
    }
}

/// An error here is a broken connection for the client.
async fn answer(
    upstream: &str,
    mut request: Request<Incoming>,
    fault: Option<Fault>,
) -> Result<Response<Body>, io::Error> {
    match fault {
        Some(Fault::SlowDown) => {
            request.body_mut().collect().await.map_err(io::Error::other)?;
            let mut response = Response::new(full(SLOW_DOWN));
            *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
            Ok(response)
        }
        Some(Fault::CutRequest) => {
            let _first = request.body_mut().frame().await;
            Err(io::ErrorKind::ConnectionReset.into())
        }
        Some(Fault::CutAnswerOnce) => {
            let response = send(upstream, request.map(|body| body.map_err(io::Error::other).boxed())).await?;
            Ok(response.map(|body| {
                let frames = BodyStream::new(body.map_err(io::Error::other)).take(3);
                let cut = stream::iter([Err(io::ErrorKind::ConnectionReset.into())]);
                BodyExt::boxed(StreamBody::new(frames.chain(cut)))
            }))
        }
        None => {
            let response = send(upstream, request.map(|body| body.map_err(io::Error::other).boxed())).await?;
            Ok(response.map(|body| body.map_err(io::Error::other).boxed()))
        }
    }
}

async fn send(upstream: &str, request: Request<Body>) -> Result<Response<Incoming>, io::Error> {
    let socket = TcpStream::connect(upstream).await?;
    let connected = hyper::client::conn::http1::handshake(TokioIo::new(socket)).await;
    let (mut sender, connection) = connected.map_err(io::Error::other)?;
    tokio::spawn(connection);
    sender.send_request(request).await.map_err(io::Error::other)
}

fn full(text: &'static str) -> Body {
    let never = |never: Infallible| match never {};
    Full::new(Bytes::from_static(text.as_bytes())).map_err(never).boxed()
}

/// Sends a request without a key and without a body.
pub async fn request(method: &str, url: &str) -> Result<Response<Incoming>, io::Error> {
    let (host, path) = url.strip_prefix("http://").and_then(|rest| rest.split_once('/')).unwrap();
    let request = Request::builder()
        .method(Method::from_bytes(method.as_bytes()).unwrap())
        .uri(format!("/{path}"))
        .header("host", host)
        .header("content-length", "0")
        .body(full(""))
        .unwrap();
    send(host, request).await
}

/// Reads what an address gives to anyone.
pub async fn get(url: &str) -> Vec<u8> {
    let response = request("GET", url).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    response.into_body().collect().await.unwrap().to_bytes().into()
}
