//! The error envelope of the `/api/v2.0` door: `{"errors":[{"code":"NOT_FOUND","message":"…"}]}`.

use serde::{Deserialize, Serialize};

/// What an unsuccessful request is answered with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Errors {
    /// At least one error.
    #[serde(default)]
    pub errors: Vec<Error>,
}

impl Errors {
    /// The envelope around a single error, the only kind Harbor sends.
    pub fn one(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { errors: vec![Error { code: code.into(), message: message.into() }] }
    }
}

/// One error: a code for programs and a sentence for people.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Error {
    /// The code, in upper case, such as `NOT_FOUND`.
    #[serde(default)]
    pub code: String,
    /// What went wrong, in English.
    #[serde(default)]
    pub message: String,
}
