//! Every query, one module per resource. A function takes where to read or write first ([`crate::Source`], or
//! [`crate::Tx`] where it writes) and returns rows or plain values; it decides nothing.

pub mod access_token;
pub mod blob;
pub mod check;
pub mod collection;
pub mod event;
mod filter;
pub mod job;
pub mod journal;
pub mod manifest;
pub mod member;
pub mod project;
pub mod removal;
pub mod repository;
pub mod robot;
pub mod schedule;
pub mod seen;
pub mod session;
pub mod setting;
pub mod snapshot;
pub mod tag;
pub mod tag_change;
pub mod upload;
pub mod usage;
pub mod user;
pub mod why;
