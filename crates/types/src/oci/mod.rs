//! The vocabulary of the `/v2/` door: names of things in addresses, byte ranges, manifests, errors.
//!
//! Everything here turns text a client sent into values, or values into text a client reads. Nothing here knows whether
//! a thing exists or who may see it. No input makes any of it panic.

pub mod condition;
pub mod descriptor;
pub mod error_code;
pub mod manifest;
pub mod media_type;
mod object;
pub mod range;
pub mod reference;
pub mod referrers;
pub mod route;
pub mod token;
