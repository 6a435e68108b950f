//! The program's commands.

mod admin;
mod config;
mod gc;
mod help;
mod import;
mod serve;
mod upkeep;
