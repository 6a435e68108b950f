//! The rules, tried on a real database and a real blob store.

#![expect(clippy::expect_used, reason = "a test that can't arrange its scene has failed")]

mod audit;
mod first_start;
mod manifests;
mod members;
mod passwords;
mod projects;
mod rights;
mod rights_change;
mod tokens;
mod uploads;
mod users;
mod util;
