//! Puts the site together from its parts.

use crate::{Outcome, bundle::Bundle, style, wasm};
use std::path::{Path, PathBuf};

/// Which parts are built anew.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Parts {
    /// Everything.
    All,
    /// The style sheet and the public files; the compiled module of the last full build stays.
    Style,
}

/// Builds `target/site`.
pub fn build(parts: Parts) -> Outcome<()> {
    let root = root()?;
    let mut bundle = Bundle::open(&root.join("target/site"))?;
    if parts == Parts::All {
        bundle.forget_all();
        wasm::add_module(&root, &mut bundle)?;
    } else if !bundle.has("boot.js") {
        return Err("there is no site yet: run `cargo run -p xtask -- site` once".into());
    }
    style::add_style(&root, &mut bundle)?;
    add_public(&root.join("public"), &mut bundle)?;
    bundle.finish()
}

fn root() -> Outcome<PathBuf> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    Ok(own.parent().ok_or("xtask lies outside of the workspace")?.to_owned())
}

fn add_public(folder: &Path, bundle: &mut Bundle) -> Outcome<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            bundle.add(&entry.file_name().to_string_lossy(), &std::fs::read(entry.path())?)?;
        }
    }
    Ok(())
}
