//! Door `/service/token`, called in-process.

mod claims;
mod get;
mod guessing;
mod post;
