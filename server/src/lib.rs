//! The `berth` server: configuration, wiring, and the doors through which the world comes in.
//!
//! Doors are thin: they turn HTTP into calls of `service` and results back into HTTP. No rule lives
//! here, and no database.

pub mod caller;
pub mod cli;
pub mod clock;
pub mod commands;
pub mod config;
pub mod harbor;
pub mod import;
pub mod listener;
pub mod log;
pub mod metrics;
pub mod middleware;
pub mod oci;
pub mod router;
pub mod session_store;
pub mod state;
pub mod token;
pub mod ui;
