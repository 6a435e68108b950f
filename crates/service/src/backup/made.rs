//! Making a backup.

use std::{
    fmt::Write as _,
    fs, io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use chrono::{DateTime, Utc};
use db::{
    Access, Db,
    query::{check, job, snapshot, usage},
};
use futures::FutureExt;
use serde::Serialize;
use types::digest::Algorithm;

use super::{
    BLOBS, Backup, DATABASES, FORMAT, File, KEYS, LIST, Listener, MANIFEST,
    copy::{Copied, Copier, prune},
    files::{self, blocking},
};
use crate::{Error, Options, attach, collection};

const PAGE: u64 = 500;

/// A backup that was made.
#[derive(Clone, Debug, Serialize)]
pub struct Made {
    /// What it is.
    pub backup: Backup,
    /// Blobs whose bytes were brought into it.
    pub new_blobs: u64,
    /// Their bytes.
    pub new_bytes: u64,
    /// Blobs that an earlier backup had brought already.
    pub kept_blobs: u64,
    /// Files of an earlier backup that were removed.
    pub pruned: u64,
}

/// Makes a backup of a data folder, beside a running server. Without `has_blobs`, and with an object store, blobs are
/// listed only.
///
/// Errors: `Precondition` when the folder holds something else; else what kept it from reading or writing.
pub async fn make(
    options: &Options,
    folder: &Path,
    has_blobs: bool,
    now: DateTime<Utc>,
    listener: Listener<'_>,
) -> Result<Made, Error> {
    prepare(folder).await?;
    let live = attach::database(options, Access::Read).await?;
    let name = format!("{DATABASES}/{}.db", now.format("%Y%m%dT%H%M%S%3fZ"));
    let path = folder.join(&name);
    live.snapshot(&path).await?;
    let snapshot = Db::attach(&address(&path), Access::Write).await?;
    settle(&snapshot).await?;
    let is_local = options.storage_url.as_ref().is_none_or(|url| url.starts_with("file:"));
    let has_blobs = has_blobs && is_local;
    let copied = if has_blobs {
        let (of, _) = usage::blobs(&snapshot).await?;
        let store = attach::store(options)?;
        let copier = Copier { live: &live, store: store.as_ref(), snapshot: &snapshot, folder };
        copier.all(of, listener).await?
    } else {
        list(&snapshot, folder).await?;
        Copied::default()
    };
    live.close().await?;
    let mut backup = counted(&snapshot, now).await?;
    snapshot.close().await?;
    backup.database = described(folder, name).await?;
    backup.keys = keys(&options.data, folder).await?;
    backup.has_blobs = has_blobs;
    backup.missing = copied.missing;
    finish(folder, &backup).await?;
    let pruned = tidy(folder, path, has_blobs).await?;
    Ok(Made { backup, new_blobs: copied.new, new_bytes: copied.new_bytes, kept_blobs: copied.kept, pruned })
}

fn address(path: &Path) -> String {
    format!("sqlite:{}", path.display())
}

/// Leaves out what must not go on in a copy. A collection that was under way is told by the settings of the server that it
/// began on; after a restore it would remove what the new server's settings keep.
async fn settle(snapshot: &Db) -> Result<(), db::Error> {
    let settling = snapshot.write(|tx| {
        async move {
            snapshot::settle(tx).await?;
            job::forget_open(tx, collection::KIND).await
        }
        .boxed()
    });
    settling.await
}

/// What the snapshot has; its file and everything beside it are described later.
async fn counted(snapshot: &Db, now: DateTime<Utc>) -> Result<Backup, Error> {
    let (blobs, blob_bytes) = usage::blobs(snapshot).await?;
    let (manifests, _, tags) = check::counts(snapshot).await?;
    Ok(Backup {
        format: FORMAT,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        made_at: now,
        database: File::default(),
        keys: Vec::new(),
        has_blobs: false,
        blobs,
        blob_bytes,
        manifests,
        tags,
        missing: Vec::new(),
    })
}

/// Removes what belongs to an older backup alone; returns how many files of blobs that were.
async fn tidy(folder: &Path, newest: PathBuf, has_blobs: bool) -> Result<u64, Error> {
    let mut pruned = 0;
    if has_blobs {
        let snapshot = Db::attach(&address(&newest), Access::Read).await?;
        pruned = prune(&snapshot, folder).await?;
        snapshot.close().await?;
        let list = folder.join(LIST);
        blocking(move || files::remove(&list)).await?;
    }
    forget_older(folder, newest).await?;
    Ok(pruned)
}

/// Makes the folder, or takes one that holds a backup.
async fn prepare(folder: &Path) -> Result<(), Error> {
    let path = folder.to_owned();
    let is_ours = blocking(move || {
        files::make_folder(&path)?;
        let names =
            fs::read_dir(&path)?.map(|entry| Ok(entry?.file_name())).collect::<io::Result<Vec<_>>>()?;
        let is_ours = names.iter().all(|name| {
            [MANIFEST, DATABASES, KEYS, BLOBS, LIST, "backup.part", "blobs.part"]
                .iter()
                .any(|own| name.as_os_str() == *own)
        });
        if is_ours {
            fs::set_permissions(&path, fs::Permissions::from_mode(0o700))?;
            for own in [DATABASES, KEYS, BLOBS] {
                files::make_folder(&path.join(own))?;
            }
        }
        Ok(is_ours)
    })
    .await?;
    if is_ours {
        return Ok(());
    }
    let shown = folder.display();
    Err(Error::Precondition(format!("{shown} holds other things than a backup: name a folder of its own")))
}

/// Copies the keys; each is small.
async fn keys(data: &Path, folder: &Path) -> Result<Vec<File>, Error> {
    let (from, to) = (data.join(KEYS), folder.join(KEYS));
    blocking(move || {
        let mut keys = Vec::new();
        for entry in fs::read_dir(&from)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if !entry.file_type()?.is_file() || entry.path().extension().is_some_and(|end| end == "tmp") {
                continue;
            }
            let unfinished = to.join(format!("{name}.part"));
            let (size_bytes, digest) = files::copy(&entry.path(), &unfinished, Algorithm::Sha256)?;
            fs::rename(&unfinished, to.join(&name))?;
            keys.push(File { path: format!("{KEYS}/{name}"), size_bytes, digest: digest.to_string() });
        }
        files::sync_folder(&to)?;
        keys.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(keys)
    })
    .await
}

