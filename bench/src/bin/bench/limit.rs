//! The limit of pushes: the bytes hashed by `openssl dgst` while they are written to a file and synced.

use std::{
    fs::File,
    io::Write as _,
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use bench::{Blob, Content};
use tokio::{io::AsyncWriteExt, process::Command, task::spawn_blocking, try_join};

use crate::Outcome;

/// Takes the bytes through both, at the same time, and returns how long it took. The file is at `path` afterwards.
pub async fn hash_and_write(openssl: &Path, blob: &Blob, path: &Path) -> Outcome<Duration> {
    let begun = Instant::now();
    let (said, ()) = try_join!(hash(openssl, blob.content()), write(blob.content(), path))?;
    let taken = begun.elapsed();
    if said.contains(blob.digest().trim_start_matches("sha256:")) {
        return Ok(taken);
    }
    Err(format!("{} has another opinion of {}: {said}", openssl.display(), blob.digest()).into())
}

async fn hash(openssl: &Path, content: &Content) -> Outcome<String> {
    let mut child = Command::new(openssl)
        .args(["dgst", "-sha256", "-r"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let mut input = child.stdin.take().ok_or("openssl takes no input")?;
    for frame in content.frames() {
        input.write_all(&frame).await?;
    }
    drop(input);
    Ok(String::from_utf8_lossy(&child.wait_with_output().await?.stdout).into_owned())
}

/// Writes content to a file and syncs it.
pub async fn write(content: &Content, path: &Path) -> Outcome<()> {
    let (frames, path) = (content.frames(), path.to_owned());
    let writing = spawn_blocking(move || {
        let mut file = File::create(path)?;
        for frame in frames {
            file.write_all(&frame)?;
        }
        file.sync_all()
    });
    Ok(writing.await??)
}
