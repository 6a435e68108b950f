//! The vocabulary of the registry: names, digests, roles, scopes and the bodies of both APIs.
//!
//! Lives here: values every other crate and the browser speak about, and their parsers. Not here: anything that
//! does input or output, knows a database, or decides who may do what beyond the role matrix. Invariant: a newtype
//! that exists is valid, and everything compiles for `wasm32-unknown-unknown`.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod digest;
pub mod harbor;
pub mod name;
pub mod oci;
pub mod page;
pub mod preference;
pub mod query;
pub mod robot;
pub mod role;
pub mod scope;
pub mod secret;
pub mod ui_error;
pub mod validate;
pub mod view;
