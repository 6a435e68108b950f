//! The drivers of [`BlobStore`](crate::BlobStore): files, object stores, and memory for tests.

pub(crate) mod fs;
#[cfg(any(test, feature = "testing"))]
pub(crate) mod memory;
pub(crate) mod object;
