//! What every part of a page may ask for: one typed context a file.

pub mod locale;
pub mod session;
pub mod theme;
