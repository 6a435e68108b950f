//! Door `/v2/`, called in-process.

mod bearer;
mod blob;
mod challenge;
mod grant;
mod list;
mod long_upload;
mod manifest;
mod manifest_refusal;
mod mount;
mod path;
mod read_only;
mod referrers;
pub mod registry;
mod rights;
mod robot;
mod tag_param;
mod upload;
mod upload_refusal;
