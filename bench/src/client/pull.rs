//! Pulling with every digest checked.

use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::{Client, Error};
use crate::image::digest_of;

/// What a pull brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pulled {
    /// The digest of the manifest that the reference led to.
    pub digest: String,
    /// Blobs that were read.
    pub blobs: usize,
    /// Their length together.
    pub bytes: u64,
}

#[derive(Deserialize)]
struct Descriptor {
    digest: String,
    size: u64,
}

/// The parts of a manifest or an index that name others.
#[derive(Deserialize)]
struct Names {
    config: Option<Descriptor>,
    #[serde(default)]
    layers: Vec<Descriptor>,
    #[serde(default)]
    manifests: Vec<Descriptor>,
}

impl Client {
    /// Pulls an image or an index with all its images, and checks every digest and size on the way. Keeps nothing.
    ///
    /// Errors: `Status` when a part isn't there, `Answer` when one isn't what its digest says.
    pub async fn pull_and_verify(&mut self, repository: &str, reference: &str) -> Result<Pulled, Error> {
        let (digest, names) = self.verified_manifest(repository, reference).await?;
        let mut pulled = Pulled { digest, blobs: 0, bytes: 0 };
        let mut waiting = vec![names];
        while let Some(names) = waiting.pop() {
            for blob in names.config.iter().chain(&names.layers) {
                self.verify_blob(repository, blob).await?;
                pulled.blobs += 1;
                pulled.bytes += blob.size;
            }
            for child in &names.manifests {
                waiting.push(self.verified_manifest(repository, &child.digest).await?.1);
            }
        }
        Ok(pulled)
    }

    async fn verified_manifest(
        &mut self,
        repository: &str,
        reference: &str,
    ) -> Result<(String, Names), Error> {
        let what = format!("manifest {repository} {reference}");
        let manifest = self.get_manifest(repository, reference).await?;
        let digest = digest_of(Sha256::new_with_prefix(&manifest.bytes));
        let named = [manifest.digest, Some(reference.to_owned()).filter(|name| name.contains(':'))];
        if let Some(named) = named.into_iter().flatten().find(|named| *named != digest) {
            return Err(Error::answer(&what, format!("{named} has the digest {digest}")));
        }
        let names = serde_json::from_slice(&manifest.bytes);
        Ok((digest, names.map_err(|error| Error::answer(&what, error.to_string()))?))
    }

    async fn verify_blob(&mut self, repository: &str, blob: &Descriptor) -> Result<(), Error> {
        let mut hash = Sha256::new();
        let len = self.get_blob(repository, &blob.digest, |piece| hash.update(piece)).await?;
        let digest = digest_of(hash);
        if digest == blob.digest && len == blob.size {
            return Ok(());
        }
        let problem = format!("{} of {} bytes came as {digest} of {len} bytes", blob.digest, blob.size);
        Err(Error::answer(&format!("blob of {repository}"), problem))
    }
}
