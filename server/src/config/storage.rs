//! Where blobs are kept.

use super::reader::Reader;

/// The blob store.
#[derive(Clone, Debug)]
pub struct Storage {
    /// Address of the store; absent means files in the data folder.
    pub url: Option<String>,
}

impl Storage {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        Self { url: reader.optional("storage.url") }
    }
}
