//! The program's commands.

mod admin;
mod config;
mod gc;
mod help;
mod serve;
mod upkeep;
