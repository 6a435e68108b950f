//! What can go wrong between a client and a registry.

use http::{Method, StatusCode, Uri};

/// Why a request brought nothing. `What` is the request, as `GET /v2/…`.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The base address is not `http://host:port`.
    #[error("{0} is not an address such as http://127.0.0.1:8080")]
    Address(String),
    /// No connection, or one that broke before it could be used.
    #[error("{0} can't be reached")]
    Connect(String, #[source] std::io::Error),
    /// The connection broke, or what came is not HTTP.
    #[error("{0}")]
    Exchange(String, #[source] hyper::Error),
    /// The request can't be formed, as with a control character in a name.
    #[error("the request can't be formed")]
    Request(#[from] http::Error),
    /// The registry refused, or answered another way than the specification says.
    #[error("{what}: {status} {body}")]
    Status {
        /// The request.
        what: String,
        /// Its status.
        status: StatusCode,
        /// The beginning of its body.
        body: String,
    },
    /// The answer is a success and yet not what it must be.
    #[error("{what}: {problem}")]
    Answer {
        /// The request.
        what: String,
        /// What is wrong with its answer.
        problem: String,
    },
}

impl Error {
    /// An answer that breaks the specification.
    pub(crate) fn answer(what: &str, problem: impl Into<String>) -> Self {
        Self::Answer { what: what.to_owned(), problem: problem.into() }
    }

    /// The status of a refusal.
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Status { status, .. } => Some(*status),
            _ => None,
        }
    }
}

/// How a request is called in errors.
pub(crate) fn what(method: &Method, path: &Uri) -> String {
    format!("{method} {path}")
}
