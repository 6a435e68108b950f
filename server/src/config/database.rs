//! Where metadata is kept.

use types::secret::Secret;

use super::reader::Reader;

/// The metadata database.
#[derive(Clone, Debug)]
pub struct Database {
    /// Connection address, which may hold a password; absent means `SQLite` in the data folder.
    pub url: Option<Secret<String>>,
}

impl Database {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        Self { url: reader.secret("database.url") }
    }
}
