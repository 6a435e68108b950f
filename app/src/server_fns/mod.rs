//! The portal's public surface: one file per service, each function a thin way into it.

pub mod artifact;
pub mod preference;
pub mod project;
pub mod repository;
pub mod session;
