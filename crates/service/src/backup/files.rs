//! Files that are whole and durable, for their owner alone. Blocking; callers leave the runtime first.

use std::{
    fs::{self, DirBuilder, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::Path,
};

use storage::Hasher;
use types::digest::{Algorithm, Digest};

use crate::Error;

const CHUNK: usize = 1 << 20;

/// Makes a folder and its parents, for their owner alone.
pub(super) fn make_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Makes the entries of a folder durable.
pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    fs::File::open(path)?.sync_all()
}

/// Makes a file durable that another writer wrote, for its owner alone.
pub(super) fn settle(path: &Path) -> io::Result<()> {
    fs::set_permissions(path, fs::Permissions::from_mode(0o600))?;
    fs::File::open(path)?.sync_all()?;
    path.parent().map_or(Ok(()), sync_folder)
}

/// Removes a file; succeeds when there is none.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

/// Opens a new file, in place of one that was left behind unfinished.
pub(super) fn create(path: &Path) -> io::Result<fs::File> {
    remove(path)?;
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

/// Writes a file whole or not at all.
pub(super) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let unfinished = path.with_extension("part");
    let mut file = create(&unfinished)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&unfinished, path)?;
    path.parent().map_or(Ok(()), sync_folder)
}

/// Copies a file durably; returns its size and the digest of its bytes.
pub(super) fn copy(from: &Path, to: &Path, algorithm: Algorithm) -> io::Result<(u64, Digest)> {
    let (mut reader, mut writer) = (fs::File::open(from)?, create(to)?);
    let copied = pass(&mut reader, &mut writer, algorithm)?;
    writer.sync_all()?;
    Ok(copied)
}

/// The size of a file and the digest of its bytes.
pub(super) fn look(path: &Path) -> io::Result<(u64, Digest)> {
    pass(&mut fs::File::open(path)?, &mut io::sink(), Algorithm::Sha256)
}

fn pass(from: &mut impl Read, to: &mut impl Write, algorithm: Algorithm) -> io::Result<(u64, Digest)> {
    let (mut hasher, mut size, mut buffer) = (Hasher::new(algorithm), 0, vec![0; CHUNK]);
    loop {
        let len = from.read(&mut buffer)?;
        let Some(bytes) = buffer.get(..len).filter(|bytes| !bytes.is_empty()) else {
            return Ok((size, hasher.finalize()));
        };
        hasher.update(bytes);
        to.write_all(bytes)?;
        size += len as u64;
    }
}

/// Runs file work on a blocking thread.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, Error> {
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?.map_err(Error::internal)
}
