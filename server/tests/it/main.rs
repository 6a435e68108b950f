//! The server as its clients see it, in one test binary laid out as the URL tree.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that can't arrange its scene has failed"
)]
#![expect(clippy::disallowed_methods, reason = "a test owns its tasks and ends with them")]

mod commands;
mod harbor;
mod layering;
mod listener;
mod metrics;
mod middleware;
mod oci;
mod token;
mod ui;
mod util;
