//! The error of every server function.
//!
//! It carries codes and values, never sentences: the page translates. How a service error becomes one is
//! in [`crate::ssr`].

use leptos::server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};
use types::ui_error::UiError;

/// Why a server function gave no answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum AppError {
    /// The server refused or failed, and says why.
    Answered(UiError),
    /// The server was not reached, or its answer could not be read.
    Unreachable,
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(_: ServerFnErrorErr) -> Self {
        Self::Unreachable
    }
}

impl From<UiError> for AppError {
    fn from(error: UiError) -> Self {
        Self::Answered(error)
    }
}
