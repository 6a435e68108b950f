//! The write path: a body is cut into parts, which are sent while the next bytes arrive and are hashed.
//!
//! Invariant: a progress is returned only after every part that it counts was accepted and its tail was stored. What
//! an append writes has numbers and names that the state it began from does not use, so a failed or dropped one
//! changes nothing that was acknowledged; its successor writes the same part numbers again.

use std::pin::pin;

use bytes::Bytes;
use futures::future::BoxFuture;
use futures::stream::{FuturesUnordered, StreamExt as _};
use tokio::task::spawn_blocking;

use super::part::{Buffer, MOST_PARTS};
use super::state::{Multipart, Part, State, Tail};
use super::{Bucket, names};
use crate::body::{Batches, BodyError, End};
use crate::{Appended, ByteStream, Error, Progress, UploadId};

/// Parts of one upload that may be on their way at the same time.
const PARTS_IN_FLIGHT: usize = 2;

/// A part that the store took: its number, and what the store calls its content.
type Sent = Result<(usize, String), Error>;

pub(super) async fn append(
    bucket: &Bucket,
    upload: &UploadId,
    from: Progress,
    body: ByteStream,
    limit: Option<u64>,
) -> Result<Appended, Error> {
    let state = State::resume(&from.state, from.offset)?;
    let mut writer = Writer {
        bucket,
        upload,
        begun: state.clone(),
        state,
        progress: from,
        buffer: None,
        flight: FuturesUnordered::new(),
    };
    match writer.write_body(Batches::new(body, limit)).await {
        Ok(body_error) => Ok(Appended { progress: writer.progress, body_error }),
        Err(error) => {
            writer.abandon().await;
            Err(error)
        }
    }
}

struct Writer<'a> {
    bucket: &'a Bucket,
    upload: &'a UploadId,
    /// What was acknowledged before.
    begun: State,
    /// What will be acknowledged next.
    state: State,
    progress: Progress,
    buffer: Option<Buffer>,
    flight: FuturesUnordered<BoxFuture<'static, Sent>>,
}

