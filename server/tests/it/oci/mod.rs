//! Door `/v2/`, called in-process.

mod bearer;
mod blob;
mod challenge;
mod grant;
mod list;
mod manifest;
mod manifest_refusal;
mod mount;
mod path;
mod referrers;
pub mod registry;
mod rights;
mod upload;
mod upload_refusal;
