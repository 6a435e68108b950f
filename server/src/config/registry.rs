//! Rules of the registry.

use super::reader::Reader;

/// What the registry accepts.
#[derive(Clone, Debug)]
pub struct Registry {
    /// Whether a manifest may name layers or children that are not here.
    pub sparse_manifests: bool,
    /// Largest manifest, in bytes.
    pub manifest_limit_bytes: u64,
}

impl Registry {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let registry = Self {
            sparse_manifests: reader.get("registry.sparse_manifests", false),
            manifest_limit_bytes: reader.get("registry.manifest_limit_bytes", 4 * 1024 * 1024),
        };
        reader.at_least("registry.manifest_limit_bytes", registry.manifest_limit_bytes, 64 * 1024);
        registry
    }
}
