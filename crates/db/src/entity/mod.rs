//! One file per table, columns as primitives; they never leave this crate except as rows that a query returns.
#![allow(missing_docs, reason = "a column is documented by its migration")]

pub mod audit_log;
pub mod blob;
pub mod event;
pub mod manifest;
pub mod manifest_reference;
pub mod member;
pub mod project;
pub mod repository;
pub mod repository_blob;
pub mod session;
pub mod setting;
pub mod tag;
pub mod upload;
pub mod user;
