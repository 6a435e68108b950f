//! One file per table, columns as primitives; they never leave this crate except as rows that a query returns.
#![allow(missing_docs, reason = "a column is documented by its migration")]

pub mod access_token;
pub mod audit_log;
pub mod blob;
pub mod event;
pub mod job;
pub mod job_log;
pub mod manifest;
pub mod manifest_reference;
pub mod member;
pub mod project;
pub mod removal;
pub mod repository;
pub mod repository_blob;
pub mod robot;
pub mod robot_permission;
pub mod schedule;
pub mod session;
pub mod setting;
pub mod tag;
pub mod tag_change;
pub mod upload;
pub mod user;
