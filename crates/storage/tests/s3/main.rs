//! The object driver against a real S3 server: moto, started for the tests and ended with them.

#![expect(clippy::unwrap_used, reason = "a test that can't arrange its scene has failed")]
#![expect(clippy::disallowed_methods, reason = "a test owns its tasks and ends with them")]

mod moto;
mod proxy;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use futures::{StreamExt as _, TryStreamExt as _};
use storage::conformance::{Fixture, body, digest_of, noise, pull, push, run};
use storage::{BlobStore, Error, Hasher, Location, ObjectOptions, Place, Progress, UploadId, open};
use types::digest::Algorithm;
use types::secret::Secret;

use self::moto::{BUCKET, Moto};
use self::proxy::{Fault, Proxy};

const MIB: usize = 1 << 20;

/// A store below a prefix of its own.
fn store(endpoint: &str, prefix: &str, change: impl FnOnce(&mut ObjectOptions)) -> Arc<dyn BlobStore> {
    let mut options = ObjectOptions {
        endpoint: Some(endpoint.to_owned()),
        region: Some("us-east-1".to_owned()),
        access_key: Some("an-access-key".to_owned()),
        secret_key: Some(Secret::new("hunter2-of-the-tests".to_owned())),
        allow_http: true,
        buffer_bytes: 64 << 20,
        ..ObjectOptions::default()
    };
    change(&mut options);
    open(&format!("s3://{BUCKET}/{prefix}"), Path::new("unused"), &options).unwrap()
}

/// What a row gives back of a progress.
fn saved(progress: &Progress) -> Progress {
    let hasher = Hasher::from_state(&progress.hasher.to_state()).unwrap();
    Progress { offset: progress.offset, hasher, state: progress.state.clone() }
}

async fn add(store: &dyn BlobStore, upload: &UploadId, from: Progress, bytes: &[u8]) -> Progress {
    let chunks: Vec<&[u8]> = bytes.chunks(64 << 10).collect();
    let appended = store.append(upload, from, body(&chunks), None).await.unwrap();
    assert!(appended.body_error.is_none());
    saved(&appended.progress)
}

async fn commit(store: &dyn BlobStore, upload: &UploadId, at: &Progress) -> Location {
    store.commit(upload, at, &at.hasher.clone().finalize()).await.unwrap()
}

