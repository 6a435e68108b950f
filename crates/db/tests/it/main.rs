//! The database as the rules see it: a real SQLite file in a folder that goes away with the test.

#![expect(clippy::expect_used, reason = "a test that can't arrange its scene has failed")]

mod collection;
mod fixture;
mod lists;
mod open;
mod rows;
mod writer;
