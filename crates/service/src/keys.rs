//! The keys of the data folder: made once, read by their owner only.
//!
//! ```text
//! keys/encryption.key            32 random bytes in base64, for secrets at rest
//! keys/token-signing.es256.pem   the private key of tokens, PKCS #8 (…rs256.pem when that is chosen)
//! keys/token-signing.crt         a certificate over the signing key in use, for registries that want one
//! ```
//! A key that group or others may read is refused.

use std::{
    fs,
    io::{self, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt},
    path::Path,
};

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    rand::SystemRandom,
    rsa,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair},
};
use data_encoding::BASE64;

use crate::{Error, SigningAlgorithm};

/// The private key of tokens, as PKCS #8 in PEM.
pub(crate) struct SigningKey {
    pub(crate) algorithm: SigningAlgorithm,
    pub(crate) pem: String,
}

/// Makes the keys that are missing and returns the one tokens are signed with.
pub(crate) fn open(data: &Path, algorithm: SigningAlgorithm) -> Result<SigningKey, Error> {
    let folder = data.join("keys");
    fs::DirBuilder::new().recursive(true).create(&folder).map_err(Error::internal)?;
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).map_err(Error::internal)?;
    read_or_make(&folder.join("encryption.key"), || {
        let mut bytes = [0_u8; 32];
        aws_lc_rs::rand::fill(&mut bytes).map_err(Error::internal)?;
        Ok(BASE64.encode(&bytes) + "\n")
    })?;
    let name = match algorithm {
        SigningAlgorithm::Es256 => "token-signing.es256.pem",
        SigningAlgorithm::Rs256 => "token-signing.rs256.pem",
    };
    let pem = read_or_make(&folder.join(name), || make_signing_key(algorithm))?;
    let certificate = certify(&pem)?;
    replace(&folder.join("token-signing.crt"), &certificate).map_err(Error::internal)?;
    Ok(SigningKey { algorithm, pem })
}

fn make_signing_key(algorithm: SigningAlgorithm) -> Result<String, Error> {
    let der = match algorithm {
        SigningAlgorithm::Es256 => {
            EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new())
                .map_err(Error::internal)?
                .as_ref()
                .to_vec()
        }
        SigningAlgorithm::Rs256 => {
            let pair = rsa::KeyPair::generate(rsa::KeySize::Rsa2048).map_err(Error::internal)?;
            let der: Pkcs8V1Der<'static> = pair.as_der().map_err(Error::internal)?;
            der.as_ref().to_vec()
        }
    };
    Ok(pem::encode(&pem::Pem::new("PRIVATE KEY", der)))
}

/// A self-signed certificate over the key: `distribution` reads it as `rootcertbundle`.
fn certify(pem: &str) -> Result<String, Error> {
    let pair = rcgen::KeyPair::from_pem(pem).map_err(Error::internal)?;
    let mut parameters = rcgen::CertificateParams::new(Vec::<String>::new()).map_err(Error::internal)?;
    parameters.distinguished_name.push(rcgen::DnType::CommonName, "Berth token signing");
    Ok(parameters.self_signed(&pair).map_err(Error::internal)?.pem())
}

fn read_or_make(path: &Path, make: impl FnOnce() -> Result<String, Error>) -> Result<String, Error> {
    match fs::metadata(path) {
        Ok(found) if found.mode() & 0o077 != 0 => Err(Error::internal(io::Error::other(format!(
            "{} may be read by others: run chmod 600 on it",
            path.display()
        )))),
        Ok(_) => fs::read_to_string(path).map_err(Error::internal),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let text = make()?;
            replace(path, &text).map_err(Error::internal)?;
            Ok(text)
        }
        Err(error) => Err(Error::internal(error)),
    }
}

/// Writes a file whole or not at all, durable, for its owner only.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let unfinished = path.with_extension("tmp");
    match fs::remove_file(&unfinished) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&unfinished)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&unfinished, path)?;
    match path.parent() {
        Some(folder) => fs::File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}
