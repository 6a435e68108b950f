use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures::{StreamExt as _, stream};
use proptest::prelude::*;
use tempfile::TempDir;
use types::digest::Algorithm;

use super::FsStore;
use crate::conformance::{self, Fixture, body, digest_of, noise, pull, push};
use crate::{BlobStore as _, Error, Hasher, Progress, UploadId, layout};

fn store() -> (TempDir, FsStore) {
    let folder = tempfile::tempdir().unwrap();
    let store = FsStore::open(folder.path()).unwrap();
    (folder, store)
}

fn start() -> Progress {
    Progress::start(Algorithm::Sha256)
}

/// Lists everything below a folder that is no folder.
fn files(folder: &Path) -> BTreeMap<PathBuf, u64> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let metadata = fs::symlink_metadata(&path).unwrap();
        if metadata.is_dir() {
            found.extend(files(&path));
        } else {
            found.insert(path, metadata.len());
        }
    }
    found
}

fn blobs(folder: &TempDir) -> usize {
    files(&folder.path().join("blobs")).len()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_driver_conforms() {
    conformance::run(async || {
        let (folder, store) = store();
        let left = move || files(folder.path()).into_keys().map(|path| path.display().to_string()).collect();
        Fixture::new(Arc::new(store), left)
    })
    .await;
}

#[tokio::test]
async fn files_are_named_by_content_and_closed_to_others() {
    let (folder, store) = store();
    let blob = push(&store, b"hello").await;
    let path = folder.path().join(layout::blob(&blob));
    assert_eq!(files(folder.path()), BTreeMap::from([(path.clone(), 5)]));
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    for folder in path.ancestors().skip(1).take(3).chain([folder.path().join("uploads").as_path()]) {
        assert_eq!(fs::metadata(folder).unwrap().permissions().mode() & 0o777, 0o700);
    }
}

#[tokio::test]
async fn missing_parents_of_the_root_are_made() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("a/b/c");
    FsStore::open(&root).unwrap().check().await.unwrap();
    FsStore::open(&root).unwrap().check().await.unwrap();
    assert!(files(&root).is_empty());
}

#[test]
fn a_file_in_the_way_of_the_root_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("root");
    fs::write(&root, "").unwrap();
    assert!(matches!(FsStore::open(&root), Err(Error::Io(_))));
}

#[tokio::test]
async fn uploads_survive_a_restart() {
    let (folder, first) = store();
    let upload = UploadId::new();
    let progress = first.append(&upload, start(), body(&[b"before "]), None).await.unwrap().progress;
    drop(first);
    let second = FsStore::open(folder.path()).unwrap();
    let progress = second.append(&upload, progress, body(&[b"after"]), None).await.unwrap().progress;
    let blob = second.commit(&upload, &progress, &digest_of(b"before after")).await.unwrap();
    assert_eq!(pull(&second, &blob, None).await, b"before after");
}

// The device /dev/full opens and stats like an empty file and fails each write with ENOSPC.
#[tokio::test]
async fn a_full_disk_is_no_space_and_leaves_no_blob() {
    let (folder, store) = store();
    let upload = UploadId::new();
    let path = folder.path().join(layout::upload(&upload));
    symlink("/dev/full", &path).unwrap();
    let full = store.append(&upload, start(), body(&[b"bytes"]), None).await;
    assert!(matches!(full, Err(Error::NoSpace)), "{full:?}");
    assert_eq!(blobs(&folder), 0);
    fs::remove_file(&path).unwrap();
    assert!(store.append(&upload, start(), body(&[b"bytes"]), None).await.is_ok());
}

// The device /dev/null takes every write and refuses fsync.
#[tokio::test]
async fn a_failed_fsync_fails_the_append() {
    let (folder, store) = store();
    let upload = UploadId::new();
    symlink("/dev/null", folder.path().join(layout::upload(&upload))).unwrap();
    let failed = store.append(&upload, start(), body(&[b"bytes"]), None).await;
    assert!(matches!(failed, Err(Error::Io(_))), "{failed:?}");
}

#[tokio::test]
async fn a_failed_fsync_fails_the_commit() {
    let (folder, store) = store();
    let upload = UploadId::new();
    symlink("/dev/null", folder.path().join(layout::upload(&upload))).unwrap();
    let failed = store.commit(&upload, &start(), &digest_of(b"")).await;
    assert!(matches!(failed, Err(Error::Io(_))), "{failed:?}");
    assert_eq!(blobs(&folder), 0);
}

#[tokio::test]
async fn an_early_sync_that_fails_fails_the_append() {
    let (folder, store) = store();
    let upload = UploadId::new();
    symlink("/dev/null", folder.path().join(layout::upload(&upload))).unwrap();
    let chunk = noise(1 << 20);
    let endless = stream::repeat_with(move || Ok(bytes::Bytes::copy_from_slice(&chunk)));
    let failed = store.append(&upload, start(), Box::pin(endless), None).await;
    assert!(matches!(failed, Err(Error::Io(_))), "{failed:?}");
}

#[tokio::test]
async fn a_failed_append_frees_what_it_wrote() {
    let (folder, store) = store();
    let upload = UploadId::new();
    let first = store.append(&upload, start(), body(&[b"kept"]), None).await.unwrap().progress;
    let large = noise(4 << 20);
    let chunks: Vec<&[u8]> = large.chunks(100_000).collect();
    let over = store.append(&upload, first, body(&chunks), Some(3 << 20)).await;
    assert!(matches!(over, Err(Error::TooLarge)));
    assert_eq!(files(folder.path()).into_values().collect::<Vec<_>>(), [4]);
}

