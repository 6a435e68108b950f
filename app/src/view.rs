//! Shapes that only a page needs. Everything else is `types::harbor`.

mod access;
mod activity;
mod artifact;
mod home;
mod member;
mod repository;
mod user;

pub use access::{AccessTokenList, SessionList};
pub use activity::{ActivityList, ActivityRow};
pub use artifact::{ArtifactHead, ArtifactPart, Child, LayerRow, ManifestText, Overview, ReferrerList};
pub use home::{HomeContent, HomeProjectRow};
pub use member::{MemberList, MemberRow};
pub use repository::{ArtifactList, Mark, Newest, RepositoryHead, RepositoryList};
pub use user::{Account, NewUser, PasswordOutcome, RegisterOutcome, UserList, UserRow};

use crate::error::AppError;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use types::{
    harbor::{project::Project, repository::Repository},
    page::Listed,
    role::Role,
    view::SystemHealth,
};

/// Who looks at the page, and where this registry is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SessionView {
    /// The signed-in user.
    pub user: Option<SessionUser>,
    /// Where clients reach this registry.
    pub registry: RegistryAddress,
    /// Whether people may make accounts for themselves.
    pub self_registration: bool,
    /// Whether the one who looks may make projects.
    pub may_create_projects: bool,
    /// Whether nothing in projects can be changed.
    pub read_only: bool,
    /// What a form without scripting came back with.
    pub returned: Option<Returned>,
}

/// Why a form without scripting was refused, once the browser is back at its page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Returned {
    /// Where the form was sent.
    pub path: String,
    /// Why it was refused.
    pub error: AppError,
}

/// The signed-in user, as the portal shows them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SessionUser {
    /// The account's id.
    pub id: i64,
    /// The account's name.
    pub name: String,
    /// Whether the account administers the whole system.
    pub is_admin: bool,
}

/// Where clients reach this registry.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
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
    pub projects: Listed<ProjectRow>,
}

/// A project in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProjectRow {
    /// The name.
    pub name: String,
    /// Whether everybody may pull.
    pub is_public: bool,
    /// The caller's role in it.
    pub role: Option<Role>,
    /// How many repositories it has.
    pub repositories: i64,
    /// The name of its owner.
    pub owner: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

impl From<Project> for ProjectRow {
    fn from(project: Project) -> Self {
        Self {
            // Harbor writes its flags as text, and no role as 0
            is_public: project.metadata.public.as_deref() == Some("true"),
            role: i32::try_from(project.current_user_role_id).ok().and_then(Role::from_id),
            repositories: project.repo_count,
            owner: project.owner_name,
            created_at: project.creation_time,
            name: project.name,
        }
    }
}

/// A project, with what the caller may do in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProjectHead {
    /// When it was read.
    pub as_of: DateTime<Utc>,
    /// The project.
    pub project: ProjectRow,
    /// What the caller may do in it.
    pub rights: Rights,
}

/// What a caller may do in a project, as far as pages ask. The service decides again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rights {
    /// Push to its repositories.
    pub push: bool,
    /// Change a repository's description.
    pub update_repository: bool,
    /// Remove a repository.
    pub delete_repository: bool,
    /// Remove an artifact.
    pub delete_artifact: bool,
    /// Give an artifact a tag.
    pub create_tag: bool,
    /// Remove a tag.
    pub delete_tag: bool,
    /// See the members.
    pub list_members: bool,
    /// Add, change and remove members.
    pub change_members: bool,
    /// See what was done.
    pub list_log: bool,
    /// Change the project's settings.
    pub update_project: bool,
    /// Remove the project.
    pub delete_project: bool,
}

/// A repository in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RepositoryRow {
    /// The full name.
    pub name: String,
    /// What is in it.
    pub description: String,
    /// How many artifacts it has.
    pub artifacts: i64,
    /// How often it was pulled from.
    pub pulls: i64,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl From<Repository> for RepositoryRow {
    fn from(repository: Repository) -> Self {
        Self {
            name: repository.name,
            description: repository.description,
            artifacts: repository.artifact_count,
            pulls: repository.pull_count,
            updated_at: repository.update_time,
        }
    }
}

/// An artifact in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ArtifactRow {
    /// The digest.
    pub digest: String,
    /// What it is, in Harbor's words: `IMAGE`, `CHART` …
    pub kind: String,
    /// The tags, by name.
    pub tags: Vec<String>,
    /// The platforms it runs on, as `os/architecture[/variant]`.
    pub platforms: Vec<String>,
    /// The bytes of everything it refers to.
    pub size_bytes: i64,
    /// When it was pushed.
    pub pushed_at: DateTime<Utc>,
    /// When it was last pulled.
    pub pulled_at: Option<DateTime<Utc>>,
}

/// How the system was at a moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SystemState {
    /// The moment.
    pub as_of: DateTime<Utc>,
    /// How it was.
    pub health: SystemHealth,
}
