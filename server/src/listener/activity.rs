//! Counts the requests of a connection that are under way, up to the end of their responses.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use axum::body::{Body, HttpBody};
use bytes::Bytes;
use http_body::{Frame, SizeHint};

/// Shared by the service and the socket of one connection.
#[derive(Clone, Debug, Default)]
pub(super) struct Activity(Arc<Counters>);

#[derive(Debug, Default)]
struct Counters {
    started: AtomicU64,
    finished: AtomicU64,
}

impl Activity {
    /// Counts a request until the returned guard is dropped.
    pub(super) fn begin(&self) -> UnderWay {
        self.0.started.fetch_add(1, Ordering::AcqRel);
        UnderWay(self.clone())
    }

    /// Requests finished so far while none is under way; `None` while one is.
    pub(super) fn idle_after(&self) -> Option<u64> {
        let finished = self.0.finished.load(Ordering::Acquire);
        (self.0.started.load(Ordering::Acquire) == finished).then_some(finished)
    }
}

/// Stands for one request under way.
#[derive(Debug)]
pub(super) struct UnderWay(Activity);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.0.finished.fetch_add(1, Ordering::AcqRel);
    }
}

/// A response body that keeps its request under way until it is sent or dropped.
pub(super) struct CountedBody {
    inner: Body,
    _under_way: UnderWay,
}

impl CountedBody {
    pub(super) fn new(inner: Body, under_way: UnderWay) -> Self {
        Self { inner, _under_way: under_way }
    }
}

impl HttpBody for CountedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.inner).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
