//! Encryption on the listener.

use std::path::PathBuf;

use super::reader::Reader;

/// The listener's certificate; both files or neither.
#[derive(Clone, Debug)]
pub struct Tls {
    /// PEM file with the certificate and its chain, leaf first.
    pub certificate: Option<PathBuf>,
    /// PEM file with the private key.
    pub key: Option<PathBuf>,
}

impl Tls {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let tls = Self { certificate: reader.optional("tls.certificate"), key: reader.optional("tls.key") };
        match (&tls.certificate, &tls.key) {
            (Some(_), None) => reader.refuse("tls.key", "is missing: tls.certificate needs its key"),
            (None, Some(_)) => reader.refuse("tls.certificate", "is missing: tls.key needs its certificate"),
            _ => {}
        }
        tls
    }
}
