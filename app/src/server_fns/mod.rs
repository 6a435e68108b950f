//! The portal's public surface: one file per service, each function a thin way into it.

pub mod access;
pub mod artifact;
pub mod audit;
pub mod health;
pub mod home;
pub mod member;
pub mod preference;
pub mod project;
pub mod repository;
pub mod search;
pub mod session;
pub mod setting;
pub mod user;
