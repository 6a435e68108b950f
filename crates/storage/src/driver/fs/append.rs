//! The write path: batches of a body are written and hashed on a blocking thread while the next batch arrives.
//!
//! Invariant: a progress is returned only after everything it counts is fsynced, together with the folder entry of an
//! upload that began here. After any failure the file is cut back to where the append started.

use std::fs::File;
use std::io::{self, IoSlice, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use futures::future::{self, Either};
use tokio::task::{JoinHandle, spawn_blocking};

use super::{durable, found, room};
use crate::body::{Batches, BodyError, End};
use crate::{Appended, ByteStream, Error, Hold, Progress};

/// Unsynced bytes after which the disk is set to work, so that the last fsync finds little left to do.
const EARLY_SYNC_BYTES: u64 = 32 << 20;

pub(super) async fn append(
    path: PathBuf,
    from: Progress,
    body: ByteStream,
    limit: Option<u64>,
    hold: Hold,
) -> Result<Appended, Error> {
    let _presence = hold.presence();
    let (hold, offset) = (Arc::new(hold), from.offset);
    let writer =
        Writer { path: path.clone(), file: None, from: offset, progress: from, hold: Arc::clone(&hold) };
    match write_body(writer, Batches::new(body, limit)).await {
        Ok((progress, body_error)) => Ok(Appended { progress, body_error }),
        Err(error) => {
            spawn_blocking(move || {
                let _hold = hold;
                cut_back(&path, offset);
            })
            .await?;
            Err(error)
        }
    }
}

/// Writes batch after batch; while one is written the next one is received.
async fn write_body(writer: Writer, mut batches: Batches) -> Result<(Progress, Option<BodyError>), Error> {
    let mut early = EarlySync { running: None, reached: writer.from };
    let mut writing = Either::Left(future::ready(Ok(Ok(writer))));
    let (job, body_error) = loop {
        let batch = batches.next().await;
        let writer = writing.await??;
        early.follow(&writer).await?;
        let body_error = match batch.end {
            None => {
                writing = Either::Right(spawn_blocking(move || writer.write(&batch.chunks)));
                continue;
            }
            Some(End::TooLarge) => return Err(Error::TooLarge),
            Some(End::Broken(error)) => Some(error),
            Some(End::Complete) => None,
        };
        break (spawn_blocking(move || writer.write(&batch.chunks)?.finish()), body_error);
    };
    let progress = job.await??;
    early.wait().await?;
    Ok((progress, body_error))
}

/// An upload's file, opened by the first write, on the thread that writes.
struct Writer {
    path: PathBuf,
    file: Option<Arc<File>>,
    from: u64,
    progress: Progress,
    hold: Arc<Hold>,
}

impl Writer {
    fn write(mut self, chunks: &[Bytes]) -> Result<Self, Error> {
        let file = match self.file.take() {
            Some(file) => file,
            None => Arc::new(open(&self.path, self.from)?),
        };
        room::require(&file, chunks.iter().map(|chunk| chunk.len() as u64).sum())?;
        write_all(&file, chunks)?;
        self.file = Some(file);
        for chunk in chunks {
            self.progress.hasher.update(chunk);
            self.progress.offset += chunk.len() as u64;
        }
        Ok(self)
    }

    /// Makes everything durable, and gives the upload up to the next writer.
    fn finish(self) -> Result<Progress, Error> {
        let Self { path, file, from, progress, hold } = self;
        let file = file.ok_or(Error::NotFound)?;
        file.sync_all()?;
        if from == 0 {
            path.parent().map_or(Ok(()), durable::sync_folder)?;
        }
        if file.metadata()?.nlink() == 0 {
            return Err(Error::NotFound);
        }
        drop(hold);
        Ok(progress)
    }
}

/// Opens the file and cuts off what was never acknowledged; an upload begins at offset 0.
fn open(path: &Path, offset: u64) -> Result<File, Error> {
    let mut file = found(durable::options().create(offset == 0).open(path))?;
    let len = file.metadata()?.len();
    if len < offset {
        return Err(Error::State("the upload is shorter than was acknowledged"));
    }
    if len > offset {
        file.set_len(offset)?;
    }
    if offset > 0 {
        file.seek(SeekFrom::Start(offset))?;
    }
    Ok(file)
}

fn write_all(mut file: &File, chunks: &[Bytes]) -> io::Result<()> {
    let mut slices: Vec<IoSlice<'_>> = chunks.iter().map(|chunk| IoSlice::new(chunk)).collect();
    let mut rest = slices.as_mut_slice();
    while !rest.is_empty() {
        match file.write_vectored(rest) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(len) => IoSlice::advance_slices(&mut rest, len),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Frees what a failed append wrote. The next append would cut it off anyway, so a failure is only worth a note.
fn cut_back(path: &Path, offset: u64) {
    let cut = durable::options().open(path).and_then(|file| {
        let is_longer = file.metadata()?.len() > offset;
        if is_longer { file.set_len(offset) } else { Ok(()) }
    });
    if let Err(error) = cut
        && error.kind() != io::ErrorKind::NotFound
    {
        tracing::warn!(%error, path = %path.display(), "Could not cut a failed upload back to {offset} bytes");
    }
}

/// An fsync that runs beside the writing. It shares the open file with the last one, so that a lost write is reported
/// to one of the two; each failure fails the append.
struct EarlySync {
    running: Option<JoinHandle<io::Result<()>>>,
    reached: u64,
}

impl EarlySync {
    /// Starts the next round when enough was written and the last round is over.
    async fn follow(&mut self, writer: &Writer) -> Result<(), Error> {
        let (Some(file), true) = (&writer.file, writer.progress.offset - self.reached >= EARLY_SYNC_BYTES)
        else {
            return Ok(());
        };
        if self.running.as_ref().is_some_and(|running| !running.is_finished()) {
            return Ok(());
        }
        self.wait().await?;
        self.reached = writer.progress.offset;
        let file = Arc::clone(file);
        self.running = Some(spawn_blocking(move || file.sync_data()));
        Ok(())
    }

    async fn wait(&mut self) -> Result<(), Error> {
        match self.running.take() {
            Some(running) => Ok(running.await??),
            None => Ok(()),
        }
    }
}
