//! What every parser promises, for any input at all: one function per parser, which fails where a promise is broken.
//!
//! Shared by the property tests beside this folder and the fuzz targets in `fuzz/`. A promise is one of three: what is
//! accepted is exactly what the grammar in [`grammar`] allows; what was read and is written again reads the same; and
//! nothing panics.

pub mod grammar;
mod manifest;
mod query;
mod range;
mod route;
mod scope;

pub use manifest::{manifest, media_type};
pub use query::list_query;
pub use range::{byte_range, content_range};
pub use route::oci_route;
pub use scope::{scope, scopes};

use types::{
    digest::Digest,
    name::{ProjectName, RepositoryName, Tag, UserName},
    oci::reference::Reference,
};

/// Digests: canonical text only, and kept as it is.
pub fn digest(text: &str) {
    let parsed = text.parse::<Digest>();
    assert_eq!(parsed.is_ok(), grammar::digest(text), "{text:?}: {parsed:?}");
    if let Ok(digest) = parsed {
        assert_eq!(digest.to_string(), text);
        assert_eq!(format!("{}:{}", digest.algorithm(), digest.hex()), text);
        assert_eq!(Digest::new(digest.algorithm(), digest.hex()).as_ref(), Ok(&digest));
        assert_eq!(serde_json::from_value::<Digest>(text.into()).ok(), Some(digest));
    }
}

/// References: a tag or a digest, told apart by the colon.
pub fn reference(text: &str) {
    let parsed = text.parse::<Reference>();
    assert_eq!(parsed.is_ok(), grammar::tag(text) || grammar::digest(text), "{text:?}: {parsed:?}");
    if let Ok(reference) = parsed {
        assert_eq!(reference.to_string(), text);
        assert_eq!(reference.tag().is_some(), grammar::tag(text));
        assert_eq!(reference.digest().is_some(), grammar::digest(text));
    }
}

/// Names of every kind: kept as they were written.
pub fn name(text: &str) {
    let kept = |parsed: Option<String>, allowed: bool| {
        assert_eq!(parsed.as_deref(), allowed.then_some(text), "{text:?}");
    };
    kept(text.parse::<ProjectName>().ok().map(String::from), grammar::project(text));
    kept(text.parse::<RepositoryName>().ok().map(String::from), grammar::repository(text));
    kept(text.parse::<UserName>().ok().map(String::from), grammar::user(text));
    kept(text.parse::<Tag>().ok().map(String::from), grammar::tag(text));
    if let Ok(name) = text.parse::<RepositoryName>() {
        assert_eq!(format!("{}/{}", name.project(), name.path()), text);
    }
}
