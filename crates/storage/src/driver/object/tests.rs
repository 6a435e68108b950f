mod strict;

use std::sync::Arc;

use futures::{FutureExt as _, StreamExt as _, future::join_all, stream};
use object_store::path::Path;
use tokio::sync::Notify;
use types::digest::Algorithm;

use self::strict::Strict;
use super::BucketStore;
use crate::conformance::{self, Fixture, body, digest_of, noise, pull, push};
use crate::{BlobStore as _, Error, Hasher, Location, Place, Progress, UploadId};

const MIB: usize = 1 << 20;

fn store(buffer_mib: u64) -> (Arc<Strict>, BucketStore) {
    let objects = Arc::new(Strict::default());
    let store = reopened(&objects, buffer_mib);
    (objects, store)
}

/// Another process that has nothing but the same objects.
fn reopened(objects: &Arc<Strict>, buffer_mib: u64) -> BucketStore {
    BucketStore::new("s3", Arc::clone(objects), Path::from("a/prefix"), buffer_mib << 20)
}

fn start() -> Progress {
    Progress::start(Algorithm::Sha256)
}

/// What a row gives back of a progress.
fn saved(progress: &Progress) -> Progress {
    let hasher = Hasher::from_state(&progress.hasher.to_state()).unwrap();
    Progress { offset: progress.offset, hasher, state: progress.state.clone() }
}

async fn add(store: &BucketStore, upload: &UploadId, from: Progress, bytes: &[u8]) -> Progress {
    let chunks: Vec<&[u8]> = bytes.chunks(300_007).collect();
    let appended = store.append(upload, from, body(&chunks), None).await.unwrap();
    assert!(appended.body_error.is_none());
    appended.progress
}

