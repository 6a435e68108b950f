//! The drivers of [`BlobStore`](crate::BlobStore): files for production, memory for tests.

pub(crate) mod fs;
#[cfg(any(test, feature = "testing"))]
pub(crate) mod memory;
