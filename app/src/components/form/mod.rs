//! The parts of forms.

pub mod field;
