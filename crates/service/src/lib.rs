//! The rules: who may do what, and what it means. Every door and every job goes through here.
//!
//! A method takes the [`OpCtx`] first and authorises in its first line. Nothing here knows HTTP, and nothing here holds
//! a transaction across storage or network: bytes become durable first, then their rows.
#![forbid(unsafe_code)]

pub mod access_token;
pub mod artifact;
mod attach;
pub mod audit;
pub mod authn;
mod authz;
pub mod backup;
pub mod blob;
mod clock;
pub mod collection;
mod core;
mod error;
pub mod feed;
pub mod figures;
mod first_start;
pub mod fsck;
pub mod health;
pub mod home;
pub mod job;
mod journal;
mod keys;
mod lookups;
pub mod member;
mod op_ctx;
mod options;
pub mod project;
mod pulls;
pub mod repository;
pub mod robot;
pub mod scrub;
mod secrets;
mod services;
pub mod session;
pub mod setting;
mod stored_copy;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod token;
pub mod upload;
pub mod user;
mod uses;
pub mod why;

pub use clock::Clock;
pub use error::{Denial, Error, Kind};
pub use first_start::FirstStart;
pub use op_ctx::{Caller, Grants, OpCtx, RobotIdentity, TokenIdentity, UserIdentity};
pub use options::{
    AuthOptions, CollectionOptions, ObjectOptions, Options, ProjectCreation, RobotOptions, ScrubOptions,
    SigningAlgorithm, TokenOptions,
};
pub use services::{All, Services};
