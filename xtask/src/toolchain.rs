//! Chooses the compiler that can build for the browser.
//!
//! The toolchain of this build comes first, if it has the wasm32 standard library; then Debian's own
//! packages in `/usr`. Nothing is installed here: `make setup` does that.

use crate::Outcome;
use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// The target triple of the browser.
pub const TARGET: &str = "wasm32-unknown-unknown";

const DEBIAN_CARGO: &str = "/usr/bin/cargo";
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";

/// A compiler that has the wasm32 standard library.
pub enum Toolchain {
    /// The one this build runs with.
    Current,
    /// The packages `rustc-web` and `cargo-web`, with a standard library built by `make setup`.
    Debian,
}

impl Toolchain {
    /// Finds a compiler with the wasm32 standard library, or says what to do.
    pub fn find() -> Outcome<Self> {
        if has_standard_library(&sysroot(&current("rustc", "RUSTC"))?) {
            return Ok(Self::Current);
        }
        let debian_is_there = Path::new(DEBIAN_RUSTC).exists() && Path::new(DEBIAN_CARGO).exists();
        if debian_is_there && has_standard_library(Path::new("/usr")) {
            return Ok(Self::Debian);
        }
        Err(format!("no installed compiler has the standard library of {TARGET}: run `make setup`").into())
    }

    /// A cargo command of this toolchain.
    pub fn cargo(&self) -> Command {
        match self {
            Self::Current => Command::new(current("cargo", "CARGO")),
            Self::Debian => {
                let mut command = Command::new(DEBIAN_CARGO);
                command.env("RUSTC", DEBIAN_RUSTC);
                for inherited in ["CARGO", "RUSTUP_TOOLCHAIN", "RUSTDOC", "LD_LIBRARY_PATH"] {
                    command.env_remove(inherited);
                }
                command
            }
        }
    }

    /// How this toolchain is called in messages.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Current => "the current toolchain",
            Self::Debian => "Debian's toolchain",
        }
    }
}

fn current(program: &str, variable: &str) -> String {
    std::env::var(variable).unwrap_or_else(|_| program.to_owned())
}

fn sysroot(rustc: &str) -> Outcome<PathBuf> {
    let output = Command::new(rustc).args(["--print", "sysroot"]).output()?;
    if !output.status.success() {
        return Err(format!("`{rustc} --print sysroot` failed").into());
    }
    Ok(PathBuf::from(String::from_utf8(output.stdout)?.trim()))
}

/// Whether the target's folder of `sysroot` holds compiled libraries.
fn has_standard_library(sysroot: &Path) -> bool {
    let libraries = sysroot.join("lib/rustlib").join(TARGET).join("lib");
    let Ok(entries) = libraries.read_dir() else { return false };
    entries.flatten().any(|entry| entry.path().extension().is_some_and(|end| end == "rlib"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sysroot_without_the_target_has_no_standard_library() {
        let root = tempfile::tempdir().unwrap();
        assert!(!has_standard_library(root.path()));
    }

    #[test]
    fn an_empty_target_folder_is_no_standard_library() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(root.path().join("lib/rustlib").join(TARGET).join("lib")).unwrap();
        assert!(!has_standard_library(root.path()));
    }

    #[test]
    fn compiled_libraries_make_a_standard_library() {
        let root = tempfile::tempdir().unwrap();
        let libraries = root.path().join("lib/rustlib").join(TARGET).join("lib");
        std::fs::create_dir_all(&libraries).unwrap();
        std::fs::write(libraries.join("libcore-1.rlib"), b"").unwrap();
        assert!(has_standard_library(root.path()));
    }
}