impl Writer<'_> {
    async fn write_body(&mut self, mut batches: Batches) -> Result<Option<BodyError>, Error> {
        loop {
            let batch = self.beside(batches.next()).await?;
            let body_error = match batch.end {
                None => {
                    self.write(batch.chunks, false).await?;
                    continue;
                }
                Some(End::TooLarge) => return Err(Error::TooLarge),
                Some(End::Broken(error)) => Some(error),
                Some(End::Complete) => None,
            };
            self.write(batch.chunks, true).await?;
            self.finish().await?;
            return Ok(body_error);
        }
    }

    /// Waits for something while the parts on their way go on.
    async fn beside<T>(&mut self, work: impl Future<Output = T>) -> Result<T, Error> {
        let mut work = pin!(work);
        loop {
            tokio::select! {
                done = &mut work => return Ok(done),
                Some(sent) = self.flight.next() => self.note(sent)?,
            }
        }
    }

    /// Hashes chunks and fills parts with them; `is_last` tells that no more will come.
    async fn write(&mut self, chunks: Vec<Bytes>, is_last: bool) -> Result<(), Error> {
        if chunks.is_empty() {
            return Ok(());
        }
        let mut left: u64 = chunks.iter().map(|chunk| chunk.len() as u64).sum();
        let mut hasher = self.progress.hasher.clone();
        let hashing = spawn_blocking(move || {
            for chunk in &chunks {
                hasher.update(chunk);
            }
            (hasher, chunks)
        });
        let (hasher, chunks) = self.beside(hashing).await??;
        self.progress.hasher = hasher;
        self.progress.offset += left;
        for mut chunk in chunks {
            while !chunk.is_empty() {
                let before = chunk.len();
                let mut buffer = match self.buffer.take() {
                    Some(buffer) => buffer,
                    None => self.begin_part(is_last.then_some(left)).await?,
                };
                buffer.fill(&mut chunk);
                left -= (before - chunk.len()) as u64;
                if buffer.is_full() {
                    self.send(buffer).await?;
                } else {
                    self.buffer = Some(buffer);
                }
            }
        }
        Ok(())
    }

    /// Begins the next part, with the bytes of the tail if there is one. `left` is all that will come, where that is
    /// known: little then takes little memory.
    async fn begin_part(&mut self, left: Option<u64>) -> Result<Buffer, Error> {
        let bucket = self.bucket;
        let tail = self.state.tail.take();
        let held = tail.as_ref().map_or(0, |tail| tail.len);
        let size = bucket.memory.part_bytes(self.state.parts()).max(held);
        let needed = left.map_or(size, |left| size.min(held + left));
        let memory = self.beside(bucket.memory.reserve(needed)).await??;
        let mut buffer = Buffer::new(size, memory);
        let Some(tail) = tail else { return Ok(buffer) };
        let mut bytes = self.beside(bucket.read_tail(self.upload, &tail)).await??;
        buffer.fill(&mut bytes);
        if let Some(old) = self.state.old_tail.replace(tail.name) {
            // The state that needed it was replaced when the row moved to the one that began this append.
            self.beside(bucket.remove_tail(self.upload, &old)).await?;
        }
        Ok(buffer)
    }

    /// Sends a part on its way, once there are few enough of them.
    async fn send(&mut self, buffer: Buffer) -> Result<(), Error> {
        while self.flight.len() >= PARTS_IN_FLIGHT {
            if let Some(sent) = self.flight.next().await {
                self.note(sent)?;
            }
        }
        if self.state.multipart.is_none() {
            self.state.multipart = Some(self.begin_multipart().await?);
        }
        let Some(multipart) = &mut self.state.multipart else { return Err(Error::NotFound) };
        let number = multipart.parts.len();
        if number >= MOST_PARTS {
            return Err(Error::State("the blob has more parts than an object store takes"));
        }
        multipart.parts.push(Part(buffer.len(), String::new()));
        let sending = self.bucket.send_part(self.upload, multipart, number, buffer)?;
        self.flight.push(Box::pin(async move { Ok((number, sending.await?)) }));
        Ok(())
    }

    async fn begin_multipart(&mut self) -> Result<Multipart, Error> {
        let (bucket, name) = (self.bucket, names::draw());
        let id = self.beside(bucket.begin_multipart(self.upload, &name)).await??;
        Ok(Multipart { name, id, parts: Vec::new() })
    }

    fn note(&mut self, sent: Sent) -> Result<(), Error> {
        let (number, content) = sent?;
        let part = self.state.multipart.as_mut().and_then(|multipart| multipart.parts.get_mut(number));
        if let Some(part) = part {
            part.1 = content;
        }
        Ok(())
    }

    /// Makes the rest durable, and waits for all that is on its way.
    async fn finish(&mut self) -> Result<(), Error> {
        match self.buffer.take() {
            Some(buffer) if buffer.len() >= self.bucket.memory.least_bytes(self.state.parts()) => {
                self.send(buffer).await?;
            }
            Some(buffer) => {
                let (bytes, _memory) = buffer.into_parts();
                self.keep_tail(bytes).await?;
            }
            // An upload without bytes has to be there as well.
            None if self.progress.offset == 0 && self.state.tail.is_none() => {
                self.keep_tail(Bytes::new()).await?;
            }
            None => {}
        }
        while let Some(sent) = self.flight.next().await {
            self.note(sent)?;
        }
        self.progress.state = self.state.write()?;
        Ok(())
    }

    async fn keep_tail(&mut self, bytes: Bytes) -> Result<(), Error> {
        let tail = Tail { name: names::draw(), len: bytes.len() as u64 };
        let bucket = self.bucket;
        self.beside(bucket.write_tail(self.upload, &tail, bytes)).await??;
        self.state.tail = Some(tail);
        Ok(())
    }

    /// Gives up what no state will name. Failing that, the store's own rule for unfinished uploads removes it.
    async fn abandon(&mut self) {
        self.flight.clear();
        self.buffer = None;
        if let (None, Some(multipart)) = (&self.begun.multipart, &self.state.multipart)
            && let Err(error) = self.bucket.abort_multipart(self.upload, multipart).await
        {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                upload.id = %self.upload,
                "Could not remove the parts of a failed upload"
            );
        }
    }
}
