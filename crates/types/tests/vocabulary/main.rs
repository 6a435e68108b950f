//! Tests of names, digests, secrets, roles, scopes, pages, preferences, queries, validation and portal errors.

mod digest;
mod name;
mod page;
mod preference;
mod query;
mod role;
mod scope;
mod secret;
mod ui_error;
mod validate;
