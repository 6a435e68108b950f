//! Tests of names, digests, secrets, roles, scopes, pages, preferences, queries, validation and portal errors, and of what
//! every parser promises.

mod digest;
mod manifest;
mod name;
mod page;
mod parsers;
mod preference;
mod promise;
mod query;
mod role;
mod scope;
mod secret;
mod ui_error;
mod validate;
