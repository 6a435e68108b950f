//! Where an object store keeps what, below the prefix of its address.
//!
//! ```text
//! <prefix>/
//! ├── blobs/
//! │   └── <upload uuid>.<16 hex digits>   whole; the part after the dot was drawn for this object alone
//! └── uploads/
//!     ├── <upload uuid>/
//!     │   └── <16 hex digits>             last bytes of an unfinished upload, too few for a part
//!     └── probe-<uuid>                    lives for the time of a check
//! ```
//! The parts of an unfinished upload are in none of these: the store keeps them itself, under the id of a multipart
//! upload, until they become a blob in one step.
//!
//! Invariant: no name is written twice with different bytes, so a request that comes late, or a second process with an
//! old row, can't change what was acknowledged. A location is the path below `blobs/`.

use object_store::path::Path;
use uuid::Uuid;

use crate::{Error, Location, Place, UploadId, layout};

/// The names of one store.
#[derive(Debug)]
pub(super) struct Names {
    root: Path,
}

impl Names {
    pub(super) fn new(root: Path) -> Self {
        Self { root }
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    pub(super) fn blob(&self, blob: &Location) -> Path {
        blob.as_str().split('/').fold(self.root.clone().join("blobs"), Path::join)
    }

    /// Where all tails of an upload are.
    pub(super) fn tails(&self, upload: &UploadId) -> Path {
        self.root.clone().join("uploads").join(upload.to_string())
    }

    pub(super) fn tail(&self, upload: &UploadId, name: &str) -> Path {
        self.tails(upload).join(name)
    }

    pub(super) fn probe(&self) -> Path {
        self.root.clone().join("uploads").join(format!("probe-{}", UploadId::new()))
    }

    /// Says what an object is.
    pub(super) fn place(&self, object: &Path) -> Place {
        let below = object.as_ref().strip_prefix(self.root.as_ref()).unwrap_or_default();
        let below = below.strip_prefix('/').unwrap_or(below);
        match below.strip_prefix("uploads/").and_then(|rest| rest.split_once('/')) {
            Some((upload, _)) => match upload.parse() {
                Ok(upload) => Place::Upload(upload),
                Err(_) => Place::Unknown(below.to_owned()),
            },
            None => layout::place(below),
        }
    }
}

/// The location of the blob that an upload becomes under the name `drawn`.
pub(super) fn location(upload: &UploadId, drawn: &str) -> Result<Location, Error> {
    format!("{upload}.{drawn}").parse().map_err(|_| Error::State("the blob has no place"))
}

/// Draws a name that was never used for this upload.
pub(super) fn draw() -> String {
    let (high, low) = Uuid::new_v4().as_u64_pair();
    format!("{:016x}", high ^ low)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_what_they_name() {
        for root in ["", "registry", "a/b"] {
            let (names, upload) = (Names::new(Path::from(root)), UploadId::new());
            let blob = location(&upload, &draw()).unwrap();
            assert_eq!(names.place(&names.blob(&blob)), Place::Blob(blob));
            assert_eq!(names.place(&names.tail(&upload, &draw())), Place::Upload(upload));
            assert!(matches!(names.place(&names.probe()), Place::Unknown(_)));
        }
    }

    #[test]
    fn a_name_is_drawn_once() {
        assert_ne!(draw(), draw());
        assert_eq!(draw().len(), 16);
    }
}
