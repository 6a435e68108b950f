//! What an address below `/v2` stands for.
//!
//! Repository names may contain the words the addresses are made of (`manifests`, `blobs`, `tags`), so an address is
//! read from its end. Repeated slashes count as one. Methods and query are no business of this module.

use thiserror::Error;

use super::reference::{Reference, ReferenceError};
use crate::{
    digest::{Digest, DigestError},
    name::{NameError, RepositoryName},
};

/// An address below `/v2`, understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// `/v2/` itself.
    Base,
    /// `/v2/_catalog`
    Catalog,
    /// `/v2/<name>/tags/list`
    Tags(RepositoryName),
    /// `/v2/<name>/blobs/<digest>`
    Blob(RepositoryName, Digest),
    /// `/v2/<name>/blobs/uploads/`
    Uploads(RepositoryName),
    /// `/v2/<name>/blobs/uploads/<id>`; the id is as sent.
    Upload(RepositoryName, String),
    /// `/v2/<name>/manifests/<reference>`
    Manifest(RepositoryName, Reference),
    /// `/v2/<name>/referrers/<digest>`
    Referrers(RepositoryName, Digest),
}

impl Route {
    /// The repository the address is about, if it is about one.
    pub const fn repository(&self) -> Option<&RepositoryName> {
        match self {
            Self::Base | Self::Catalog => None,
            Self::Tags(name)
            | Self::Blob(name, _)
            | Self::Uploads(name)
            | Self::Upload(name, _)
            | Self::Manifest(name, _)
            | Self::Referrers(name, _) => Some(name),
        }
    }
}

/// Why an address stands for nothing.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RouteError {
    /// It has none of the known forms.
    #[error("there is nothing at this address")]
    Unknown,
    /// Its form is known but the repository's name is not valid.
    #[error(transparent)]
    Name(NameError),
    /// Its form is known but the digest is not valid.
    #[error(transparent)]
    Digest(DigestError),
    /// Its form is known but the tag is not valid; says the rule.
    #[error("{0}")]
    Reference(String),
}

/// Reads an address, given as the percent-decoded path after the `/v2` prefix.
///
/// # Errors
/// See [`RouteError`]; the name is looked at before the digest or tag.
pub fn parse(path: &str) -> Result<Route, RouteError> {
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let open = path.ends_with('/');
    match segments.as_slice() {
        [] => Ok(Route::Base),
        ["_catalog"] if !open => Ok(Route::Catalog),
        [name @ .., "blobs", "uploads"] => repository(name).map(Route::Uploads),
        _ if open => Err(RouteError::Unknown),
        [name @ .., "tags", "list"] => repository(name).map(Route::Tags),
        [name @ .., "blobs", "uploads", id] => Ok(Route::Upload(repository(name)?, (*id).to_owned())),
        [name @ .., "blobs", digest] => Ok(Route::Blob(repository(name)?, parse_digest(digest)?)),
        [name @ .., "manifests", reference] => {
            Ok(Route::Manifest(repository(name)?, parse_reference(reference)?))
        }
        [name @ .., "referrers", digest] => Ok(Route::Referrers(repository(name)?, parse_digest(digest)?)),
        _ => Err(RouteError::Unknown),
    }
}

fn repository(segments: &[&str]) -> Result<RepositoryName, RouteError> {
    if segments.is_empty() {
        return Err(RouteError::Unknown);
    }
    segments.join("/").parse().map_err(RouteError::Name)
}

fn parse_digest(text: &str) -> Result<Digest, RouteError> {
    text.parse().map_err(RouteError::Digest)
}

fn parse_reference(text: &str) -> Result<Reference, RouteError> {
    text.parse().map_err(|error| match error {
        ReferenceError::Digest(error) => RouteError::Digest(error),
        ReferenceError::Tag(error) => RouteError::Reference(error.to_string()),
    })
}

#[cfg(test)]
#[path = "route_tests.rs"]
mod tests;
