//! Tests of names, digests, secrets, roles, scopes, pages, queries, validation and portal errors.

mod digest;
mod name;
mod page;
mod query;
mod role;
mod scope;
mod secret;
mod ui_error;
mod validate;
