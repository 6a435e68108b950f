//! A request body cut into batches that are worth a trip to a blocking thread.
//!
//! Chunks are kept as they came, never copied. Invariant: a batch holds at most [`BATCH_BYTES`] plus one chunk, and at
//! most [`BATCH_CHUNKS`] chunks, so the memory of an upload does not depend on its size.

use std::pin::Pin;

use bytes::Bytes;
use futures::{Stream, StreamExt as _};

/// What went wrong on the client's side of a body.
pub type BodyError = Box<dyn std::error::Error + Send + Sync>;

/// A body as it arrives.
pub type ByteStream = Pin<Box<dyn Stream<Item = Result<Bytes, BodyError>> + Send>>;

/// A batch is handed on when it holds this much.
const BATCH_BYTES: usize = 1 << 20;

/// As many buffers as one vectored write takes on Linux.
const BATCH_CHUNKS: usize = 1024;

/// Why a body has no further batch.
#[derive(Debug)]
pub(crate) enum End {
    Complete,
    Broken(BodyError),
    TooLarge,
}

/// Chunks to be written together; `end` is set on the last batch.
#[derive(Debug)]
pub(crate) struct Batch {
    pub chunks: Vec<Bytes>,
    pub end: Option<End>,
}

/// Takes batches from a body until its end, its failure or its limit.
pub(crate) struct Batches {
    body: ByteStream,
    left: Option<u64>,
}

impl Batches {
    pub(crate) fn new(body: ByteStream, limit: Option<u64>) -> Self {
        Self { body, left: limit }
    }

    /// Waits for the next batch. Not to be called again after one with an `end`.
    pub(crate) async fn next(&mut self) -> Batch {
        let mut chunks = Vec::new();
        let mut bytes = 0;
        while bytes < BATCH_BYTES && chunks.len() < BATCH_CHUNKS {
            match self.body.next().await {
                None => return Batch { chunks, end: Some(End::Complete) },
                Some(Err(error)) => return Batch { chunks, end: Some(End::Broken(error)) },
                Some(Ok(chunk)) if chunk.is_empty() => {}
                Some(Ok(chunk)) if !self.take(chunk.len()) => {
                    return Batch { chunks, end: Some(End::TooLarge) };
                }
                Some(Ok(chunk)) => {
                    bytes += chunk.len();
                    chunks.push(chunk);
                }
            }
        }
        Batch { chunks, end: None }
    }

    /// Counts a chunk against the limit; false when it does not fit.
    fn take(&mut self, len: usize) -> bool {
        let Some(left) = self.left else { return true };
        self.left = left.checked_sub(len as u64);
        self.left.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batches(chunks: Vec<Result<Bytes, BodyError>>, limit: Option<u64>) -> Batches {
        Batches::new(Box::pin(futures::stream::iter(chunks)), limit)
    }

    fn chunks(lens: &[usize]) -> Vec<Result<Bytes, BodyError>> {
        lens.iter().map(|len| Ok(Bytes::from(vec![7; *len]))).collect()
    }

    #[tokio::test]
    async fn small_chunks_travel_together() {
        let mut body = batches(chunks(&[100; 10]), None);
        let batch = body.next().await;
        assert_eq!(batch.chunks.len(), 10);
        assert!(matches!(batch.end, Some(End::Complete)));
    }

    #[tokio::test]
    async fn a_full_batch_is_handed_on_before_the_end() {
        let mut body = batches(chunks(&[BATCH_BYTES, 1]), None);
        assert!(body.next().await.end.is_none());
        let last = body.next().await;
        assert_eq!(last.chunks.len(), 1);
        assert!(last.end.is_some());
    }

    #[tokio::test]
    async fn tiny_chunks_do_not_pile_up() {
        let mut body = batches(chunks(&[1; BATCH_CHUNKS + 1]), None);
        assert_eq!(body.next().await.chunks.len(), BATCH_CHUNKS);
    }

    #[tokio::test]
    async fn a_body_may_reach_its_limit_but_not_pass_it() {
        let mut exact = batches(chunks(&[3, 2]), Some(5));
        assert!(matches!(exact.next().await.end, Some(End::Complete)));
        let mut over = batches(chunks(&[3, 3]), Some(5));
        assert!(matches!(over.next().await.end, Some(End::TooLarge)));
    }

    #[tokio::test]
    async fn a_broken_body_keeps_what_came_before() {
        let mut body = chunks(&[3]);
        body.push(Err("reset by peer".into()));
        let mut body = batches(body, None);
        let batch = body.next().await;
        assert_eq!(batch.chunks.len(), 1);
        assert!(matches!(batch.end, Some(End::Broken(_))));
    }
}
