//! Why something was refused or failed, by what the caller can do about it. Doors map it; it knows no status code.

use types::{digest::Digest, scope::Scope};

/// The kind of thing that is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An access token.
    AccessToken,
    /// A blob.
    Blob,
    /// A job.
    Job,
    /// A manifest.
    Manifest,
    /// A member of a project.
    Member,
    /// A project.
    Project,
    /// A repository.
    Repository,
    /// A robot.
    Robot,
    /// The session of a browser.
    Session,
    /// A tag.
    Tag,
    /// An open upload.
    Upload,
    /// A user.
    User,
}

/// Why the credentials of a request are not enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denial {
    /// None were sent, or they are anonymous.
    NoCredentials,
    /// Name or password is wrong, or the account can't sign in.
    BadCredentials,
    /// The secret of a robot or an access token is right, but it was disabled or its time is over.
    Inactive,
    /// The token is malformed, foreign, expired or of a caller who is gone.
    InvalidToken,
    /// The token does not carry the scope, though its holder may have the right.
    InsufficientScope,
}

/// A refusal or a failure. The text is safe to show; causes are in `source()`.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Not there. The name is what the caller sent.
    #[error("{}", missing(*.0, .1))]
    NotFound(Kind, String),
    /// A project or repository that is missing or hidden from this caller: one text for both.
    #[error("repository {0} does not exist, or you cannot see it")]
    Hidden(String),
    /// A name breaks its rule.
    #[error("{0}")]
    InvalidName(String),
    /// A value of a request breaks its rule.
    #[error("{field}: {reason}")]
    Invalid {
        /// Which value.
        field: &'static str,
        /// The rule.
        reason: String,
    },
    /// A manifest breaks its rule.
    #[error("the manifest is not valid: {0}")]
    InvalidManifest(String),
    /// The bytes do not have the digest they were sent for.
    #[error("the content has the digest {actual}, not {expected}")]
    DigestMismatch {
        /// What was asked for.
        expected: Digest,
        /// What the bytes have.
        actual: Digest,
    },
    /// A digest can't be used.
    #[error("{0}")]
    InvalidDigest(String),
    /// A manifest refers to something that was not pushed to its repository.
    #[error("{0} is referred to but was not pushed to this repository: push it first")]
    MissingReference(Digest),
    /// A chunk does not start where the upload ends.
    #[error("the upload continues at byte {offset}")]
    BadRange {
        /// The upload's size in bytes.
        offset: u64,
    },
    /// The body ended before its announced length; what arrived is kept.
    #[error("the body ended before it was complete")]
    BodyBroken,
    /// The body is larger than allowed.
    #[error("the body is larger than the {limit} bytes allowed")]
    TooLarge {
        /// In bytes.
        limit: u64,
    },
    /// The credentials are not enough; `scopes` is what would be.
    #[error("{}", denied(*.denial))]
    Unauthenticated {
        /// Why.
        denial: Denial,
        /// What a token must carry.
        scopes: Vec<Scope>,
    },
    /// The caller is known and lacks the right.
    #[error("{0}")]
    Forbidden(String),
    /// A request breaks a rule, told in Harbor's words.
    #[error("{0}")]
    Malformed(String),
    /// A robot would give more than it has.
    #[error("{0}")]
    Denied(String),
    /// An administrator stopped all changes for a while. Source: Harbor `src/server/middleware/readonly`, the text.
    #[error("The system is in read only mode. Any modification is prohibited.")]
    ReadOnly,
    /// The name is taken.
    #[error("{0} exists already")]
    AlreadyExists(String),
    /// Someone else is changing the same thing.
    #[error("{0}")]
    Conflict(String),
    /// The state of the thing does not allow it.
    #[error("{0}")]
    Precondition(String),
    /// Not offered.
    #[error("{0}")]
    Unsupported(String),
    /// Too many failures: try again later.
    #[error("too many failed attempts: try again in {retry_after_secs} seconds")]
    RateLimited {
        /// Seconds to wait.
        retry_after_secs: u64,
    },
    /// The disk is full; nothing was kept of this request.
    #[error("the storage is full: nothing was stored, free some space and try again")]
    NoSpace(#[source] storage::Error),
    /// Busy or down for the moment.
    #[error("the service is busy: try again in a moment")]
    Unavailable(#[source] Option<Box<dyn std::error::Error + Send + Sync>>),
    /// A failure that is ours; the source says which.
    #[error("internal server error")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

fn missing(kind: Kind, name: &str) -> String {
    match kind {
        Kind::AccessToken => "this access token does not exist any more".to_owned(),
        Kind::Blob => format!("blob {name} is not in this repository"),
        Kind::Job => format!("job {name} does not exist"),
        Kind::Manifest => format!("manifest {name} is not in this repository"),
        Kind::Member => format!("member {name} does not exist"),
        Kind::Project => format!("project {name} does not exist"),
        Kind::Repository => format!("repository {name} does not exist"),
        Kind::Robot => format!("robot {name} not found"),
        Kind::Session => "this session is over already".to_owned(),
        Kind::Tag => format!("tag {name} does not exist"),
        Kind::Upload => format!("upload {name} does not exist: start a new one"),
        Kind::User => format!("user {name} does not exist"),
    }
}

fn denied(denial: Denial) -> &'static str {
    match denial {
        Denial::NoCredentials => "authentication required",
        Denial::BadCredentials => "the user name or the password is wrong",
        Denial::Inactive => {
            "this robot or access token is disabled or has expired: ask its owner for another"
        }
        Denial::InvalidToken => "the token is not valid: sign in again",
        Denial::InsufficientScope => "the token does not allow this: ask for the scope of this answer",
    }
}

impl Error {
    /// A failure that is ours.
    pub(crate) fn internal(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(source.into())
    }

    /// Nobody is signed in.
    pub(crate) fn anonymous() -> Self {
        Self::Unauthenticated { denial: Denial::NoCredentials, scopes: Vec::new() }
    }
}

impl From<db::Error> for Error {
    fn from(error: db::Error) -> Self {
        match error {
            db::Error::AlreadyExists(_) => Self::AlreadyExists("the name".to_owned()),
            db::Error::Referenced(_) => {
                Self::Conflict("it was removed or is still in use: try again".to_owned())
            }
            db::Error::Unavailable(_) | db::Error::Lost => Self::Unavailable(Some(Box::new(error))),
            db::Error::SchemaNewer(_)
            | db::Error::SchemaOlder(_)
            | db::Error::Damaged(_)
            | db::Error::UnsupportedScheme(_)
            | db::Error::Database(_) => Self::internal(error),
        }
    }
}
