//! The error a portal page receives.
//!
//! Lives here: codes and values. Not here: sentences, which the portal has in the reader's language. Invariant: no
//! variant carries internal detail; the request id is how an internal error is found in the log.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What went wrong, by what the reader can do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum UiError {
    /// There is no such thing, or the reader may not know of it.
    NotFound {
        /// What it is, such as `project`.
        kind: String,
        /// Its name as asked for.
        name: String,
    },
    /// Something the reader entered is not accepted.
    Invalid {
        /// The field.
        field: String,
        /// The code of the rule it broke.
        reason: String,
    },
    /// Signing in is needed.
    SignIn,
    /// The name or the password is wrong.
    WrongCredentials,
    /// The reader is signed in but may not.
    Forbidden,
    /// It exists already, or somebody changed it meanwhile.
    Conflict,
    /// Something else must be done first.
    Precondition,
    /// The project is full.
    Quota,
    /// The registry takes no changes now.
    ReadOnly,
    /// A rule of the project forbids it.
    Policy,
    /// The registry does not do this.
    Unsupported,
    /// More was sent than is accepted.
    TooLarge,
    /// Too many attempts.
    RateLimited {
        /// Seconds until the next attempt is accepted.
        retry_after_secs: u64,
    },
    /// A part of the registry does not answer now.
    Unavailable,
    /// A fault of the registry.
    Internal {
        /// The id the log has the cause under.
        request_id: String,
    },
}

impl UiError {
    /// The code, as in the serialised form.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "not_found",
            Self::Invalid { .. } => "invalid",
            Self::SignIn => "sign_in",
            Self::WrongCredentials => "wrong_credentials",
            Self::Forbidden => "forbidden",
            Self::Conflict => "conflict",
            Self::Precondition => "precondition",
            Self::Quota => "quota",
            Self::ReadOnly => "read_only",
            Self::Policy => "policy",
            Self::Unsupported => "unsupported",
            Self::TooLarge => "too_large",
            Self::RateLimited { .. } => "rate_limited",
            Self::Unavailable => "unavailable",
            Self::Internal { .. } => "internal",
        }
    }
}

/// Displays the code alone.
impl fmt::Display for UiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl std::error::Error for UiError {}
