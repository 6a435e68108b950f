//! The rules of [`BlobStore`] as tests that every driver has to pass.
//!
//! A driver's own tests call [`run`] with a function that makes an empty store. Every case gets its own store and has
//! to leave nothing in it. What depends on a driver (files, faults, durability) is tested beside the driver.

use std::fmt;
use std::ops::RangeInclusive;
use std::sync::Arc;

use bytes::Bytes;
use futures::{FutureExt as _, StreamExt as _, TryStreamExt as _, stream};
use types::digest::{Algorithm, Digest};

use crate::{BlobStore, BodyError, ByteStream, Error, Hasher, Location, Place, Progress, UploadId};

/// An empty store, and a way to see what is left in it.
pub struct Fixture {
    store: Arc<dyn BlobStore>,
    left: Box<dyn Fn() -> Vec<String> + Send + Sync>,
}

impl Fixture {
    /// Wraps a store; `left` names whatever it holds, and may own what keeps the store alive.
    pub fn new(store: Arc<dyn BlobStore>, left: impl Fn() -> Vec<String> + Send + Sync + 'static) -> Self {
        Self { store, left: Box::new(left) }
    }

    /// Gives the store.
    pub fn store(&self) -> &dyn BlobStore {
        self.store.as_ref()
    }
}

impl fmt::Debug for Fixture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fixture").field("left", &(self.left)()).finish_non_exhaustive()
    }
}

macro_rules! run_each {
    ($make:ident: $($case:ident)+) => {
        $(
            let fixture = $make().await;
            $case(fixture.store()).await;
            assert_eq!((fixture.left)(), Vec::<String>::new(), "left behind by {}", stringify!($case));
        )+
    };
}

/// Runs every case against fresh stores.
///
/// # Panics
/// When the driver breaks a rule.
pub async fn run(make: impl AsyncFn() -> Fixture) {
    run_each! { make:
        a_blob_is_read_back_as_it_was_written
        an_empty_blob_is_a_blob
        a_large_blob_passes_through
        pieces_and_hash_states_make_one_blob
        unacknowledged_bytes_are_cut_off
        a_broken_body_keeps_what_arrived
        a_body_past_its_limit_leaves_the_upload_alone
        an_upload_begins_at_zero
        less_than_was_acknowledged_is_refused
        two_appends_at_once_are_refused
        a_dropped_append_can_be_done_again
        nothing_is_visible_before_its_commit
        a_commit_can_be_repeated
        a_commit_of_another_size_is_refused
        a_second_copy_of_a_blob_leaves_the_first_alone
        many_uploads_at_once_are_all_kept
        all_that_is_stored_is_listed
        ranges_are_read_and_checked
        a_reader_outlives_a_delete
        removing_what_is_not_there_succeeds
        an_abort_removes_the_upload
        a_working_store_passes_its_check
    }
}

/// Makes a body of these chunks.
pub fn body(chunks: &[&[u8]]) -> ByteStream {
    let chunks: Vec<Result<Bytes, BodyError>> =
        chunks.iter().map(|chunk| Ok(Bytes::copy_from_slice(chunk))).collect();
    Box::pin(stream::iter(chunks))
}

/// Makes bytes that do not repeat within a page.
pub fn noise(len: usize) -> Vec<u8> {
    (0..len as u64).map(|i| (i.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 56) as u8).collect()
}

/// Hashes bytes with SHA-256.
pub fn digest_of(bytes: &[u8]) -> Digest {
    let mut hasher = Hasher::new(Algorithm::Sha256);
    hasher.update(bytes);
    hasher.finalize()
}

/// Uploads and commits bytes in one piece.
///
/// # Panics
/// When the driver fails.
pub async fn push(store: &dyn BlobStore, bytes: &[u8]) -> Location {
    let upload = UploadId::new();
    let progress = ok(store.append(&upload, start(), body(&[bytes]), None).await).progress;
    commit(store, &upload, &progress).await
}

async fn commit(store: &dyn BlobStore, upload: &UploadId, at: &Progress) -> Location {
    let digest = at.hasher.clone().finalize();
    ok(store.commit(upload, at, &digest).await)
}

