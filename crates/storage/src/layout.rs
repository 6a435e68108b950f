//! Where a file-based store keeps what, relative to its root.
//!
//! ```text
//! <root>/                                 0700
//! ├── blobs/                              whole, named by their content and the upload they came by
//! │   ├── sha256/
//! │   │   ├── 00/ … ff/                   first two digits of the digest, made when needed
//! │   │   │   └── <64 hex digits>.<uuid>  0600
//! │   └── sha512/
//! │       └── 00/ … ff/
//! │           └── <128 hex digits>.<uuid> 0600
//! └── uploads/                            unfinished; acknowledged offsets are known to the caller only
//!     ├── <uuid>                          0600
//!     └── probe-<uuid>                    lives for the time of a check
//! ```
//!
//! Invariant: a file below `blobs/` gets there by one rename within the same file system, so it is never partial. No
//! name is used twice: a copy can be removed while the same content arrives again. A location is the path below `blobs/`.

use std::path::{Path, PathBuf};

use types::digest::{Algorithm, Digest};

use crate::{Location, LocationError, Place, UploadId};

const UPLOADS: &str = "uploads";
const BLOBS: &str = "blobs";

/// Returns the folder of a blob's neighbours.
pub(crate) fn shard(digest: &Digest) -> PathBuf {
    algorithm(digest.algorithm()).join(digest.hex().get(..2).unwrap_or_default())
}

/// Returns the location of the copy of a blob that an upload becomes.
pub(crate) fn location(digest: &Digest, upload: &UploadId) -> Result<Location, LocationError> {
    let (algorithm, hex) = (digest.algorithm().as_str(), digest.hex());
    format!("{algorithm}/{}/{hex}.{upload}", hex.get(..2).unwrap_or_default()).parse()
}

/// Returns the place of a blob.
pub(crate) fn blob(location: &Location) -> PathBuf {
    Path::new(BLOBS).join(location.as_str())
}

/// Says what a path relative to the root is.
pub(crate) fn place(path: &str) -> Place {
    let blob = path.strip_prefix("blobs/").and_then(|rest| rest.parse().ok()).map(Place::Blob);
    let upload = || path.strip_prefix("uploads/").and_then(|rest| rest.parse().ok()).map(Place::Upload);
    blob.or_else(upload).unwrap_or_else(|| Place::Unknown(path.to_owned()))
}

/// Returns the place of an upload.
pub(crate) fn upload(upload: &UploadId) -> PathBuf {
    Path::new(UPLOADS).join(upload.to_string())
}

/// Returns the place of a probe.
pub(crate) fn probe(name: &UploadId) -> PathBuf {
    Path::new(UPLOADS).join(format!("probe-{name}"))
}

/// Lists the folders that every store has, parents first.
pub(crate) fn folders() -> [PathBuf; 4] {
    [BLOBS.into(), algorithm(Algorithm::Sha256), algorithm(Algorithm::Sha512), UPLOADS.into()]
}

fn algorithm(algorithm: Algorithm) -> PathBuf {
    Path::new(BLOBS).join(algorithm.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blobs_are_spread_by_their_first_two_digits() {
        let hex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let digest = format!("sha256:{hex}").parse().unwrap();
        let upload = UploadId::new();
        let location = location(&digest, &upload).unwrap();
        assert_eq!(blob(&location), PathBuf::from(format!("blobs/sha256/e3/{hex}.{upload}")));
        assert_eq!(place(&format!("blobs/{location}")), Place::Blob(location));
        assert_eq!(place(&format!("uploads/{upload}")), Place::Upload(upload));
        assert!(matches!(place("uploads/lost+found"), Place::Unknown(_)));
        assert_eq!(shard(&digest), PathBuf::from("blobs/sha256/e3"));
    }

    #[test]
    fn a_shard_is_made_inside_a_folder_of_the_store() {
        for algorithm in [Algorithm::Sha256, Algorithm::Sha512] {
            let digest = Digest::new(algorithm, &"0a".repeat(algorithm.hex_len() / 2)).unwrap();
            assert!(folders().iter().any(|folder| Some(folder.as_path()) == shard(&digest).parent()));
        }
    }

    #[test]
    fn parents_are_listed_before_their_children() {
        let folders = folders();
        for (at, folder) in folders.iter().enumerate() {
            let parent = folder.parent().unwrap();
            assert!(parent == Path::new("") || folders[..at].iter().any(|earlier| earlier == parent));
        }
    }
}
