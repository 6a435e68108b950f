//! One connection, driven by whoever waits for an answer: nothing runs in the background.

use std::{
    convert::Infallible,
    future::poll_fn,
    pin::{Pin, pin},
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{Request, Response};
use http_body::{Body, Frame, SizeHint};
use http_body_util::BodyExt;
use hyper::{
    body::Incoming,
    client::conn::http1::{self, SendRequest},
};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::Error;
use crate::content::Frames;

/// What a request carries.
pub(super) enum Upload {
    /// Nothing, or bytes that are at hand.
    Bytes(Bytes),
    /// A blob or a part of one.
    Frames(Frames),
}

impl Upload {
    pub(super) fn empty() -> Self {
        Self::Bytes(Bytes::new())
    }
}

impl Body for Upload {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let next = match self.get_mut() {
            Self::Bytes(bytes) if bytes.is_empty() => None,
            Self::Bytes(bytes) => Some(std::mem::take(bytes)),
            Self::Frames(frames) => frames.next(),
        };
        Poll::Ready(next.map(|bytes| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.size_hint().exact() == Some(0)
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Frames(frames) => frames.left(),
        })
    }
}

type Driver = http1::Connection<TokioIo<TcpStream>, Upload>;

/// A keep-alive connection.
pub(super) struct Connection {
    sender: SendRequest<Upload>,
    /// None once it has ended: whoever still waits for it learns so by its being dropped.
    driver: Option<Driver>,
}

impl Connection {
    /// Connects to `host:port`.
    pub(super) async fn open(authority: &str) -> Result<Self, Error> {
        let failed = |error| Error::Connect(authority.to_owned(), error);
        let stream = TcpStream::connect(authority).await.map_err(failed)?;
        stream.set_nodelay(true).map_err(failed)?;
        let shaken = http1::Builder::new().handshake(TokioIo::new(stream)).await;
        let (sender, driver) = shaken.map_err(|error| Error::Exchange(authority.to_owned(), error))?;
        Ok(Self { sender, driver: Some(driver) })
    }

    /// Whether it takes another request; notices that the server has closed it meanwhile.
    pub(super) async fn is_ready(&mut self) -> bool {
        let Self { sender, driver } = self;
        let looked = poll_fn(|context| {
            advance(driver, context);
            Poll::Ready(())
        });
        looked.await;
        driver.is_some() && drive(driver, sender.ready()).await.is_ok()
    }

    /// Sends a request and waits for the head of its answer.
    pub(super) async fn send(&mut self, request: Request<Upload>) -> hyper::Result<Response<Incoming>> {
        let Self { sender, driver } = self;
        drive(driver, sender.send_request(request)).await
    }

    /// Waits for the next piece of an answer's body.
    pub(super) async fn next(&mut self, body: &mut Incoming) -> Option<hyper::Result<Bytes>> {
        loop {
            match drive(&mut self.driver, body.frame()).await? {
                Ok(frame) => {
                    if let Ok(bytes) = frame.into_data() {
                        return Some(Ok(bytes));
                    }
                }
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

/// Waits for `wanted` while the connection reads and writes.
///
/// `wanted` goes first, so that what it asks for is seen in the same round, and again last: the connection may end in
/// the round in which it delivers.
async fn drive<T>(driver: &mut Option<Driver>, wanted: impl Future<Output = T>) -> T {
    let mut wanted = pin!(wanted);
    poll_fn(|context| {
        if let Poll::Ready(value) = wanted.as_mut().poll(context) {
            return Poll::Ready(value);
        }
        advance(driver, context);
        wanted.as_mut().poll(context)
    })
    .await
}

/// Lets the connection read and write what it can. Its own error is seen by whoever waits for something from it.
fn advance(driver: &mut Option<Driver>, context: &mut Context<'_>) {
    if driver.as_mut().is_some_and(|driver| Pin::new(driver).poll(context).is_ready()) {
        *driver = None;
    }
}
