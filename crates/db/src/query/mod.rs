//! Every query, one module per resource. A function takes where to read or write first ([`crate::Source`], or
//! [`crate::Tx`] where it writes) and returns rows or plain values; it decides nothing.

pub mod blob;
mod filter;
pub mod journal;
pub mod manifest;
pub mod member;
pub mod project;
pub mod repository;
pub mod session;
pub mod tag;
pub mod upload;
pub mod user;
