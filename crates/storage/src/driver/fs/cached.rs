//! Reads that never wait for the disk, so that they may run on the runtime's own threads.
//!
//! Linux can be asked to open a file or read bytes only if it needs no disk for it. Anything that does not plainly
//! succeed here, on old kernels or in sandboxes too, is done again on a blocking thread.

use std::fs::File;
use std::path::Path;

/// What is known of a file without looking at the disk.
pub(super) enum Lookup {
    Found(File),
    Missing,
    Unknown,
}

/// Opens a file below `folder` for reading, if its name is cached.
///
/// Source: openat2(2), `RESOLVE_CACHED` (Linux 5.12).
#[cfg(target_os = "linux")]
pub(super) fn open(folder: &File, place: &Path) -> Lookup {
    use rustix::fs::{Mode, OFlags, ResolveFlags, openat2};

    let flags = OFlags::RDONLY | OFlags::CLOEXEC;
    match openat2(folder, place, flags, Mode::empty(), ResolveFlags::CACHED | ResolveFlags::BENEATH) {
        Ok(file) => Lookup::Found(File::from(file)),
        Err(rustix::io::Errno::NOENT) => Lookup::Missing,
        Err(_) => Lookup::Unknown,
    }
}

/// Reads at an offset what is in the page cache; `None` when the first byte is not.
///
/// Source: preadv2(2), `RWF_NOWAIT` (Linux 4.14).
#[cfg(target_os = "linux")]
pub(super) fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> Option<usize> {
    use std::io::IoSliceMut;

    use rustix::io::{ReadWriteFlags, preadv2};

    preadv2(file, &mut [IoSliceMut::new(buffer)], offset, ReadWriteFlags::NOWAIT).ok().filter(|len| *len > 0)
}

/// Asks the kernel to load the next bytes while the last ones travel.
#[cfg(target_os = "linux")]
pub(super) fn prefetch(file: &File, offset: u64, len: u64) {
    use std::num::NonZeroU64;

    use rustix::fs::{Advice, fadvise};

    if let Some(len) = NonZeroU64::new(len) {
        // Only a hint: without it the bytes are read when they are needed.
        let _hint = fadvise(file, offset, Some(len), Advice::WillNeed);
    }
}

#[cfg(not(target_os = "linux"))]
pub(super) fn open(_folder: &File, _place: &Path) -> Lookup {
    Lookup::Unknown
}

#[cfg(not(target_os = "linux"))]
pub(super) fn read_at(_file: &File, _buffer: &mut [u8], _offset: u64) -> Option<usize> {
    None
}

#[cfg(not(target_os = "linux"))]
pub(super) fn prefetch(_file: &File, _offset: u64, _len: u64) {}
