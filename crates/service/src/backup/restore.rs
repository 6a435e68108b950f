//! Making a data folder out of a backup.

use std::{
    collections::HashSet,
    fs, io,
    path::{Path, PathBuf},
};

use chrono::{DateTime, Utc};
use db::{
    Db,
    query::{check, usage},
};
use serde::Serialize;
use storage::Location;
use types::digest::{Algorithm, Digest};

use super::{
    BLOBS, Backup, FORMAT, File, KEYS, Listener, MANIFEST,
    files::{self, blocking},
};
use crate::{
    Error, Options,
    fsck::{Fsck, How, Report},
};

const PAGE: u64 = 500;
/// The database until everything else is there: a server that is started too early finds none.
const UNFINISHED: &str = "berth.db.part";
const DATABASE: &str = "berth.db";

/// A data folder that was made.
#[derive(Clone, Debug, Serialize)]
pub struct Restored {
    /// The backup it was made from.
    pub backup: Backup,
    /// Blobs whose bytes are not, or not whole, in the backup.
    pub damaged: Vec<String>,
    /// What a quick check of the new folder says; none when its blobs have to be brought first.
    pub check: Option<Report>,
}

/// Makes the data folder `data` out of a backup; an older schema is brought up to date.
///
/// Errors: `Precondition` when the folder is not empty, or the backup is none or not whole; else what kept it from
/// reading or writing. What was written so far stays.
pub async fn restore(
    folder: &Path,
    data: &Path,
    now: DateTime<Utc>,
    listener: Listener<'_>,
) -> Result<Restored, Error> {
    let backup = described(folder).await?;
    require_empty(data).await?;
    let target = data.to_owned();
    blocking(move || files::make_folder(&target.join(KEYS))).await?;
    for key in &backup.keys {
        verified(folder, key, data.join(&key.path)).await?;
    }
    let unfinished = data.join(UNFINISHED);
    verified(folder, &backup.database, unfinished.clone()).await?;
    let db = Db::open(&format!("sqlite:{}", unfinished.display())).await?;
    let damaged = if backup.has_blobs { copy_blobs(&db, folder, data, listener).await? } else { Vec::new() };
    db.close().await?;
    let place = data.join(DATABASE);
    blocking(move || {
        fs::rename(&unfinished, &place)?;
        files::settle(&place)
    })
    .await?;
    let check = if backup.has_blobs { Some(checked(data, now).await?) } else { None };
    Ok(Restored { backup, damaged, check })
}

async fn described(folder: &Path) -> Result<Backup, Error> {
    let path = folder.join(MANIFEST);
    let text = match tokio::fs::read(&path).await {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let shown = folder.display();
            return Err(Error::Precondition(format!("{shown} is no backup, or one that was never finished")));
        }
        text => text.map_err(Error::internal)?,
    };
    let unreadable = || Error::Precondition(format!("{} can't be read", path.display()));
    let backup: Backup = serde_json::from_slice(&text).map_err(|_| unreadable())?;
    let stays_inside = |file: &File| {
        let parts: Vec<_> = Path::new(&file.path).components().collect();
        parts.len() == 2 && parts.iter().all(|part| matches!(part, std::path::Component::Normal(_)))
    };
    if !backup.keys.iter().chain([&backup.database]).all(stays_inside) {
        return Err(unreadable());
    }
    if backup.format != FORMAT {
        let made = &backup.version;
        return Err(Error::Precondition(format!("the backup was made by version {made}: use that version")));
    }
    Ok(backup)
}

async fn require_empty(data: &Path) -> Result<(), Error> {
    let path = data.to_owned();
    let is_empty = blocking(move || match fs::read_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        entries => Ok(entries?.next().is_none()),
    })
    .await?;
    if is_empty {
        return Ok(());
    }
    Err(Error::Precondition(format!("{} is not empty: name a new folder", data.display())))
}

/// Copies a file of the backup and compares it with its description.
async fn verified(folder: &Path, file: &File, to: PathBuf) -> Result<(), Error> {
    let from = folder.join(&file.path);
    let (size, digest) = blocking(move || files::copy(&from, &to, Algorithm::Sha256)).await?;
    if (size, digest.as_str()) == (file.size_bytes, file.digest.as_str()) {
        return Ok(());
    }
    Err(Error::Precondition(format!("{} of the backup is damaged: use another backup", file.path)))
}

/// Copies the bytes of every blob and returns the digests of those that are not there or not whole.
async fn copy_blobs(
    db: &Db,
    folder: &Path,
    data: &Path,
    listener: Listener<'_>,
) -> Result<Vec<String>, Error> {
    let (from, to) = (folder.join(BLOBS), data.join("storage").join(BLOBS));
    let (of, _) = usage::blobs(db).await?;
    let (mut damaged, mut last, mut done) = (Vec::new(), String::new(), 0);
    // What a store always has is there even when no blob is.
    let mut folders = HashSet::from([to.clone()]);
    let place = to.clone();
    blocking(move || files::make_folder(&place)).await?;
    loop {
        let page = check::blobs(db, &last, PAGE).await?;
        let Some(end) = page.last() else { break };
        last.clone_from(&end.digest);
        for row in page {
            let is_whole = match (row.location.parse::<Location>(), row.digest.parse::<Digest>()) {
                (Ok(location), Ok(digest)) => {
                    let (from, to) = (from.join(location.as_str()), to.join(location.as_str()));
                    let below = |above: &&Path| *above != data;
                    folders.extend(to.ancestors().skip(1).take_while(below).map(Path::to_owned));
                    copy_blob(from, to, (digest, row.size_bytes.unsigned_abs())).await?
                }
                _ => false,
            };
            if !is_whole {
                damaged.push(row.digest);
            }
            done += 1;
            listener(done, of.max(done));
        }
    }
    blocking(move || {
        let made = folders.iter().filter(|folder| folder.is_dir());
        made.into_iter().try_for_each(|folder| files::sync_folder(folder))
    })
    .await?;
    Ok(damaged)
}

async fn copy_blob(from: PathBuf, to: PathBuf, (digest, size): (Digest, u64)) -> Result<bool, Error> {
    blocking(move || {
        if !from.is_file() {
            return Ok(false);
        }
        files::make_folder(to.parent().ok_or(io::ErrorKind::NotFound)?)?;
        let copied = files::copy(&from, &to, digest.algorithm())?;
        if copied == (size, digest) {
            return Ok(true);
        }
        fs::remove_file(&to)?;
        Ok(false)
    })
    .await
}

async fn checked(data: &Path, now: DateTime<Utc>) -> Result<Report, Error> {
    let fsck = Fsck::open(&Options::new(data), false).await?;
    let how = How { is_quick: true, is_repair: false, now };
    let report = fsck.run(how, &mut |_| {}).await?;
    fsck.close().await?;
    Ok(report)
}
