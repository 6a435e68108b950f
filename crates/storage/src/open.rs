//! From a storage address to a driver.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::{BlobStore, Error, FsStore};

/// The store's folder when the address names none, inside the data folder.
const DEFAULT_FOLDER: &str = "storage";

/// Opens the store at an address; `file:` is the folder `storage` inside `data`. Blocks: call it at start.
///
/// # Errors
/// `UnsupportedScheme` for anything but `file:` and `file:///absolute/path`; `NoSpace`, `Io` when its folders
/// can't be made.
pub fn open(url: &str, data: &Path) -> Result<Arc<dyn BlobStore>, Error> {
    Ok(Arc::new(FsStore::open(&root(url, data)?)?))
}

/// Opens the store at an address, as [`open`] does, unless it is a folder that is not there: a disk that is not mounted
/// must not pass for a store without blobs.
///
/// # Errors
/// As [`open`], and `Io` when the folder is missing.
pub fn open_existing(url: &str, data: &Path) -> Result<Arc<dyn BlobStore>, Error> {
    let root = root(url, data)?;
    if !root.join("blobs").is_dir() {
        let message = format!("there is no blob store in {}", root.display());
        return Err(Error::Io(io::Error::new(io::ErrorKind::NotFound, message)));
    }
    Ok(Arc::new(FsStore::open(&root)?))
}

fn root(url: &str, data: &Path) -> Result<PathBuf, Error> {
    let Some(rest) = url.strip_prefix("file:") else {
        // What follows the scheme may hold a password.
        let scheme = url.split_once(':').map_or("", |(scheme, _)| scheme);
        return Err(Error::UnsupportedScheme(scheme.to_owned()));
    };
    if rest.is_empty() {
        return Ok(data.join(DEFAULT_FOLDER));
    }
    let path = rest.strip_prefix("//").unwrap_or(rest);
    match decode(path) {
        Some(path) if path.starts_with('/') => Ok(PathBuf::from(path)),
        _ => Err(Error::UnsupportedScheme(url.to_owned())),
    }
}

/// Decodes percent escapes; `None` when one is malformed or hides a byte that no path may have.
fn decode(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digits = [rest.next()?.to_ascii_lowercase(), rest.next()?.to_ascii_lowercase()];
        bytes.extend(data_encoding::HEXLOWER.decode(&digits).ok()?);
    }
    String::from_utf8(bytes).ok().filter(|path| !path.contains('\0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_files_name_a_folder() {
        let data = Path::new("/var/lib/berth");
        for (url, expected) in [
            ("file:", "/var/lib/berth/storage"),
            ("file:///srv/blobs", "/srv/blobs"),
            ("file:/srv/blobs", "/srv/blobs"),
            ("file:///srv/my%20blobs%2Fa", "/srv/my blobs/a"),
        ] {
            assert_eq!(root(url, data).unwrap(), Path::new(expected), "{url}");
        }
    }

    #[test]
    fn other_addresses_are_refused() {
        let data = Path::new("data");
        for url in [
            "",
            "blobs",
            "ftp://x",
            "file:blobs",
            "file://host/blobs",
            "file:///a%2",
            "file:///a%zz",
            "file:///a%00",
        ] {
            assert!(matches!(root(url, data), Err(Error::UnsupportedScheme(_))), "{url}");
        }
    }

    #[test]
    fn a_refusal_shows_no_secret_of_the_address() {
        let error = root("s3://key:hunter2@bucket", Path::new("data")).unwrap_err();
        assert!(matches!(&error, Error::UnsupportedScheme(scheme) if scheme == "s3"));
        assert!(!error.to_string().contains("hunter2"));
    }

    #[tokio::test]
    async fn the_default_store_takes_bytes() {
        let data = tempfile::tempdir().unwrap();
        open("file:", data.path()).unwrap().check().await.unwrap();
        assert!(data.path().join("storage/uploads").is_dir());
    }
}
