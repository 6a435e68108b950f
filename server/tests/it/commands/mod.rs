//! The program's commands.

mod admin;
mod config;
mod help;
mod serve;
mod upkeep;
