//! Why the store could not do what it was asked. Says nothing about status codes; the causes are for the log.

use std::io;

/// A failure of a [`BlobStore`](crate::BlobStore).
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such blob or upload.
    #[error("not in the blob store")]
    NotFound,
    /// Another caller is writing the same upload.
    #[error("the upload is being written by another request")]
    Busy,
    /// The body is longer than its limit; the upload is where it was before.
    #[error("the body is longer than allowed")]
    TooLarge,
    /// The disk or the quota of the store is full; the upload is where it was before.
    #[error("no space left in the blob store")]
    NoSpace,
    /// The storage address is none that this build can open; carries the part of it that is safe to show.
    #[error(
        "storage address {0:?} is not supported: use \"file:\", \"file:///absolute/path\", \"s3://bucket/prefix\", \
         \"gs://bucket/prefix\" or \"az://container/prefix\""
    )]
    UnsupportedScheme(String),
    /// The settings of an object store don't fit together; nothing was asked of the store yet.
    #[error("the settings of the object store can't be used")]
    Settings(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// What is stored does not agree with what the caller was told before.
    #[error("the stored state is not usable: {0}")]
    State(&'static str),
    /// The operating system refused; never retried here.
    #[error("the blob store failed")]
    Io(#[source] io::Error),
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::NoSpace,
            _ => Self::Io(error),
        }
    }
}

impl From<tokio::task::JoinError> for Error {
    fn from(error: tokio::task::JoinError) -> Self {
        Self::Io(io::Error::other(error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENOSPC: i32 = 28;
    const EDQUOT: i32 = 122;
    const EIO: i32 = 5;

    #[test]
    fn a_full_disk_and_a_used_up_quota_are_no_space() {
        assert!(matches!(Error::from(io::Error::from_raw_os_error(ENOSPC)), Error::NoSpace));
        assert!(matches!(Error::from(io::Error::from_raw_os_error(EDQUOT)), Error::NoSpace));
    }

    #[test]
    fn other_failures_keep_their_cause() {
        let error = Error::from(io::Error::from_raw_os_error(EIO));
        assert!(matches!(&error, Error::Io(cause) if cause.raw_os_error() == Some(EIO)));
        assert!(std::error::Error::source(&error).is_some());
    }
}
