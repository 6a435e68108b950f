//! A part of a file as a stream: cached bytes are read in place, others on a blocking thread.
//!
//! Invariant: the stream yields exactly the promised bytes, or ends with an error; a file that is too short is an
//! error. Memory is bounded by a few buffers, which are used again once the reader has let go of them.

use std::collections::VecDeque;
use std::fs::File;
use std::future::Future as _;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use futures::Stream;
use tokio::task::{JoinHandle, spawn_blocking};

use super::cached;

/// Bytes read at a time from the page cache.
const CHUNK_BYTES: usize = 256 << 10;

/// Bytes read at a time from the disk: a trip to another thread has to be worth it.
const COLD_BYTES: usize = 1 << 20;

/// Bytes that the kernel is asked to load ahead.
const PREFETCH_BYTES: u64 = 4 << 20;

/// Buffers kept for the next chunk; a connection has about two on their way.
const SPARE_BUFFERS: usize = 3;

pub(super) struct FileStream {
    file: Arc<File>,
    offset: u64,
    left: u64,
    spare: VecDeque<Bytes>,
    pending: Option<JoinHandle<io::Result<Bytes>>>,
}

impl FileStream {
    pub(super) fn new(file: File, offset: u64, left: u64) -> Self {
        Self { file: Arc::new(file), offset, left, spare: VecDeque::new(), pending: None }
    }

    fn want(&self, most: usize) -> usize {
        usize::try_from(self.left).map_or(most, |left| left.min(most))
    }

    fn read_cached(&mut self) -> Option<Bytes> {
        let want = self.want(CHUNK_BYTES);
        let mut buffer = self.buffer(want);
        let read = cached::read_at(&self.file, buffer.get_mut(..want)?, self.offset);
        let whole = buffer.freeze();
        let chunk = read.map(|len| whole.slice(..len));
        if whole.len() == CHUNK_BYTES && self.spare.len() < SPARE_BUFFERS {
            self.spare.push_back(whole);
        }
        chunk
    }

    /// Takes a buffer that the reader is done with, or makes one; it is initialised either way.
    fn buffer(&mut self, want: usize) -> BytesMut {
        match self.spare.pop_front().map(Bytes::try_into_mut) {
            Some(Ok(buffer)) => return buffer,
            Some(Err(busy)) => self.spare.push_back(busy),
            None => {}
        }
        BytesMut::zeroed(want)
    }

    fn read_cold(&self) -> JoinHandle<io::Result<Bytes>> {
        let (file, offset, want) = (Arc::clone(&self.file), self.offset, self.want(COLD_BYTES));
        let after = (self.left - want as u64).min(PREFETCH_BYTES);
        spawn_blocking(move || {
            let mut buffer = vec![0; want];
            file.read_exact_at(&mut buffer, offset)?;
            cached::prefetch(&file, offset + want as u64, after);
            Ok(Bytes::from(buffer))
        })
    }

    fn deliver(&mut self, chunk: io::Result<Bytes>) -> io::Result<Bytes> {
        let len = chunk.as_ref().map_or(self.left, |chunk| chunk.len() as u64);
        self.offset += len;
        self.left -= len;
        chunk
    }
}

impl Stream for FileStream {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(pending) = self.pending.as_mut() {
                let chunk = ready!(Pin::new(pending).poll(cx));
                self.pending = None;
                return Poll::Ready(Some(
                    self.deliver(chunk.unwrap_or_else(|error| Err(io::Error::other(error)))),
                ));
            }
            if self.left == 0 {
                return Poll::Ready(None);
            }
            if let Some(chunk) = self.read_cached() {
                return Poll::Ready(Some(self.deliver(Ok(chunk))));
            }
            self.pending = Some(self.read_cold());
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (usize::from(self.left > 0), None)
    }
}
