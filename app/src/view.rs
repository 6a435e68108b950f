//! Shapes that only a page needs. Everything else is `types::harbor`.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use types::{
    harbor::{artifact::Artifact, project::Project, repository::Repository},
    page::Listed,
};

/// Who looks at the page, and where this registry is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SessionView {
    /// The signed-in user.
    pub user: Option<SessionUser>,
    /// Where clients reach this registry.
    pub registry: RegistryAddress,
}

/// The signed-in user, as the portal shows them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SessionUser {
    /// The account's name.
    pub name: String,
    /// Whether the account administers the whole system.
    pub is_admin: bool,
}

/// Where clients reach this registry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RegistryAddress {
    /// The name that goes in front of an image: a host, with its port unless it is the usual one.
    pub host: String,
    /// Whether clients speak TLS to it.
    pub secure: bool,
}

/// What became of an attempt to sign in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum SignInOutcome {
    /// The session is open.
    SignedIn,
    /// No account has this name and this password.
    WrongCredentials,
    /// Too many attempts failed.
    RateLimited {
        /// Seconds until another attempt is answered.
        retry_after_secs: u64,
    },
}

/// The projects a caller can see.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProjectList {
    /// When the list was made.
    pub as_of: DateTime<Utc>,
    /// One page of it.
    pub projects: Listed<Project>,
}

/// A project and the repositories in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProjectContent {
    /// When the list was made.
    pub as_of: DateTime<Utc>,
    /// The project.
    pub project: Project,
    /// One page of its repositories.
    pub repositories: Listed<Repository>,
}

/// A repository and the artifacts in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RepositoryContent {
    /// When the list was made.
    pub as_of: DateTime<Utc>,
    /// The repository.
    pub repository: Repository,
    /// One page of its artifacts, the newest first.
    pub artifacts: Listed<Artifact>,
}
