//! Blobs: reading, and both ways of pushing.

use bytes::Bytes;
use http::{Method, StatusCode, header};

use super::{Answer, Client, Error, Upload, path_of, refusal};
use crate::Blob;

impl Client {
    /// Reads a blob, hands each piece to `each` and keeps none. Returns the length.
    ///
    /// Errors: `Status` when it isn't there.
    pub async fn get_blob(
        &mut self,
        repository: &str,
        digest: &str,
        mut each: impl FnMut(&[u8]),
    ) -> Result<u64, Error> {
        let (mut len, mut refused) = (0, Bytes::new());
        let request = self.request(Method::GET, &format!("/v2/{repository}/blobs/{digest}"));
        let (what, status, _) = self
            .stream(request, Upload::empty(), |status, piece| {
                if status == StatusCode::OK {
                    len += piece.len() as u64;
                    each(piece);
                } else if refused.is_empty() {
                    refused = piece.clone();
                }
            })
            .await?;
        if status == StatusCode::OK { Ok(len) } else { Err(refusal(what, status, &refused)) }
    }

    /// Pushes a blob in one piece: a `POST` and one `PUT`.
    ///
    /// Errors: `Status` when the registry refuses, `Answer` when it names another digest.
    pub async fn push_blob(&mut self, repository: &str, blob: &Blob) -> Result<(), Error> {
        let place = self.open_upload(repository).await?;
        self.close_upload(&place, blob, Upload::Frames(blob.content().frames())).await
    }

    /// Pushes a blob in chunks of `chunk_size` bytes: a `POST`, a `PATCH` for each, and a `PUT` without a body.
    ///
    /// Errors: as [`push_blob`](Self::push_blob).
    pub async fn push_blob_in_chunks(
        &mut self,
        repository: &str,
        blob: &Blob,
        chunk_size: u64,
    ) -> Result<(), Error> {
        let mut place = self.open_upload(repository).await?;
        let mut start = 0;
        while start < blob.size() {
            let end = blob.size().min(start + chunk_size.max(1));
            let request = self
                .request(Method::PATCH, &place)
                .header(header::CONTENT_TYPE, "application/octet-stream")
                .header(header::CONTENT_RANGE, format!("{start}-{}", end - 1));
            let answer = self.ask(request, Upload::Frames(blob.content().range(start, end))).await?;
            place = location(&answer.expect(StatusCode::ACCEPTED)?)?;
            start = end;
        }
        self.close_upload(&place, blob, Upload::empty()).await
    }

    async fn open_upload(&mut self, repository: &str) -> Result<String, Error> {
        let request = self.request(Method::POST, &format!("/v2/{repository}/blobs/uploads/"));
        location(&self.ask(request, Upload::empty()).await?.expect(StatusCode::ACCEPTED)?)
    }

    async fn close_upload(&mut self, place: &str, blob: &Blob, rest: Upload) -> Result<(), Error> {
        let separator = if place.contains('?') { '&' } else { '?' };
        let request = self
            .request(Method::PUT, &format!("{place}{separator}digest={}", blob.digest()))
            .header(header::CONTENT_TYPE, "application/octet-stream");
        let answer = self.ask(request, rest).await?.expect(StatusCode::CREATED)?;
        answer.check_digest(blob.digest())
    }
}

impl Answer {
    /// Errors: `Answer` when the registry names another digest; it may name none.
    pub(super) fn check_digest(&self, expected: &str) -> Result<(), Error> {
        match self.header("docker-content-digest") {
            Some(named) if named != expected => {
                Err(Error::answer(&self.what, format!("{expected} became {named}")))
            }
            _ => Ok(()),
        }
    }
}

fn location(answer: &Answer) -> Result<String, Error> {
    let path = answer.header("location").and_then(path_of);
    path.ok_or_else(|| Error::answer(&answer.what, "it names no place for the upload"))
}
