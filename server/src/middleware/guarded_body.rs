//! A request body that gives up when its client falls silent or sends too much.
//!
//! The reader of the body sees an ordinary read error; what really happened is kept in the
//! [`Verdict`], because only the layer outside the handler answers it.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, HttpBody};
use bytes::Bytes;
use http_body::{Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep};

/// How far the reading of a body has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Reading {
    /// Not read to its end.
    Open = 0,
    /// Read to its end.
    Ended = 1,
    /// Given up: nothing came for too long.
    Idle = 2,
    /// Given up: more came than is allowed.
    TooLarge = 3,
}

/// The state of a body, shared with the layer that answers the request.
#[derive(Clone, Debug)]
pub(super) struct Verdict(Arc<AtomicU8>);

impl Verdict {
    fn set(&self, reading: Reading) {
        self.0.store(reading as u8, Ordering::Release);
    }

    pub(super) fn get(&self) -> Reading {
        match self.0.load(Ordering::Acquire) {
            1 => Reading::Ended,
            2 => Reading::Idle,
            3 => Reading::TooLarge,
            _ => Reading::Open,
        }
    }
}

/// Why a body could not be read to its end.
#[derive(Debug, thiserror::Error)]
enum GaveUp {
    #[error("the client sent nothing for too long")]
    Idle,
    #[error("the body is larger than allowed")]
    TooLarge,
}

/// The body itself.
pub(super) struct GuardedBody {
    inner: Body,
    idle: Duration,
    timer: Pin<Box<Sleep>>,
    is_waiting: bool,
    left_bytes: Option<u64>,
    verdict: Verdict,
}

impl GuardedBody {
    pub(super) fn new(inner: Body, idle: Duration, cap_bytes: Option<u64>) -> (Self, Verdict) {
        let verdict = Verdict(Arc::new(AtomicU8::new(Reading::Open as u8)));
        let body = Self {
            inner,
            idle,
            timer: Box::pin(sleep(idle)),
            is_waiting: false,
            left_bytes: cap_bytes,
            verdict: verdict.clone(),
        };
        (body, verdict)
    }

    fn poll_idle(&mut self, cx: &mut Context<'_>) -> Poll<axum::Error> {
        if !self.is_waiting {
            self.is_waiting = true;
            self.timer.as_mut().reset(Instant::now() + self.idle);
        }
        ready!(self.timer.as_mut().poll(cx));
        self.verdict.set(Reading::Idle);
        Poll::Ready(axum::Error::new(GaveUp::Idle))
    }

    fn count(&mut self, frame: Frame<Bytes>) -> Result<Frame<Bytes>, axum::Error> {
        let len = frame.data_ref().map_or(0, Bytes::len) as u64;
        if let Some(left) = self.left_bytes {
            self.left_bytes = left.checked_sub(len);
            if self.left_bytes.is_none() {
                self.verdict.set(Reading::TooLarge);
                return Err(axum::Error::new(GaveUp::TooLarge));
            }
        }
        Ok(frame)
    }
}

impl HttpBody for GuardedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.inner).poll_frame(cx);
        let Poll::Ready(next) = polled else {
            return self.poll_idle(cx).map(|error| Some(Err(error)));
        };
        self.is_waiting = false;
        Poll::Ready(match next {
            None => {
                self.verdict.set(Reading::Ended);
                None
            }
            Some(frame) => Some(frame.and_then(|frame| self.count(frame))),
        })
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
