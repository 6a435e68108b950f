//! The database as the rules see it: a real SQLite file in a folder that goes away with the test.

mod fixture;
mod lists;
mod open;
mod rows;
mod writer;
