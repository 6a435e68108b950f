//! The last bytes of a disk are not for blobs: rows are written beside them, by which what is there can be deleted.

use std::fs::File;

use crate::Error;

/// Left free on a large disk; on a small one a sixteenth of it.
const RESERVE_BYTES: u64 = 64 << 20;

/// Refuses `bytes` more on the disk of a file when too little would be left.
///
/// # Errors
/// `NoSpace`.
#[cfg(target_os = "linux")]
pub(super) fn require(file: &File, bytes: u64) -> Result<(), Error> {
    let disk = rustix::fs::fstatvfs(file).map_err(std::io::Error::from)?;
    let (free, total) =
        (disk.f_bavail.saturating_mul(disk.f_frsize), disk.f_blocks.saturating_mul(disk.f_frsize));
    // Some file systems don't say how large they are.
    let is_short = total > 0 && free < bytes.saturating_add(RESERVE_BYTES.min(total / 16));
    if is_short { Err(Error::NoSpace) } else { Ok(()) }
}

/// Refuses nothing where the system is not asked.
#[cfg(not(target_os = "linux"))]
pub(super) fn require(_file: &File, _bytes: u64) -> Result<(), Error> {
    Ok(())
}
