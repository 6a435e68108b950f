//! The folder of the finished site.
//!
//! ```text
//! target/site/manifest.json          {"berth.css": "berth.0123456789abcdef.css", …}
//! target/site/berth.<hash>.css       the file itself
//! target/site/berth.<hash>.css.br    brotli, where it is smaller
//! target/site/berth.<hash>.css.gz    gzip, where it is smaller
//! ```
//!
//! A name changes exactly when the content does, so every file but the manifest can be cached for ever.

use crate::Outcome;
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    io::Write as _,
    path::{Path, PathBuf},
};

/// The name of the file that lists all others.
pub const MANIFEST: &str = "manifest.json";

/// How large the compiled module may be as a browser fetches it, in bytes. Raising it is a change of its own.
const MODULE_BUDGET_BYTES: u64 = 450 * 1024;

/// Files on their way into one site folder.
pub struct Bundle {
    folder: PathBuf,
    names: BTreeMap<String, String>,
}

impl Bundle {
    /// Opens the site in `folder` with what its manifest already names.
    pub fn open(folder: &Path) -> Outcome<Self> {
        std::fs::create_dir_all(folder)?;
        let names = match std::fs::read(folder.join(MANIFEST)) {
            Ok(bytes) => serde_json::from_slice(&bytes)?,
            Err(_) => BTreeMap::new(),
        };
        Ok(Self { folder: folder.to_owned(), names })
    }

    /// Forgets what an earlier build left.
    pub fn forget_all(&mut self) {
        self.names.clear();
    }

    /// Whether the site has a file called `logical`.
    pub fn has(&self, logical: &str) -> bool {
        self.names.contains_key(logical)
    }

    /// Writes `content`, plain and compressed, and returns the hashed name it got.
    pub fn add(&mut self, logical: &str, content: &[u8]) -> Outcome<String> {
        let name = hashed_name(logical, content);
        let path = self.folder.join(&name);
        if !path.exists() {
            write_if_smaller(&path, "br", content, &brotli(content)?)?;
            write_if_smaller(&path, "gz", content, &gzip(content)?)?;
            std::fs::write(&path, content)?;
        }
        self.names.insert(logical.to_owned(), name.clone());
        Ok(name)
    }

    /// Writes the manifest and removes every file it does not name.
    pub fn finish(&self) -> Outcome<()> {
        std::fs::write(self.folder.join(MANIFEST), serde_json::to_vec_pretty(&self.names)?)?;
        let kept: BTreeSet<&str> = self.names.values().map(String::as_str).chain([MANIFEST]).collect();
        for entry in std::fs::read_dir(&self.folder)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let plain = name.strip_suffix(".br").or_else(|| name.strip_suffix(".gz")).unwrap_or(&name);
            if !kept.contains(plain) {
                std::fs::remove_file(entry.path())?;
            }
        }
        self.report()
    }

    fn report(&self) -> Outcome<()> {
        for name in self.names.values() {
            let size =
                |end: &str| std::fs::metadata(self.folder.join(format!("{name}{end}"))).map(|m| m.len());
            let plain = size("")?;
            let brotli = size(".br").map_or_else(|_| String::new(), |bytes| format!(", {bytes} with brotli"));
            eprintln!("site: {name} {plain} bytes{brotli}");
            if Path::new(name).extension().is_some_and(|end| end == "wasm") {
                check_budget(name, size(".br")?, MODULE_BUDGET_BYTES)?;
            }
        }
        Ok(())
    }
}

/// Errors: when a file is larger than it may be.
fn check_budget(name: &str, bytes: u64, budget: u64) -> Outcome<()> {
    if bytes > budget {
        return Err(
            format!("{name} has {bytes} bytes with brotli, {} more than its budget", bytes - budget).into()
        );
    }
    Ok(())
}

/// `berth.css` with its content's hash: `berth.<16 hex digits>.css`.
fn hashed_name(logical: &str, content: &[u8]) -> String {
    let mut hash = String::with_capacity(16);
    for byte in Sha256::digest(content).iter().take(8) {
        // writing to a String cannot fail
        let _ = write!(hash, "{byte:02x}");
    }
    match logical.rsplit_once('.') {
        Some((stem, end)) => format!("{stem}.{hash}.{end}"),
        None => format!("{logical}.{hash}"),
    }
}

fn write_if_smaller(path: &Path, end: &str, plain: &[u8], packed: &[u8]) -> Outcome<()> {
    if packed.len() < plain.len() {
        let mut name = path.as_os_str().to_owned();
        name.push(".");
        name.push(end);
        std::fs::write(name, packed)?;
    }
    Ok(())
}

fn brotli(content: &[u8]) -> Outcome<Vec<u8>> {
    let mut packed = Vec::new();
    let params = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    brotli::BrotliCompress(&mut &*content, &mut packed, &params)?;
    Ok(packed)
}

fn gzip(content: &[u8]) -> Outcome<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_changes_with_the_content_alone() {
        assert_eq!(hashed_name("berth.css", b"a"), hashed_name("berth.css", b"a"));
        assert_ne!(hashed_name("berth.css", b"a"), hashed_name("berth.css", b"b"));
        let name = hashed_name("berth.css", b"a");
        assert_eq!((name.get(..6), name.get(22..)), (Some("berth."), Some(".css")));
    }

    #[test]
    fn files_of_an_earlier_build_are_removed() {
        let folder = tempfile::tempdir().unwrap();
        let mut bundle = Bundle::open(folder.path()).unwrap();
        let old = bundle.add("berth.css", &b"a{}".repeat(100)).unwrap();
        bundle.finish().unwrap();
        let mut bundle = Bundle::open(folder.path()).unwrap();
        let new = bundle.add("berth.css", &b"b{}".repeat(100)).unwrap();
        bundle.finish().unwrap();
        assert!(!folder.path().join(old).exists());
        assert!(folder.path().join(&new).exists());
        assert!(folder.path().join(format!("{new}.br")).exists());
        assert!(folder.path().join(format!("{new}.gz")).exists());
    }

    #[test]
    fn a_file_that_does_not_shrink_has_no_packed_twin() {
        let folder = tempfile::tempdir().unwrap();
        let mut bundle = Bundle::open(folder.path()).unwrap();
        let name = bundle.add("dot.svg", b"x").unwrap();
        assert!(!folder.path().join(format!("{name}.br")).exists());
    }

    #[test]
    fn a_module_over_its_budget_stops_the_build() {
        assert!(check_budget("berth_bg.wasm", 100, 100).is_ok());
        let refusal = check_budget("berth_bg.wasm", 101, 100).unwrap_err().to_string();
        assert!(refusal.contains("1 more than its budget"), "{refusal}");
    }
}
