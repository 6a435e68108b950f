//! Bytes: where blobs and unfinished uploads live, and how they get there and back.
//!
//! The [`BlobStore`] trait, its drivers and the suite that every driver passes. Locations name what is stored; names,
//! rights, rows and the question whether a blob matches its digest belong to the layers above.
//!
//! Invariant: what a call has acknowledged survives a power loss, and no reader ever sees part of a blob.

#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod body;
#[cfg(any(test, feature = "testing"))]
pub mod conformance;
mod driver;
mod error;
mod hasher;
mod hold;
mod layout;
mod location;
mod open;
mod options;
mod store;
mod upload;

pub use body::{BodyError, ByteStream};
pub use driver::fs::FsStore;
#[cfg(any(test, feature = "testing"))]
pub use driver::memory::MemoryStore;
pub use driver::object::BucketStore;
pub use error::Error;
pub use hasher::Hasher;
pub use hold::{Hold, Holds};
pub use location::{Location, LocationError};
pub use open::{open, open_existing};
pub use options::ObjectOptions;
pub use store::{Appended, BlobReader, BlobStore, BlobStream, Entries, Entry, Place};
pub use upload::{Progress, UploadId, UploadIdError};
