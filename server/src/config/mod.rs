//! The configuration: defaults, then `berth.toml`, then `BERTH_…` variables, then flags.
//!
//! It is loaded once, checked as a whole, and every problem is reported in one go. Each concern has
//! its own struct in its own file; `docs/config.md` lists every key.

mod auth;
mod database;
mod gc;
mod limits;
mod log;
mod metrics;
mod projects;
mod reader;
mod registry;
mod robots;
mod scrub;
mod source;
mod storage;
#[cfg(test)]
mod tests;
mod tls;
mod tokens;
mod value;

use std::collections::BTreeMap;
use std::fmt;
use std::net::{Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};

use ipnet::IpNet;
use service::{Clock, Options};
use types::secret::Secret;

pub use auth::Auth;
pub use database::Database;
pub use gc::Gc;
pub use limits::Limits;
pub use log::{Format, Log};
pub use metrics::Metrics;
pub use projects::Projects;
use reader::Reader;
pub use reader::Setting;
pub use registry::Registry;
pub use robots::Robots;
pub use scrub::Scrub;
pub use source::{Flag, Origin};
use source::{Sources, read_environment, read_file, read_text};
pub use storage::Storage;
pub use tls::Tls;
pub use tokens::{Algorithm, Tokens};
pub use value::ExternalUrl;
pub(crate) use value::parse_duration;

/// Files read when no `--config` is given; the first that exists wins.
pub const DEFAULT_FILES: [&str; 2] = ["berth.toml", "/etc/berth/berth.toml"];

/// The whole configuration of a server.
#[derive(Clone, Debug)]
pub struct Config {
    /// Address that clients use; absent means "as the request says".
    pub external_url: Option<ExternalUrl>,
    /// Socket to listen on.
    pub listen: SocketAddr,
    /// Folder of everything that is kept.
    pub data: PathBuf,
    /// Password of `admin`, used at the first start only.
    pub admin_password: Option<Secret<String>>,
    /// Proxies whose forwarded headers are believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Metadata.
    pub database: Database,
    /// Blobs.
    pub storage: Storage,
    /// Encryption on the listener.
    pub tls: Tls,
    /// Tokens of the registry.
    pub tokens: Tokens,
    /// Rules of the registry.
    pub registry: Registry,
    /// The collection of what nothing needs.
    pub gc: Gc,
    /// The verification of stored bytes.
    pub scrub: Scrub,
    /// Logs.
    pub log: Log,
    /// Metrics.
    pub metrics: Metrics,
    /// Time-outs and sizes.
    pub limits: Limits,
    /// Sign-in.
    pub auth: Auth,
    /// Rules of projects.
    pub projects: Projects,
    /// Robots.
    pub robots: Robots,
}

/// What a configuration is loaded from.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// The file named on the command line.
    pub file: Option<PathBuf>,
    /// The process environment; names that do not begin with `BERTH_` are ignored.
    pub environment: Vec<(String, String)>,
    /// Settings given as flags.
    pub flags: Vec<Flag>,
}

/// A configuration with the origin of each value.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The checked values.
    pub config: Config,
    /// Every known setting, in the order of the documentation.
    pub settings: Vec<Setting>,
    /// The file that was read, if any.
    pub file: Option<PathBuf>,
}

/// One thing that is wrong with the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The key, file or variable.
    pub place: String,
    /// What is wrong with it, as the rest of the sentence.
    pub message: String,
}

impl Problem {
    fn new(place: &str, message: impl Into<String>) -> Self {
        Self { place: place.to_owned(), message: message.into() }
    }
}

/// Everything that is wrong with the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the configuration cannot be used:")?;
        for problem in &self.0 {
            write!(f, "\n  {} {}", problem.place, problem.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

/// Loads and checks the configuration.
///
/// # Errors
/// All problems at once; unknown keys come with the nearest known one.
pub fn load(inputs: Inputs) -> Result<Loaded, Problems> {
    let mut problems = Vec::new();
    let file = inputs.file.or_else(existing_default);
    let values = file.as_deref().map_or_else(|| Ok(BTreeMap::new()), read_file);
    let sources = Sources {
        path: file.clone().unwrap_or_default(),
        file: values.unwrap_or_else(|problem| {
            problems.push(problem);
            BTreeMap::new()
        }),
        environment: read_environment(inputs.environment),
        flags: inputs.flags,
    };
    checked(&sources, file, problems)
}

/// Checks the text of a file that is to be written to `path`, alone.
///
/// # Errors
/// As [`load`].
pub fn check_text(path: &Path, text: &str) -> Result<Loaded, Problems> {
    let file = read_text(path, text).map_err(|problem| Problems(vec![problem]))?;
    let sources = Sources { path: path.to_owned(), file, ..Sources::default() };
    checked(&sources, Some(path.to_owned()), Vec::new())
}

fn checked(sources: &Sources, file: Option<PathBuf>, mut problems: Vec<Problem>) -> Result<Loaded, Problems> {
    let mut reader = Reader::new(sources);
    let config = Config::read(&mut reader);
    reader.refuse_unknown();
    problems.append(&mut reader.problems);
    if problems.is_empty() {
        Ok(Loaded { config, settings: reader.settings, file })
    } else {
        Err(Problems(problems))
    }
}

fn existing_default() -> Option<PathBuf> {
    DEFAULT_FILES.iter().map(Path::new).find(|path| path.exists()).map(Path::to_owned)
}

impl Config {
    fn read(reader: &mut Reader<'_>) -> Self {
        Self {
            external_url: reader.optional("external_url"),
            listen: reader.get("listen", SocketAddr::from((Ipv6Addr::UNSPECIFIED, 8080))),
            data: reader.get("data", PathBuf::from("./data")),
            admin_password: reader.secret("admin_password"),
            trusted_proxies: reader.get("trusted_proxies", Vec::new()),
            database: Database::read(reader),
            storage: Storage::read(reader),
            tls: Tls::read(reader),
            tokens: Tokens::read(reader),
            registry: Registry::read(reader),
            gc: Gc::read(reader),
            scrub: Scrub::read(reader),
            log: Log::read(reader),
            metrics: Metrics::read(reader),
            limits: Limits::read(reader),
            auth: Auth::read(reader),
            projects: Projects::read(reader),
            robots: Robots::read(reader),
        }
    }

    /// What the rules need to know of all this.
    pub fn service_options(&self) -> Options {
        let url = self.database.url.as_ref().map(|url| url.expose().clone());
        Options {
            data: self.data.clone(),
            database_url: url,
            storage_url: self.storage.url.clone(),
            object_store: self.storage.options(),
            admin_password: self.admin_password.clone(),
            self_registration: self.auth.self_registration,
            project_creation: self.projects.creation,
            tokens: self.tokens.options(),
            auth: self.auth.options(),
            robots: self.robots.options(),
            sparse_manifests: self.registry.sparse_manifests,
            manifest_limit_bytes: self.registry.manifest_limit_bytes,
            collection: self.gc.options(),
            scrub: self.scrub.options(),
            clock: Clock::system(),
        }
    }

    /// Whether the listener itself speaks TLS.
    pub fn has_tls(&self) -> bool {
        self.tls.certificate.is_some()
    }
}

impl Default for Config {
    /// The built-in values, untouched by file, environment and flags.
    fn default() -> Self {
        let sources = Sources::default();
        Self::read(&mut Reader::new(&sources))
    }
}
