//! Backups: a folder that holds everything of a data folder, as of one moment.
//!
//! ```text
//! <folder>/                 0700, files 0600
//! ├── backup.json           what the backup is; written last, so that one without it is none
//! ├── database/<time>.db    the database as of that moment
//! ├── keys/                 signing and encryption keys
//! ├── blobs/<location>      the bytes of every blob of that database
//! └── blobs.txt             the blobs with size and location, where their bytes are not part of the backup
//! ```
//! The database comes first and the bytes of its blobs afterwards, while the server runs. Another backup into the same
//! folder copies what is new; until its `backup.json` takes the place of the one before, the older backup stays whole.
//! Not part of it: unfinished uploads, and the configuration.

mod copy;
mod files;
mod made;
mod restore;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use self::{
    made::{Made, make},
    restore::{Restored, restore},
};

/// The layout that this version writes and reads.
const FORMAT: u32 = 1;
/// The description, written last.
const MANIFEST: &str = "backup.json";
const DATABASES: &str = "database";
const KEYS: &str = "keys";
const BLOBS: &str = "blobs";
const LIST: &str = "blobs.txt";

/// What a backup is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backup {
    /// The layout of the folder.
    pub format: u32,
    /// The version of Berth that made it.
    pub version: String,
    /// The moment that it shows.
    pub made_at: DateTime<Utc>,
    /// The database.
    pub database: File,
    /// The keys.
    pub keys: Vec<File>,
    /// Whether the bytes of blobs are part of it.
    pub has_blobs: bool,
    /// How many blobs there are.
    pub blobs: u64,
    /// Their bytes.
    pub blob_bytes: u64,
    /// How many manifests there are.
    pub manifests: u64,
    /// How many tags there are.
    pub tags: u64,
    /// Blobs whose bytes could not be copied although a manifest needs them.
    pub missing: Vec<String>,
}

/// A file of a backup.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Its path in the folder.
    pub path: String,
    /// Its size in bytes.
    pub size_bytes: u64,
    /// The SHA-256 of its bytes.
    pub digest: String,
}

/// Hears how far it is: so many of so many blobs.
pub type Listener<'a> = &'a mut (dyn FnMut(u64, u64) + Send);