/// Reads a blob, or a part of it.
///
/// # Panics
/// When the driver fails.
pub async fn pull(store: &dyn BlobStore, blob: &Location, range: Option<RangeInclusive<u64>>) -> Vec<u8> {
    let reader = ok(store.read(blob, range).await);
    match reader.stream.map_ok(|chunk| chunk.to_vec()).try_concat().await {
        Ok(bytes) => bytes,
        Err(error) => panic!("reading {blob} failed: {error}"),
    }
}

fn start() -> Progress {
    Progress::start(Algorithm::Sha256)
}

#[track_caller]
fn ok<T>(result: Result<T, Error>) -> T {
    result.unwrap_or_else(|error| panic!("the driver failed: {error:?}"))
}

async fn a_blob_is_read_back_as_it_was_written(store: &dyn BlobStore) {
    let blob = push(store, b"hello").await;
    assert_eq!(ok(store.stat(&blob).await), Some(5));
    assert_eq!(ok(store.read(&blob, None).await).size, 5);
    assert_eq!(pull(store, &blob, None).await, b"hello");
    ok(store.delete(&blob).await);
    assert_eq!(ok(store.stat(&blob).await), None);
    assert!(matches!(store.read(&blob, None).await, Err(Error::NotFound)));
}

async fn an_empty_blob_is_a_blob(store: &dyn BlobStore) {
    let upload = UploadId::new();
    let progress = ok(store.append(&upload, start(), body(&[]), None).await).progress;
    assert_eq!(progress.offset, 0);
    let blob = commit(store, &upload, &progress).await;
    assert_eq!(ok(store.stat(&blob).await), Some(0));
    assert_eq!(pull(store, &blob, None).await, b"");
    ok(store.delete(&blob).await);
}

async fn a_large_blob_passes_through(store: &dyn BlobStore) {
    let bytes = noise(5 * 1024 * 1024 + 17);
    let chunks: Vec<&[u8]> = bytes.chunks(70_001).collect();
    let upload = UploadId::new();
    let progress = ok(store.append(&upload, start(), body(&chunks), None).await).progress;
    assert_eq!(progress.offset, bytes.len() as u64);
    assert_eq!(progress.hasher.clone().finalize(), digest_of(&bytes));
    let blob = commit(store, &upload, &progress).await;
    assert!(pull(store, &blob, None).await == bytes);
    ok(store.delete(&blob).await);
}

async fn pieces_and_hash_states_make_one_blob(store: &dyn BlobStore) {
    let bytes = noise(10_000);
    for algorithm in [Algorithm::Sha256, Algorithm::Sha512] {
        let upload = UploadId::new();
        let mut progress = Progress::start(algorithm);
        for piece in bytes.chunks(2_777) {
            let state = progress.hasher.to_state();
            let from = Progress { hasher: ok(Hasher::from_state(&state)), ..progress };
            progress = ok(store.append(&upload, from, body(&[piece]), None).await).progress;
        }
        let blob = commit(store, &upload, &progress).await;
        assert_eq!(pull(store, &blob, None).await, bytes);
        ok(store.delete(&blob).await);
    }
}

async fn unacknowledged_bytes_are_cut_off(store: &dyn BlobStore) {
    let upload = UploadId::new();
    let first = ok(store.append(&upload, start(), body(&[b"kept "]), None).await).progress;
    ok(store.append(&upload, first.clone(), body(&[b"forgotten, and longer than what follows"]), None).await);
    let last = ok(store.append(&upload, first, body(&[b"too"]), None).await).progress;
    assert_eq!(last.offset, 8);
    let blob = commit(store, &upload, &last).await;
    assert_eq!(pull(store, &blob, None).await, b"kept too");
    ok(store.delete(&blob).await);
}

async fn a_broken_body_keeps_what_arrived(store: &dyn BlobStore) {
    let upload = UploadId::new();
    let broken = body(&[b"first ", b"half, "]).chain(stream::iter([Err("reset by peer".into())]));
    let appended = ok(store.append(&upload, start(), Box::pin(broken), None).await);
    assert!(appended.body_error.is_some());
    assert_eq!(appended.progress.offset, 12);
    let rest = ok(store.append(&upload, appended.progress, body(&[b"second half"]), None).await);
    assert!(rest.body_error.is_none());
    assert_eq!(rest.progress.offset, 23);
    let blob = commit(store, &upload, &rest.progress).await;
    assert_eq!(pull(store, &blob, None).await, b"first half, second half");
    ok(store.delete(&blob).await);
}

