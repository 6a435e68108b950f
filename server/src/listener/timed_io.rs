//! A socket that gives up on a client that keeps the server waiting.
//!
//! ```text
//!   connected ──first byte──▶ header ──request begins──▶ under way ──response ends──▶ between requests
//!   header time                header time, not renewed   no time (bodies have theirs)   keep-alive time
//! ```
//! Writing is bounded at all times: each byte taken renews the stall time. When the server closes first,
//! what the client still sends is taken and thrown away for a moment, because a reset would destroy the
//! last response on its way.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

use super::activity::Activity;
use crate::config::Limits;

/// Longest time for which a closed connection is still emptied.
const LINGER: Duration = Duration::from_secs(1);

/// What the read timer measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wait {
    /// Nothing: a request is under way.
    Nothing,
    /// The next request, after so many.
    Request(u64),
    /// The rest of a header, after so many requests.
    Header(u64),
}

/// Wraps a stream, encrypted or not.
pub(super) struct TimedIo<S> {
    inner: S,
    activity: Activity,
    is_multiplexed: bool,
    header: Duration,
    keep_alive: Duration,
    stall: Duration,
    wait: Wait,
    read_timer: Option<Pin<Box<Sleep>>>,
    write_timer: Option<Pin<Box<Sleep>>>,
    linger_timer: Option<Pin<Box<Sleep>>>,
    is_shut: bool,
}

impl<S> TimedIo<S> {
    pub(super) fn new(inner: S, activity: Activity, is_multiplexed: bool, limits: &Limits) -> Self {
        Self {
            inner,
            activity,
            is_multiplexed,
            header: limits.header_read_timeout,
            keep_alive: limits.keep_alive,
            stall: limits.write_stall_timeout,
            wait: Wait::Nothing,
            read_timer: None,
            write_timer: None,
            linger_timer: None,
            is_shut: false,
        }
    }

    /// Notes that bytes came: between requests they begin a header, whose time then runs. On a
    /// multiplexed connection they may as well be housekeeping, so the keep-alive time goes on.
    fn heard(&mut self) {
        if let Some(after) = self.activity.idle_after()
            && self.wait != Wait::Header(after)
            && !(self.is_multiplexed && after > 0)
        {
            self.wait = Wait::Header(after);
            arm(&mut self.read_timer, self.header);
        }
    }

    /// Ready when the client has been silent for longer than it may.
    fn poll_silence(&mut self, cx: &mut Context<'_>) -> Poll<io::Error> {
        let Some(after) = self.activity.idle_after() else {
            self.wait = Wait::Nothing;
            return Poll::Pending;
        };
        if !matches!(self.wait, Wait::Request(known) | Wait::Header(known) if known == after) {
            self.wait = Wait::Request(after);
            let time = if after == 0 { self.header } else { self.keep_alive };
            arm(&mut self.read_timer, time);
        }
        poll_timer(&mut self.read_timer, cx)
    }

    /// Passes the outcome of a write on, or gives up on a client that takes nothing.
    fn bound_write<T>(&mut self, outcome: Poll<io::Result<T>>, cx: &mut Context<'_>) -> Poll<io::Result<T>> {
        if outcome.is_ready() {
            self.write_timer = None;
            return outcome;
        }
        if self.write_timer.is_none() {
            arm(&mut self.write_timer, self.stall);
        }
        poll_timer(&mut self.write_timer, cx).map(Err)
    }
}

fn arm(timer: &mut Option<Pin<Box<Sleep>>>, time: Duration) {
    let deadline = Instant::now() + time;
    match timer {
        Some(timer) => timer.as_mut().reset(deadline),
        None => *timer = Some(Box::pin(sleep_until(deadline))),
    }
}

fn poll_timer(timer: &mut Option<Pin<Box<Sleep>>>, cx: &mut Context<'_>) -> Poll<io::Error> {
    let Some(timer) = timer else { return Poll::Pending };
    ready!(timer.as_mut().poll(cx));
    Poll::Ready(io::Error::new(io::ErrorKind::TimedOut, "the client kept the server waiting"))
}

impl<S: AsyncRead + Unpin> AsyncRead for TimedIo<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let outcome = Pin::new(&mut self.inner).poll_read(cx, buffer);
        if outcome.is_pending() {
            return self.poll_silence(cx).map(Err);
        }
        if buffer.filled().len() > before {
            self.heard();
        }
        outcome
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> TimedIo<S> {
    /// Empties the connection until the client closes it too, for a moment.
    fn poll_linger(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.linger_timer.is_none() {
            arm(&mut self.linger_timer, LINGER);
        }
        loop {
            if poll_timer(&mut self.linger_timer, cx).is_ready() {
                return Poll::Ready(Ok(()));
            }
            let mut space = [0; 8192];
            let mut buffer = ReadBuf::new(&mut space);
            let outcome = ready!(Pin::new(&mut self.inner).poll_read(cx, &mut buffer));
            if outcome.is_err() || buffer.filled().is_empty() {
                return Poll::Ready(Ok(()));
            }
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for TimedIo<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.inner).poll_write(cx, bytes);
        self.bound_write(outcome, cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.inner).poll_write_vectored(cx, slices);
        self.bound_write(outcome, cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.inner).poll_flush(cx);
        self.bound_write(outcome, cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if !self.is_shut {
            let outcome = Pin::new(&mut self.inner).poll_shutdown(cx);
            ready!(self.bound_write(outcome, cx))?;
            self.is_shut = true;
        }
        self.poll_linger(cx)
    }
}
