//! The programs that are measured or measured with.

use std::path::PathBuf;

use crate::row::Peer;

/// Where they are.
#[derive(Clone, Debug)]
pub struct Tools {
    pub berth: PathBuf,
    /// None where it could not be built.
    pub distribution: Option<PathBuf>,
    pub docker_registry: PathBuf,
    pub nginx: PathBuf,
    pub openssl: PathBuf,
}

impl Tools {
    /// Whether a peer can be started at all.
    pub fn has(&self, peer: Peer) -> bool {
        peer != Peer::Distribution || self.distribution.is_some()
    }
}