async fn a_body_past_its_limit_leaves_the_upload_alone(store: &dyn BlobStore) {
    let upload = UploadId::new();
    let first = ok(store.append(&upload, start(), body(&[b"12345"]), Some(5)).await).progress;
    let over = store.append(&upload, first.clone(), body(&[b"678", b"90"]), Some(4)).await;
    assert!(matches!(over, Err(Error::TooLarge)), "{over:?}");
    let blob = commit(store, &upload, &first).await;
    assert_eq!(pull(store, &blob, None).await, b"12345");
    ok(store.delete(&blob).await);
}

async fn an_upload_begins_at_zero(store: &dyn BlobStore) {
    let upload = UploadId::new();
    let from = Progress { offset: 3, ..start() };
    assert!(matches!(store.append(&upload, from, body(&[b"x"]), None).await, Err(Error::NotFound)));
    let at = Progress { offset: 1, ..start() };
    assert!(matches!(store.commit(&upload, &at, &digest_of(b"x")).await, Err(Error::NotFound)));
}

async fn less_than_was_acknowledged_is_refused(store: &dyn BlobStore) {
    let upload = UploadId::new();
    let there = ok(store.append(&upload, start(), body(&[b"123"]), None).await).progress;
    let from = Progress { offset: 4, ..there.clone() };
    assert!(matches!(store.append(&upload, from, body(&[b"x"]), None).await, Err(Error::State(_))));
    ok(store.abort(&upload, &there.state).await);
}

async fn two_appends_at_once_are_refused(store: &dyn BlobStore) {
    let upload = UploadId::new();
    let mut slow = Box::pin(store.append(&upload, start(), Box::pin(stream::pending()), None));
    assert!(slow.as_mut().now_or_never().is_none());
    assert!(matches!(store.append(&upload, start(), body(&[b"x"]), None).await, Err(Error::Busy)));
    assert!(matches!(store.commit(&upload, &start(), &digest_of(b"")).await, Err(Error::Busy)));
    drop(slow);
    let there = ok(store.append(&upload, start(), body(&[b"x"]), None).await).progress;
    ok(store.abort(&upload, &there.state).await);
}

async fn a_dropped_append_can_be_done_again(store: &dyn BlobStore) {
    let upload = UploadId::new();
    let first = ok(store.append(&upload, start(), body(&[b"begin "]), None).await).progress;
    let lost = noise(3 * 1024 * 1024);
    let endless = body(&[&lost, b"rest"]).chain(stream::pending());
    let mut dropped = Box::pin(store.append(&upload, first.clone(), Box::pin(endless), None));
    for _ in 0..3 {
        assert!(dropped.as_mut().now_or_never().is_none());
        tokio::task::yield_now().await;
    }
    drop(dropped);
    let last = ok(store.append(&upload, first, body(&[b"end"]), None).await).progress;
    let blob = commit(store, &upload, &last).await;
    assert_eq!(pull(store, &blob, None).await, b"begin end");
    ok(store.delete(&blob).await);
}

async fn nothing_is_visible_before_its_commit(store: &dyn BlobStore) {
    let upload = UploadId::new();
    let at = ok(store.append(&upload, start(), body(&[b"later"]), None).await).progress;
    let blobs = || async {
        let entries: Vec<_> = ok(store.list().try_collect().await);
        entries.into_iter().filter(|entry| matches!(entry.place, Place::Blob(_))).count()
    };
    assert_eq!(blobs().await, 0);
    let blob = commit(store, &upload, &at).await;
    assert_eq!(blobs().await, 1);
    assert_eq!(ok(store.stat(&blob).await), Some(5));
    ok(store.delete(&blob).await);
}

async fn a_commit_can_be_repeated(store: &dyn BlobStore) {
    let upload = UploadId::new();
    let at = ok(store.append(&upload, start(), body(&[b"again"]), None).await).progress;
    let first = commit(store, &upload, &at).await;
    assert_eq!(commit(store, &upload, &at).await, first);
    let longer = Progress { offset: 6, ..at };
    assert!(store.commit(&upload, &longer, &digest_of(b"again")).await.is_err());
    assert_eq!(pull(store, &first, None).await, b"again");
    ok(store.delete(&first).await);
}

