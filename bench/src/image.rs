//! Images of random content: a configuration, layers, and the manifest that names them.

use bytes::Bytes;
use data_encoding::HEXLOWER;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::{Blob, MANIFEST_TYPE};

/// Length of a configuration's content.
const CONFIG_SIZE: u64 = 256;

/// An image ready to be pushed. No two of them share a blob.
#[derive(Clone, Debug)]
pub struct Image {
    config: Blob,
    layers: Vec<Blob>,
    manifest: Bytes,
    digest: String,
}

impl Image {
    /// Makes an image with a layer of each of these sizes in bytes. Reads the layers once, for their digests.
    pub fn random(layer_sizes: &[u64]) -> Self {
        Self::new(Blob::random(CONFIG_SIZE), layer_sizes.iter().map(|size| Blob::random(*size)).collect())
    }

    /// Makes the image of these blobs.
    pub fn new(config: Blob, layers: Vec<Blob>) -> Self {
        let describe = |media_type: &str, blob: &Blob| json!({"mediaType": media_type, "digest": blob.digest(), "size": blob.size()});
        let described = layers.iter().map(|blob| describe("application/vnd.oci.image.layer.v1.tar", blob));
        let manifest = json!({
            "schemaVersion": 2,
            "mediaType": MANIFEST_TYPE,
            "config": describe("application/octet-stream", &config),
            "layers": described.collect::<Vec<_>>(),
        });
        let manifest = Bytes::from(manifest.to_string());
        let digest = digest_of(Sha256::new_with_prefix(&manifest));
        Self { config, layers, manifest, digest }
    }

    /// The manifest's bytes.
    pub fn manifest(&self) -> &Bytes {
        &self.manifest
    }

    /// The manifest's digest, `sha256:…`.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// The configuration and the layers, in this order.
    pub fn blobs(&self) -> impl Iterator<Item = &Blob> {
        std::iter::once(&self.config).chain(&self.layers)
    }
}

/// The digest that a finished hash stands for.
pub(crate) fn digest_of(hash: Sha256) -> String {
    format!("sha256:{}", HEXLOWER.encode(&hash.finalize()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_names_every_blob_with_its_size() {
        let image = Image::random(&[10, 2000]);
        let manifest: serde_json::Value = serde_json::from_slice(image.manifest()).unwrap();
        let named = [&manifest["config"], &manifest["layers"][0], &manifest["layers"][1]];
        for (blob, named) in image.blobs().zip(named) {
            assert_eq!(named["digest"], blob.digest());
            assert_eq!(named["size"], blob.size());
        }
        assert_eq!(image.digest(), digest_of(Sha256::new_with_prefix(image.manifest())));
    }

    #[test]
    fn two_images_have_nothing_in_common() {
        let (one, other) = (Image::random(&[100]), Image::random(&[100]));
        assert!(one.blobs().all(|blob| other.blobs().all(|theirs| theirs.digest() != blob.digest())));
    }
}
