//! From a storage address to a driver.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use object_store::path::Path as Prefix;

use crate::driver::object::connect;
use crate::{BlobStore, Error, FsStore, ObjectOptions};

/// The store's folder when the address names none, inside the data folder.
const DEFAULT_FOLDER: &str = "storage";

/// Opens the store at an address; `file:` is the folder `storage` inside `data`, which `options` have no part in.
/// Blocks for files: call it at start. An object store is not asked anything yet.
///
/// # Errors
/// `UnsupportedScheme` for anything but `file:`, `file:///absolute/path`, `s3://bucket/prefix`, `gs://bucket/prefix`
/// and `az://container/prefix`, the prefix being optional; `NoSpace`, `Io` when folders can't be made; `Settings`.
pub fn open(url: &str, data: &Path, options: &ObjectOptions) -> Result<Arc<dyn BlobStore>, Error> {
    if let Some((scheme @ ("s3" | "gs" | "az"), rest)) = url.split_once("://") {
        let (bucket, prefix) = bucket(rest).ok_or_else(|| Error::UnsupportedScheme(scheme.to_owned()))?;
        let store = match scheme {
            "s3" => connect::s3(bucket, prefix, options),
            "gs" => connect::gcs(bucket, prefix, options),
            _ => connect::azure(bucket, prefix, options),
        };
        return Ok(Arc::new(store.map_err(|error| Error::Settings(error.into()))?));
    }
    Ok(Arc::new(FsStore::open(&root(url, data)?)?))
}

/// Opens the store at an address, as [`open`] does, unless it is a folder that is not there: a disk that is not mounted
/// must not pass for a store without blobs.
///
/// # Errors
/// As [`open`], and `Io` when the folder is missing.
pub fn open_existing(url: &str, data: &Path, options: &ObjectOptions) -> Result<Arc<dyn BlobStore>, Error> {
    if url.starts_with("file:") {
        let root = root(url, data)?;
        if !root.join("blobs").is_dir() {
            let message = format!("there is no blob store in {}", root.display());
            return Err(Error::Io(io::Error::new(io::ErrorKind::NotFound, message)));
        }
    }
    open(url, data, options)
}

/// Splits `bucket/prefix`; nothing that could be a password, a port or a query is taken for a name.
fn bucket(rest: &str) -> Option<(&str, Prefix)> {
    let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'/');
    if bucket.is_empty() || !rest.bytes().all(is_name) {
        return None;
    }
    Some((bucket, Prefix::parse(prefix).ok()?))
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
    fn addresses_of_object_stores_name_a_bucket_and_a_prefix() {
        let options = ObjectOptions { region: Some("eu-central-1".to_owned()), ..ObjectOptions::default() };
        for (url, kind) in [("s3://bucket", "s3"), ("s3://my.bucket/a/b-c/", "s3"), ("gs://bucket/a", "gcs")]
        {
            assert_eq!(open(url, Path::new("data"), &options).unwrap().kind(), kind, "{url}");
        }
        let options = ObjectOptions { access_key: Some("account".to_owned()), ..options };
        assert_eq!(open("az://container/a", Path::new("data"), &options).unwrap().kind(), "azure");
        let azure_without_account = open("az://container", Path::new("data"), &ObjectOptions::default());
        assert!(matches!(azure_without_account, Err(Error::Settings(_))));
        assert_eq!(bucket("b/a//b"), None);
        assert_eq!(bucket("b/a/b/"), Some(("b", Prefix::from("a/b"))));
    }

    #[test]
    fn a_refusal_shows_no_secret_of_the_address() {
        for url in
            ["s3://key:hunter2@bucket", "ftp://key:hunter2@bucket", "gs://bucket/a?key=hunter2", "s3://"]
        {
            let error = open(url, Path::new("data"), &ObjectOptions::default()).err().unwrap();
            assert!(matches!(&error, Error::UnsupportedScheme(scheme) if !scheme.contains(':')));
            assert!(!error.to_string().contains("hunter2"));
        }
    }

    #[tokio::test]
    async fn the_default_store_takes_bytes() {
        let data = tempfile::tempdir().unwrap();
        let store = open("file:", data.path(), &ObjectOptions::default()).unwrap();
        store.check().await.unwrap();
        assert_eq!(store.kind(), "filesystem");
        assert!(data.path().join("storage/uploads").is_dir());
    }
}