async fn a_commit_of_another_size_is_refused(store: &dyn BlobStore) {
    let (upload, digest) = (UploadId::new(), digest_of(b"four"));
    let at = ok(store.append(&upload, start(), body(&[b"four"]), None).await).progress;
    for offset in [0, 3, 5] {
        let wrong = Progress { offset, ..at.clone() };
        assert!(matches!(store.commit(&upload, &wrong, &digest).await, Err(Error::State(_))));
    }
    ok(store.abort(&upload, &at.state).await);
}

async fn a_second_copy_of_a_blob_leaves_the_first_alone(store: &dyn BlobStore) {
    let first = push(store, b"twice").await;
    let second = push(store, b"twice").await;
    assert_ne!(first, second);
    ok(store.delete(&first).await);
    assert_eq!(pull(store, &second, None).await, b"twice");
    ok(store.delete(&second).await);
}

async fn many_uploads_at_once_are_all_kept(store: &dyn BlobStore) {
    let bytes = noise(100_000);
    let blobs = futures::future::join_all((0..16).map(|_| push(store, &bytes))).await;
    for blob in &blobs {
        assert_eq!(pull(store, blob, None).await, bytes);
        ok(store.delete(blob).await);
    }
}

async fn all_that_is_stored_is_listed(store: &dyn BlobStore) {
    let (blob, upload) = (push(store, b"a blob").await, UploadId::new());
    let at = ok(store.append(&upload, start(), body(&[b"begun"]), None).await).progress;
    let entries: Vec<_> = ok(store.list().try_collect().await);
    let mut listed: Vec<_> = entries.into_iter().map(|entry| (entry.place, entry.size)).collect();
    listed.sort();
    assert_eq!(listed, [(Place::Blob(blob.clone()), 6), (Place::Upload(upload), 5)]);
    ok(store.abort(&upload, &at.state).await);
    ok(store.delete(&blob).await);
}

async fn ranges_are_read_and_checked(store: &dyn BlobStore) {
    let bytes = noise(3 * 1024 * 1024);
    let (blob, end) = (push(store, &bytes).await, bytes.len() as u64 - 1);
    for (first, last) in [(0, 0), (0, end), (5, 700_000), (end, end), (262_143, 262_145), (1_048_576, end)] {
        let part = pull(store, &blob, Some(first..=last)).await;
        let expected = bytes.iter().skip(usize::try_from(first).unwrap_or_default()).take(part.len());
        assert_eq!(part.len() as u64, last - first + 1);
        assert!(part.iter().eq(expected), "{first}..={last}");
    }
    let reader = ok(store.read(&blob, Some(1..=2)).await);
    assert_eq!(reader.size, end + 1);
    for (first, last) in [(0, end + 1), (end + 1, end + 1), (9, 8), (0, u64::MAX)] {
        assert!(matches!(store.read(&blob, Some(first..=last)).await, Err(Error::State(_))));
    }
    ok(store.delete(&blob).await);
}

async fn a_reader_outlives_a_delete(store: &dyn BlobStore) {
    let bytes = noise(4 * 1024 * 1024);
    let blob = push(store, &bytes).await;
    let mut reader = ok(store.read(&blob, None).await);
    let mut read = match reader.stream.next().await {
        Some(Ok(chunk)) => chunk.to_vec(),
        other => panic!("no first chunk: {other:?}"),
    };
    ok(store.delete(&blob).await);
    while let Some(chunk) = reader.stream.next().await {
        read.extend_from_slice(&chunk.unwrap_or_else(|error| panic!("reading failed: {error}")));
    }
    assert!(read == bytes);
}

async fn removing_what_is_not_there_succeeds(store: &dyn BlobStore) {
    let blob = push(store, b"stored once").await;
    ok(store.delete(&blob).await);
    ok(store.delete(&blob).await);
    assert_eq!(ok(store.stat(&blob).await), None);
    ok(store.abort(&UploadId::new(), &[]).await);
}

async fn an_abort_removes_the_upload(store: &dyn BlobStore) {
    let upload = UploadId::new();
    let progress = ok(store.append(&upload, start(), body(&[b"gone"]), None).await).progress;
    ok(store.abort(&upload, &progress.state).await);
    ok(store.abort(&upload, &progress.state).await);
    assert!(matches!(store.append(&upload, progress, body(&[b"x"]), None).await, Err(Error::NotFound)));
}

async fn a_working_store_passes_its_check(store: &dyn BlobStore) {
    ok(store.check().await);
    ok(store.check().await);
}