async fn places(store: &dyn BlobStore) -> Vec<Place> {
    store.list().map_ok(|entry| entry.place).try_collect().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_object_driver_conforms_on_s3() {
    let moto = Moto::start().await;
    run(async || {
        let store = store(&moto.url, &UploadId::new().to_string(), |_| {});
        let (listed, runtime) = (Arc::clone(&store), tokio::runtime::Handle::current());
        let left = move || {
            let places = tokio::task::block_in_place(|| runtime.block_on(places(listed.as_ref())));
            places.iter().map(|place| format!("{place:?}")).collect()
        };
        Fixture::new(store, left)
    })
    .await;
    assert_eq!(moto.multiparts().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_in_parts_goes_on_after_each_restart() {
    let moto = Moto::start().await;
    let (upload, bytes) = (UploadId::new(), noise(30 * MIB + 7));
    let mut progress = Progress::start(Algorithm::Sha256);
    // Below a part, above one, several of them, and a rest.
    for range in [0..2 * MIB, 2 * MIB..9 * MIB, 9 * MIB..28 * MIB, 28 * MIB..bytes.len()] {
        let store = store(&moto.url, "restarts", |_| {});
        // What a process that ended before its row was saved leaves behind.
        add(store.as_ref(), &upload, progress.clone(), &noise(6 * MIB)).await;
        progress = add(store.as_ref(), &upload, progress, &bytes[range]).await;
    }
    assert_eq!(progress.hasher.clone().finalize(), digest_of(&bytes));
    let store = store(&moto.url, "restarts", |_| {});
    let blob = commit(store.as_ref(), &upload, &progress).await;
    assert_eq!(commit(store.as_ref(), &upload, &progress).await, blob);
    assert!(pull(store.as_ref(), &blob, None).await == bytes);
    for range in [0..=0, 8 << 20..=(8 << 20) + 5, 5_000_000..=20_000_000] {
        let (first, last) =
            (usize::try_from(*range.start()).unwrap(), usize::try_from(*range.end()).unwrap());
        assert!(pull(store.as_ref(), &blob, Some(range)).await == bytes[first..=last]);
    }
    assert_eq!(places(store.as_ref()).await, [Place::Blob(blob)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_abort_leaves_nothing_in_the_bucket() {
    let moto = Moto::start().await;
    let (store, upload) = (store(&moto.url, "aborts", |_| {}), UploadId::new());
    let begun = add(store.as_ref(), &upload, Progress::start(Algorithm::Sha256), &noise(9 * MIB)).await;
    assert_eq!((moto.multiparts().await, places(store.as_ref()).await), (1, vec![Place::Upload(upload)]));
    store.abort(&upload, &begun.state).await.unwrap();
    store.abort(&upload, &begun.state).await.unwrap();
    assert_eq!((moto.multiparts().await, places(store.as_ref()).await), (0, Vec::new()));
    let gone = store.append(&upload, begun, body(&[b"x"]), None).await;
    assert!(matches!(gone, Err(Error::NotFound)), "{gone:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_push_succeeds_while_each_fifth_request_is_told_to_slow_down() {
    let moto = Moto::start().await;
    let proxy = Proxy::start(&moto.url).await;
    proxy.every(5, Fault::SlowDown);
    let store = store(&proxy.url, "busy", |_| {});
    let (small, large) = (noise(4000), noise(17 * MIB));
    let blobs = join_all((0..20).map(|number| {
        let (store, bytes) = (store.as_ref(), if number % 4 == 0 { &large } else { &small });
        async move { (push(store, bytes).await, bytes) }
    }))
    .await;
    for (blob, bytes) in &blobs {
        assert!(pull(store.as_ref(), blob, None).await == **bytes);
    }
    assert!(proxy.faults() > 20, "only {} faults", proxy.faults());
    assert_eq!(places(store.as_ref()).await.len(), blobs.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_cut_in_the_middle_of_a_body_is_made_again() {
    let moto = Moto::start().await;
    let proxy = Proxy::start(&moto.url).await;
    let store = store(&proxy.url, "cut", |_| {});
    let bytes = noise(17 * MIB);
    proxy.every(4, Fault::CutRequest);
    let blob = push(store.as_ref(), &bytes).await;
    assert!(proxy.faults() > 0);
    proxy.every(1, Fault::CutAnswerOnce);
    assert!(pull(store.as_ref(), &blob, None).await == bytes);
    assert!(pull(store.as_ref(), &blob, Some(3..=9_999_999)).await == bytes[3..=9_999_999]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_uploads_share_a_small_memory() {
    let moto = Moto::start().await;
    let store = store(&moto.url, "memory", |options| options.buffer_bytes = 16 << 20);
    let bytes = noise(5 * MIB + 1);
    let blobs = join_all((0..100).map(|_| push(store.as_ref(), &bytes))).await;
    for blob in blobs {
        assert_eq!(store.stat(&blob).await.unwrap(), Some(bytes.len() as u64));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signed_address_needs_no_key() {
    let moto = Moto::start().await;
    let bytes = noise(100_000);
    let store = store(&moto.url, "signed", |options| options.redirect = true);
    let blob = push(store.as_ref(), &bytes).await;
    let url = store.signed_url(&blob, Duration::from_mins(10)).await.unwrap().unwrap();
    assert!(url.contains("X-Amz-Expires=600") && !url.contains("hunter2"), "{url}");
    assert!(proxy::get(&url).await == bytes);
    let closed = self::store(&moto.url, "signed", |_| {});
    assert_eq!(closed.signed_url(&blob, Duration::from_mins(10)).await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_bucket_is_told_and_no_key_with_it() {
    let moto = Moto::start().await;
    let store = store(&moto.url, "x", |options| options.endpoint = Some(format!("{}/not-there", moto.url)));
    let (start, listed) = (Progress::start(Algorithm::Sha256), store.list().try_next().await.map(drop));
    let appended = store.append(&UploadId::new(), start, body(&[b"x"]), None).await.map(drop);
    for failed in [store.check().await, listed, appended] {
        let error = failed.unwrap_err();
        assert!(matches!(error, Error::Io(_)), "{error:?}");
        let causes = std::iter::successors(Some(&error as &dyn std::error::Error), |error| error.source());
        let shown: Vec<String> = causes.map(|error| format!("{error} {error:?}")).collect();
        let shown = shown.join("\n");
        assert!(shown.contains("not-there"), "{shown}");
        assert!(!shown.contains("hunter2") && !shown.contains("Signature"), "{shown}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_breaks_off_is_kept_and_continued() {
    let moto = Moto::start().await;
    let (store, upload, bytes) = (store(&moto.url, "broken", |_| {}), UploadId::new(), noise(12 * MIB));
    let broken = body(&[&bytes[..11 * MIB]]).chain(futures::stream::iter([Err("reset by peer".into())]));
    let start = Progress::start(Algorithm::Sha256);
    let appended = store.append(&upload, start, Box::pin(broken), None).await.unwrap();
    assert!(appended.body_error.is_some());
    let last = add(store.as_ref(), &upload, saved(&appended.progress), &bytes[11 * MIB..]).await;
    let blob = commit(store.as_ref(), &upload, &last).await;
    assert!(pull(store.as_ref(), &blob, None).await == bytes);
}