async fn commit(store: &BucketStore, upload: &UploadId, at: &Progress) -> Location {
    store.commit(upload, at, &at.hasher.clone().finalize()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_object_driver_conforms() {
    conformance::run(async || {
        let (objects, store) = store(64);
        Fixture::new(Arc::new(store), move || objects.all())
    })
    .await;
}

#[tokio::test]
async fn a_large_blob_goes_straight_to_its_place_in_parts() {
    let (objects, store) = store(64);
    let bytes = noise(21 * MIB + 5);
    let blob = push(&store, &bytes).await;
    assert_eq!((objects.count("CREATE"), objects.count("PART"), objects.count("PUT")), (1, 3, 0));
    assert_eq!(objects.count("COPY"), 0);
    assert!(pull(&store, &blob, None).await == bytes);
    assert_eq!(objects.all(), [format!("a/prefix/blobs/{blob}")]);
}

#[tokio::test]
async fn a_small_blob_is_put_once_and_never_begins_a_multipart() {
    let (objects, store) = store(64);
    let blob = push(&store, &noise(5 * MIB - 1)).await;
    assert_eq!((objects.count("PUT"), objects.count("COPY"), objects.count("CREATE")), (1, 1, 0));
    assert_eq!(objects.all(), [format!("a/prefix/blobs/{blob}")]);
}

#[tokio::test]
async fn an_upload_goes_on_in_another_process_after_every_append() {
    let bytes = noise(24 * MIB);
    for piece in [2 * MIB + 1, 5 * MIB, 7 * MIB + 3, 11 * MIB] {
        let (objects, _) = store(64);
        let upload = UploadId::new();
        let mut progress = start();
        for piece in bytes.chunks(piece) {
            progress = saved(&add(&reopened(&objects, 64), &upload, progress, piece).await);
        }
        assert_eq!(progress.hasher.clone().finalize(), digest_of(&bytes));
        let last = reopened(&objects, 64);
        let blob = commit(&last, &upload, &progress).await;
        assert!(pull(&last, &blob, None).await == bytes, "in pieces of {piece}");
        assert_eq!(objects.all(), [format!("a/prefix/blobs/{blob}")]);
    }
}

#[tokio::test]
async fn what_was_not_acknowledged_is_not_in_the_blob() {
    let (objects, store) = store(64);
    let (upload, bytes) = (UploadId::new(), noise(30 * MIB));
    let first = saved(&add(&store, &upload, start(), &bytes[..10 * MIB]).await);
    // The process ends before the row moves on; the next one receives other bytes of another length.
    add(&store, &upload, first.clone(), &noise(19 * MIB)[7..]).await;
    let store = reopened(&objects, 64);
    let last = add(&store, &upload, first, &bytes[10 * MIB..]).await;
    let blob = commit(&store, &upload, &last).await;
    assert!(pull(&store, &blob, None).await == bytes);
    assert_eq!(objects.all(), [format!("a/prefix/blobs/{blob}")]);
}

#[tokio::test]
async fn a_second_process_with_an_old_row_can_not_change_a_blob() {
    for len in [MIB, 9 * MIB] {
        let (objects, store) = store(64);
        let (upload, other) = (UploadId::new(), reopened(&objects, 64));
        let begun = add(&store, &upload, start(), &noise(len)).await;
        let last = add(&store, &upload, begun.clone(), b"the end").await;
        let blob = commit(&store, &upload, &last).await;
        let whole = pull(&store, &blob, None).await;
        let late = other.append(&upload, begun.clone(), body(&[b"another"]), None).await;
        if let Ok(late) = late {
            let _refused = other.commit(&upload, &late.progress, &digest_of(b"")).await;
        }
        let _refused = other.commit(&upload, &begun, &digest_of(b"")).await;
        assert!(pull(&store, &blob, None).await == whole);
    }
}

#[tokio::test]
async fn a_commit_of_parts_can_be_repeated_by_another_process() {
    let (objects, store) = store(64);
    let (upload, bytes) = (UploadId::new(), noise(17 * MIB));
    let at = saved(&add(&store, &upload, start(), &bytes).await);
    let first = commit(&store, &upload, &at).await;
    assert_eq!(commit(&reopened(&objects, 64), &upload, &at).await, first);
    assert!(pull(&store, &first, None).await == bytes);
}

#[tokio::test]
async fn a_failed_append_removes_its_parts_and_can_be_done_again() {
    let (objects, store) = store(64);
    let (upload, bytes) = (UploadId::new(), noise(20 * MIB));
    *objects.failing.lock().unwrap() = Some("PART");
    let failed = store.append(&upload, start(), body(&[&bytes]), None).await;
    assert!(matches!(failed, Err(Error::Io(_))), "{failed:?}");
    let over = store.append(&upload, start(), body(&[&bytes]), Some(5)).await;
    assert!(matches!(over, Err(Error::TooLarge)));
    assert_eq!(objects.all(), Vec::<String>::new());
    *objects.failing.lock().unwrap() = None;
    let at = add(&store, &upload, start(), &bytes).await;
    let blob = commit(&store, &upload, &at).await;
    assert!(pull(&store, &blob, None).await == bytes);
}

#[tokio::test]
async fn a_commit_that_fails_can_be_repeated() {
    for (len, request) in [(MIB, "COPY"), (9 * MIB, "COMPLETE"), (9 * MIB, "HEAD")] {
        let (objects, store) = store(64);
        let (upload, bytes) = (UploadId::new(), noise(len));
        let at = add(&store, &upload, start(), &bytes).await;
        *objects.failing.lock().unwrap() = Some(request);
        let failed = store.commit(&upload, &at, &digest_of(&bytes)).await;
        assert!(matches!(failed, Err(Error::Io(_))), "{failed:?}");
        *objects.failing.lock().unwrap() = None;
        let blob = commit(&store, &upload, &at).await;
        assert!(pull(&store, &blob, None).await == bytes);
        assert_eq!(objects.all(), [format!("a/prefix/blobs/{blob}")]);
    }
}

#[tokio::test]
async fn a_broken_body_keeps_its_parts_and_its_rest() {
    let (_objects, store) = store(64);
    let (upload, bytes) = (UploadId::new(), noise(19 * MIB));
    let broken = body(&[&bytes[..18 * MIB]]).chain(stream::iter([Err("reset by peer".into())]));
    let appended = store.append(&upload, start(), Box::pin(broken), None).await.unwrap();
    assert!(appended.body_error.is_some());
    assert_eq!(appended.progress.offset, 18 * MIB as u64);
    let last = add(&store, &upload, saved(&appended.progress), &bytes[18 * MIB..]).await;
    let blob = commit(&store, &upload, &last).await;
    assert!(pull(&store, &blob, None).await == bytes);
}

#[tokio::test]
async fn an_abort_leaves_no_part_and_no_tail() {
    let (objects, store) = store(64);
    let upload = UploadId::new();
    let at = add(&store, &upload, start(), &noise(9 * MIB)).await;
    assert_eq!(objects.all().len(), 2);
    store.abort(&upload, &at.state).await.unwrap();
    store.abort(&upload, &at.state).await.unwrap();
    assert_eq!(objects.all(), Vec::<String>::new());
    assert!(matches!(store.append(&upload, at, body(&[b"x"]), None).await, Err(Error::NotFound)));
}

#[tokio::test(flavor = "multi_thread")]
async fn more_uploads_than_the_memory_holds_all_finish() {
    let (_objects, store) = store(16);
    let bytes = noise(9 * MIB);
    let blobs = join_all((0..100).map(|_| push(&store, &bytes))).await;
    for blob in blobs {
        assert_eq!(store.stat(&blob).await.unwrap(), Some(bytes.len() as u64));
    }
}

#[tokio::test]
async fn no_more_parts_are_held_than_the_memory_allows() {
    let (objects, store) = store(16);
    let gate = Arc::new(Notify::new());
    *objects.gate.lock().unwrap() = Some(Arc::clone(&gate));
    let bytes = noise(17 * MIB);
    let mut pushes: Vec<_> = (0..8).map(|_| Box::pin(push(&store, &bytes))).collect();
    // Until nothing moves: two parts of 8 MiB are all that fits.
    while objects.count("PART") < 2 {
        for push in &mut pushes {
            assert!(push.as_mut().now_or_never().is_none());
        }
        tokio::task::yield_now().await;
    }
    for _ in 0..1000 {
        for push in &mut pushes {
            assert!(push.as_mut().now_or_never().is_none());
        }
        tokio::task::yield_now().await;
    }
    assert_eq!(objects.count("PART"), 2);
    *objects.gate.lock().unwrap() = None;
    gate.notify_waiters();
    for blob in join_all(pushes).await {
        assert_eq!(store.stat(&blob).await.unwrap(), Some(bytes.len() as u64));
    }
}

#[tokio::test]
async fn foreign_objects_are_listed_as_such_and_other_prefixes_not_at_all() {
    use futures::TryStreamExt as _;
    use object_store::ObjectStoreExt as _;

    let (objects, store) = store(64);
    let blob = push(&store, b"a blob").await;
    for path in ["a/prefix/README", "a/prefix/uploads/no-upload/1", "a/prefix-of-others/x", "other"] {
        objects.put(&Path::from(path), b"x".as_slice().into()).await.unwrap();
    }
    let mut places: Vec<Place> = store.list().map_ok(|entry| entry.place).try_collect().await.unwrap();
    places.sort();
    let unknown = |path: &str| Place::Unknown(path.to_owned());
    assert_eq!(places, [Place::Blob(blob), unknown("README"), unknown("uploads/no-upload/1")]);
}
