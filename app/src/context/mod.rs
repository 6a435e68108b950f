//! What every part of a page may ask for: one typed context a file.

pub mod client;
pub mod locale;
pub mod navigation;
pub mod session;
pub mod theme;
pub mod toast;
