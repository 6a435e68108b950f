//! The door of people, called in-process. What a page shows is tested with a browser.

mod events;
mod origin;
mod page;
mod read_only;
mod session;
