//! The parts of forms.

pub mod choice;
pub mod field;
pub mod password_field;
pub mod post_form;
pub mod text_area;
pub mod whose;
