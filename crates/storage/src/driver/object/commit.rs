//! From an upload to a blob: parts are put together by the store, and few bytes are copied within it.
//!
//! A small upload is kept apart from the blobs until then, and copied, because a blob must not be seen, listed or
//! removed as one before its digest was compared; stores have no rename.

use super::state::State;
use super::{Bucket, names, part::Buffer};
use crate::{Error, Location, Progress, UploadId};

pub(super) async fn commit(bucket: &Bucket, upload: &UploadId, at: &Progress) -> Result<Location, Error> {
    let state = State::read(&at.state)?.ok_or(Error::NotFound)?;
    state.is_at(at.offset)?;
    let name = match (&state.multipart, &state.tail) {
        (Some(multipart), _) => &multipart.name,
        (None, Some(tail)) => &tail.name,
        (None, None) => return Err(Error::NotFound),
    };
    let location = names::location(upload, name)?;
    match publish(bucket, upload, &location, state).await {
        // A commit before this one did it, or nothing is left to do it with.
        Ok(()) | Err(Error::NotFound) => {}
        Err(error) => return Err(error),
    }
    // Also because a store may report a copy that failed as one that succeeded.
    match bucket.size(&bucket.names.blob(&location)).await? {
        Some(size) if size == at.offset => {}
        Some(_) => return Err(Error::State("the blob does not have the size that was acknowledged")),
        None => return Err(Error::NotFound),
    }
    if let Err(error) = bucket.remove_tails(upload).await {
        tracing::warn!(
            error = &error as &dyn std::error::Error,
            upload.id = %upload,
            "Could not remove what is left of upload {upload}"
        );
    }
    Ok(location)
}

async fn publish(bucket: &Bucket, upload: &UploadId, location: &Location, state: State) -> Result<(), Error> {
    match (state.multipart, state.tail) {
        (None, None) => Err(Error::NotFound),
        (None, Some(tail)) => {
            bucket.copy(&bucket.names.tail(upload, &tail.name), &bucket.names.blob(location)).await
        }
        (Some(multipart), None) => bucket.complete_multipart(upload, multipart).await,
        (Some(mut multipart), Some(tail)) => {
            let mut buffer = Buffer::new(tail.len, bucket.memory.reserve(tail.len).await?);
            buffer.fill(&mut bucket.read_tail(upload, &tail).await?);
            let number = multipart.parts.len();
            let content = bucket.send_part(upload, &multipart, number, buffer)?.await?;
            multipart.parts.push(super::state::Part(tail.len, content));
            bucket.complete_multipart(upload, multipart).await
        }
    }
}
