//! Door `/api/v2.0`, called in-process.

mod address;
mod artifact;
mod audit;
pub mod client;
mod gc;
mod member;
mod paging;
mod project;
mod refusal;
mod repository;
mod robot;
mod swagger;
mod system;
mod user;
