//! What the services are opened with.

use std::{path::PathBuf, time::Duration};

pub use storage::ObjectOptions;
use types::{robot::DEFAULT_PREFIX, secret::Secret};

use crate::{Clock, scrub::Budget};

/// Everything the rules need to know of the configuration.
#[derive(Clone, Debug)]
pub struct Options {
    /// The data folder.
    pub data: PathBuf,
    /// The database; SQLite in the data folder when absent.
    pub database_url: Option<String>,
    /// The blob store; the data folder when absent.
    pub storage_url: Option<String>,
    /// How an object store is reached, if the blob store is one.
    pub object_store: ObjectOptions,
    /// The password of `admin` at the first start; a random one when absent.
    pub admin_password: Option<Secret<String>>,
    /// Whether people may make an account for themselves after the first start, until an administrator decides otherwise.
    pub self_registration: bool,
    /// Who may make projects.
    pub project_creation: ProjectCreation,
    /// How tokens are made.
    pub tokens: TokenOptions,
    /// How passwords are checked.
    pub auth: AuthOptions,
    /// How robots are called.
    pub robots: RobotOptions,
    /// Whether a manifest may refer to what was not pushed.
    pub sparse_manifests: bool,
    /// The largest manifest, in bytes.
    pub manifest_limit_bytes: u64,
    /// What goes when nothing needs it.
    pub collection: CollectionOptions,
    /// How stored bytes are verified.
    pub scrub: ScrubOptions,
    /// The time of background work.
    pub clock: Clock,
}

/// Who may make projects. Source: Harbor `project_creation_restriction`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ProjectCreation {
    /// Everyone with an account.
    #[default]
    Everyone,
    /// Administrators of the system.
    Admins,
}

/// What goes when nothing needs it. Source of the grace: `distribution` has none and asks for a stop of all pushes,
/// Harbor takes two hours.
#[derive(Clone, Copy, Debug)]
pub struct CollectionOptions {
    /// How long something stays after the last thing that needed it is gone.
    pub grace: Duration,
    /// How often a collection begins by itself; zero for never.
    pub interval: Duration,
    /// Whether manifests go that have no tag.
    pub delete_untagged: bool,
    /// How long an upload stays that nobody writes to.
    pub upload_ttl: Duration,
    /// How long a collection rests between two steps.
    pub pause: Duration,
}

impl Default for CollectionOptions {
    fn default() -> Self {
        Self {
            grace: Duration::from_hours(2),
            interval: Duration::from_hours(1),
            delete_untagged: false,
            upload_ttl: Duration::from_hours(24),
            pause: Duration::from_millis(10),
        }
    }
}

/// How robots are called.
#[derive(Clone, Debug)]
pub struct RobotOptions {
    /// What stands before the name of each at sign-in; never empty.
    pub name_prefix: String,
}

impl Default for RobotOptions {
    fn default() -> Self {
        Self { name_prefix: DEFAULT_PREFIX.to_owned() }
    }
}

/// How stored bytes are verified.
#[derive(Clone, Copy, Debug)]
pub struct ScrubOptions {
    /// How often a run begins by itself; zero for never.
    pub interval: Duration,
    /// How much a run may read; no bytes for no runs.
    pub budget: Budget,
}

impl ScrubOptions {
    /// How often a run begins by itself that may read something; zero for never.
    pub(crate) fn every(&self) -> Duration {
        if self.budget.bytes == 0 { Duration::ZERO } else { self.interval }
    }
}

impl Default for ScrubOptions {
    fn default() -> Self {
        let budget = Budget { bytes: 50 * 1024 * 1024 * 1024, bytes_per_sec: Some(20 * 1024 * 1024) };
        Self { interval: Duration::from_hours(24), budget }
    }
}

/// How tokens are made.
#[derive(Clone, Copy, Debug)]
pub struct TokenOptions {
    /// The signature.
    pub algorithm: SigningAlgorithm,
    /// How long an access token lives, in seconds.
    pub ttl_secs: u64,
}

/// The signature of tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SigningAlgorithm {
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// RSA with SHA-256, for registries that know nothing else.
    Rs256,
}

/// How passwords are checked.
#[derive(Clone, Copy, Debug)]
pub struct AuthOptions {
    /// Memory that password checks may take together, in bytes.
    pub memory_budget_bytes: u64,
    /// Memory of one password check, in KiB.
    pub memory_kib: u32,
    /// Passes over that memory.
    pub passes: u32,
    /// Failures per account and address before the delay begins.
    pub free_failures: u32,
    /// Failures per address and minute before it must wait.
    pub failures_per_address: u32,
}

impl Default for AuthOptions {
    fn default() -> Self {
        Self {
            memory_budget_bytes: 256 * 1024 * 1024,
            memory_kib: 64 * 1024,
            passes: 3,
            free_failures: 5,
            failures_per_address: 60,
        }
    }
}

impl Options {
    /// The defaults for a data folder.
    pub fn new(data: impl Into<PathBuf>) -> Self {
        Self {
            data: data.into(),
            database_url: None,
            storage_url: None,
            object_store: ObjectOptions::default(),
            admin_password: None,
            self_registration: false,
            project_creation: ProjectCreation::default(),
            tokens: TokenOptions { algorithm: SigningAlgorithm::Es256, ttl_secs: 1800 },
            auth: AuthOptions::default(),
            robots: RobotOptions::default(),
            sparse_manifests: false,
            manifest_limit_bytes: 4 * 1024 * 1024,
            collection: CollectionOptions::default(),
            scrub: ScrubOptions::default(),
            clock: Clock::system(),
        }
    }
}
