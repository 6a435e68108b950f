//! Compiles `style/main.scss` to one compressed style sheet.

use crate::{Outcome, bundle::Bundle};
use std::path::Path;

/// Compiles the style and adds it to `bundle`.
pub fn add_style(root: &Path, bundle: &mut Bundle) -> Outcome<()> {
    let options =
        grass::Options::default().style(grass::OutputStyle::Compressed).load_path(root.join("style"));
    let sheet = grass::from_path(root.join("style/main.scss"), &options)
        .map_err(|error| format!("the style does not compile: {error}"))?;
    bundle.add("berth.css", sheet.as_bytes())?;
    Ok(())
}