#[tokio::test]
async fn an_upload_removed_meanwhile_is_not_acknowledged() {
    let (folder, store) = store();
    let upload = UploadId::new();
    let chunk = noise(1 << 20);
    let (sender, receiver) = futures::channel::mpsc::unbounded();
    for _ in 0..2 {
        sender.unbounded_send(Ok(bytes::Bytes::copy_from_slice(&chunk))).unwrap();
    }
    let append = store.append(&upload, start(), Box::pin(receiver), None);
    let abort = async {
        while files(folder.path()).is_empty() {
            tokio::task::yield_now().await;
        }
        store.abort(&upload, &[]).await.unwrap();
        drop(sender);
    };
    let (appended, ()) = futures::join!(append, abort);
    assert!(matches!(appended, Err(Error::NotFound)), "{appended:?}");
    assert!(files(folder.path()).is_empty());
}

#[tokio::test]
async fn a_blob_cut_while_it_is_read_is_an_error_not_an_end() {
    let (folder, store) = store();
    let blob = push(&store, &noise(1 << 20)).await;
    let mut reader = store.read(&blob, None).await.unwrap();
    assert!(reader.stream.next().await.unwrap().is_ok());
    fs::File::options()
        .write(true)
        .open(folder.path().join(layout::blob(&blob)))
        .unwrap()
        .set_len(10)
        .unwrap();
    let rest: Vec<_> = reader.stream.collect().await;
    assert!(rest.last().unwrap().is_err());
}

#[tokio::test]
async fn a_store_whose_folder_vanished_fails_its_check() {
    let (folder, store) = store();
    fs::remove_dir(folder.path().join("uploads")).unwrap();
    assert!(matches!(store.check().await, Err(Error::Io(_))));
}

#[tokio::test]
async fn buffers_still_in_use_are_not_written_again() {
    let (_folder, store) = store();
    let bytes = noise(6 << 20);
    let blob = push(&store, &bytes).await;
    let kept: Vec<_> = store.read(&blob, None).await.unwrap().stream.collect().await;
    let read: Vec<u8> = kept.into_iter().flat_map(|chunk| chunk.unwrap().to_vec()).collect();
    assert!(read == bytes);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn bytes_that_left_the_page_cache_are_read_from_the_disk() {
    use rustix::fs::{Advice, fadvise};

    let (folder, store) = store();
    let bytes = noise(7 << 20);
    let blob = push(&store, &bytes).await;
    let file = fs::File::open(folder.path().join(layout::blob(&blob))).unwrap();
    fadvise(&file, 0, None, Advice::DontNeed).unwrap();
    assert!(pull(&store, &blob, None).await == bytes);
    fadvise(&file, 0, None, Advice::DontNeed).unwrap();
    assert!(pull(&store, &blob, Some(3..=5_000_000)).await == bytes[3..=5_000_000]);
}

#[derive(Clone, Debug)]
enum Step {
    /// Appends and acknowledges.
    Append(usize),
    /// Appends, but the acknowledgement is lost.
    Lost(usize),
    /// Breaks the body off and acknowledges what arrived.
    Broken(usize),
    /// Goes past a limit.
    Over(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let len = || 0..5000_usize;
    let step = prop_oneof![
        len().prop_map(Step::Append),
        len().prop_map(Step::Lost),
        len().prop_map(Step::Broken),
        (1..5000_usize).prop_map(Step::Over),
    ];
    proptest::collection::vec(step, 0..12)
}

/// Drives one upload through the steps and returns the bytes that it must hold.
async fn drive(
    store: &FsStore,
    upload: &UploadId,
    algorithm: Algorithm,
    steps: &[Step],
) -> (Vec<u8>, Progress) {
    let mut expected = Vec::new();
    let mut progress =
        store.append(upload, Progress::start(algorithm), body(&[]), None).await.unwrap().progress;
    for step in steps {
        let hasher = Hasher::from_state(&progress.hasher.to_state()).unwrap();
        let from = Progress { hasher, ..progress.clone() };
        let (Step::Append(len) | Step::Lost(len) | Step::Broken(len) | Step::Over(len)) = *step;
        let bytes = noise(len);
        let chunks: Vec<&[u8]> = bytes.chunks(777).collect();
        let appended = match step {
            Step::Append(_) => store.append(upload, from, body(&chunks), Some(len as u64)).await,
            Step::Broken(_) => {
                let broken = body(&chunks).chain(stream::iter([Err("gone".into())]));
                store.append(upload, from, Box::pin(broken), None).await
            }
            Step::Lost(_) => {
                store.append(upload, from, body(&chunks), None).await.unwrap();
                continue;
            }
            Step::Over(_) => {
                let over = store.append(upload, from, body(&chunks), Some(len as u64 - 1)).await;
                assert!(matches!(over, Err(Error::TooLarge)));
                continue;
            }
        };
        progress = appended.unwrap().progress;
        expected.extend(bytes);
    }
    (expected, progress)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn any_way_of_appending_makes_the_acknowledged_bytes(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let (folder, store) = store();
            for algorithm in [Algorithm::Sha256, Algorithm::Sha512] {
                let upload = UploadId::new();
                let (expected, progress) = drive(&store, &upload, algorithm, &steps).await;
                assert_eq!(progress.offset, expected.len() as u64);
                let mut whole = Hasher::new(algorithm);
                whole.update(&expected);
                let digest = progress.hasher.clone().finalize();
                assert_eq!(digest, whole.finalize());
                // Brings the file back to what was acknowledged, as any continuation does.
                let at = store.append(&upload, progress, body(&[]), None).await.unwrap().progress;
                let blob = store.commit(&upload, &at, &digest).await.unwrap();
                assert_eq!(pull(&store, &blob, None).await, expected);
                store.delete(&blob).await.unwrap();
            }
            assert!(files(folder.path()).is_empty());
        });
    }
}