/// Writes down which blobs there are where their bytes are not part of the backup.
async fn list(snapshot: &Db, folder: &Path) -> Result<(), Error> {
    let place = folder.join(LIST);
    let unfinished = folder.join("blobs.part");
    let target = unfinished.clone();
    let mut file = blocking(move || files::create(&target)).await?;
    let mut last = String::new();
    loop {
        let page = check::blobs(snapshot, &last, PAGE).await?;
        let Some(end) = page.last() else { break };
        last.clone_from(&end.digest);
        let mut lines = String::new();
        for row in page {
            let _ = writeln!(lines, "{} {} {}", row.digest, row.size_bytes, row.location);
        }
        file = blocking(move || {
            io::Write::write_all(&mut file, lines.as_bytes())?;
            Ok(file)
        })
        .await?;
    }
    blocking(move || {
        file.sync_all()?;
        fs::rename(unfinished, place)
    })
    .await
}

async fn described(folder: &Path, path: String) -> Result<File, Error> {
    let place = folder.join(&path);
    let (size_bytes, digest) = blocking(move || {
        files::settle(&place)?;
        files::look(&place)
    })
    .await?;
    Ok(File { path, size_bytes, digest: digest.to_string() })
}

async fn finish(folder: &Path, backup: &Backup) -> Result<(), Error> {
    let text = serde_json::to_string_pretty(backup).map_err(Error::internal)? + "\n";
    let folder = folder.to_owned();
    blocking(move || {
        files::sync_folder(&folder)?;
        files::write(&folder.join(MANIFEST), text.as_bytes())
    })
    .await
}

/// Removes the databases of older backups.
async fn forget_older(folder: &Path, newest: PathBuf) -> Result<(), Error> {
    let folder = folder.join(DATABASES);
    blocking(move || {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path != newest {
                fs::remove_file(path)?;
            }
        }
        files::sync_folder(&folder)
    })
    .await
}
