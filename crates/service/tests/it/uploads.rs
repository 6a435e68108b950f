//! Blobs on their way in, whatever happens on the way.

use std::time::Duration;

use bytes::Bytes;
use futures::{StreamExt, channel::mpsc, stream};
use service::{Error, Kind, OpCtx, Services, testing::World, upload::ByteStream};
use types::{
    digest::{Algorithm, Digest},
    name::RepositoryName,
    oci::range::ContentRange,
};

use crate::util::{assert_error, body, broken_body, digest, digest_by, pull_blob, push_blob, repository};

const NAME: &str = "library/image";

fn image() -> RepositoryName {
    repository(NAME)
}

fn nothing() -> ByteStream {
    body(b"")
}

fn range(start: u64, end: u64) -> ContentRange {
    ContentRange { start, end }
}

async fn start(services: &Services, cx: &OpCtx) -> String {
    services.uploads.start(cx, &image(), Algorithm::Sha256).await.expect("an upload").to_string()
}

async fn world() -> (World, OpCtx) {
    let world = World::new().await;
    let cx = world.admin().await;
    (world, cx)
}

/// Files below the data folder that hold bytes of uploads.
fn leftovers(world: &World) -> usize {
    std::fs::read_dir(world.data().join("storage/uploads")).expect("a folder of uploads").count()
}

#[tokio::test]
async fn chunks_become_one_blob() {
    let (world, cx) = world().await;
    let uploads = &world.services.uploads;
    let id = start(&world.services, &cx).await;
    assert_eq!(uploads.offset(&cx, &image(), &id).await.expect("an offset"), 0);
    assert_eq!(uploads.append(&cx, &image(), &id, Some(range(0, 2)), body(b"abc")).await.expect("taken"), 3);
    assert_eq!(uploads.append(&cx, &image(), &id, None, body(b"def")).await.expect("taken"), 6);
    assert_eq!(uploads.offset(&cx, &image(), &id).await.expect("an offset"), 6);
    let whole = digest(b"abcdefgh");
    uploads.finish(&cx, &image(), &id, (&whole, Some(range(6, 7))), body(b"gh")).await.expect("finished");
    assert_eq!(pull_blob(&world.services, &cx, NAME, &whole).await.expect("bytes"), b"abcdefgh");
    assert_error!(uploads.offset(&cx, &image(), &id).await, Error::NotFound(Kind::Upload, _));
    assert_eq!(leftovers(&world), 0);
}

#[tokio::test]
async fn empty_blob_is_a_blob() {
    let (world, cx) = world().await;
    let id = start(&world.services, &cx).await;
    let empty = digest(b"");
    world.services.uploads.finish(&cx, &image(), &id, (&empty, None), nothing()).await.expect("finished");
    assert_eq!(pull_blob(&world.services, &cx, NAME, &empty).await.expect("bytes"), b"");
}

#[tokio::test]
async fn digest_of_another_algorithm_is_computed_at_the_end() {
    let (world, cx) = world().await;
    let id = start(&world.services, &cx).await;
    let uploads = &world.services.uploads;
    uploads.append(&cx, &image(), &id, None, body(b"abc")).await.expect("taken");
    let long = digest_by(Algorithm::Sha512, b"abcdef");
    uploads.finish(&cx, &image(), &id, (&long, None), body(b"def")).await.expect("finished");
    assert_eq!(pull_blob(&world.services, &cx, NAME, &long).await.expect("bytes"), b"abcdef");
    let hinted = uploads.start(&cx, &image(), Algorithm::Sha512).await.expect("an upload").to_string();
    uploads.finish(&cx, &image(), &hinted, (&long, None), body(b"abcdef")).await.expect("finished");
}

#[tokio::test]
async fn chunk_that_does_not_fit_is_refused_and_changes_nothing() {
    let (world, cx) = world().await;
    let uploads = &world.services.uploads;
    let id = start(&world.services, &cx).await;
    uploads.append(&cx, &image(), &id, Some(range(0, 2)), body(b"abc")).await.expect("taken");
    for (start, end) in [(0, 2), (2, 4), (4, 6)] {
        let refused = uploads.append(&cx, &image(), &id, Some(range(start, end)), body(b"xyz")).await;
        assert_error!(refused, Error::BadRange { offset: 3 });
        let refused = uploads
            .finish(&cx, &image(), &id, (&digest(b"abc"), Some(range(start, end))), body(b"xyz"))
            .await;
        assert_error!(refused, Error::BadRange { offset: 3 });
    }
    for bytes in [b"xy".as_slice(), b"wxyz"] {
        let refused = uploads.append(&cx, &image(), &id, Some(range(3, 5)), body(bytes)).await;
        assert_error!(refused, Error::Invalid { field: "Content-Range", .. });
    }
    assert_eq!(uploads.offset(&cx, &image(), &id).await.expect("an offset"), 3);
    uploads
        .finish(&cx, &image(), &id, (&digest(b"abcdef"), Some(range(3, 5))), body(b"def"))
        .await
        .expect("finished");
}

#[tokio::test]
async fn progress_survives_a_crash() {
    let (world, cx) = world().await;
    let id = start(&world.services, &cx).await;
    world.services.uploads.append(&cx, &image(), &id, None, body(b"abc")).await.expect("taken");
    let world = world.crash().await;
    let uploads = &world.services.uploads;
    assert_eq!(uploads.offset(&cx, &image(), &id).await.expect("an offset"), 3);
    uploads.append(&cx, &image(), &id, Some(range(3, 5)), body(b"def")).await.expect("taken");
    let world = world.crash().await;
    let whole = digest(b"abcdef");
    world.services.uploads.finish(&cx, &image(), &id, (&whole, None), nothing()).await.expect("finished");
    let world = world.crash().await;
    assert_eq!(pull_blob(&world.services, &cx, NAME, &whole).await.expect("bytes"), b"abcdef");
}

#[tokio::test]
async fn body_that_breaks_off_keeps_what_arrived() {
    let (world, cx) = world().await;
    let uploads = &world.services.uploads;
    let id = start(&world.services, &cx).await;
    assert_error!(uploads.append(&cx, &image(), &id, None, broken_body(b"abc")).await, Error::BodyBroken);
    assert_eq!(uploads.offset(&cx, &image(), &id).await.expect("an offset"), 3);
    let broken = uploads.append(&cx, &image(), &id, Some(range(3, 99)), broken_body(b"de")).await;
    assert_error!(broken, Error::BodyBroken);
    let whole = digest(b"abcdefgh");
    let broken = uploads.finish(&cx, &image(), &id, (&whole, None), broken_body(b"fg")).await;
    assert_error!(broken, Error::BodyBroken);
    assert_eq!(uploads.offset(&cx, &image(), &id).await.expect("an offset"), 7);
    uploads.finish(&cx, &image(), &id, (&whole, Some(range(7, 7))), body(b"h")).await.expect("finished");
    assert_eq!(pull_blob(&world.services, &cx, NAME, &whole).await.expect("bytes"), b"abcdefgh");
}

#[tokio::test]
async fn what_arrived_is_kept_though_the_request_is_gone() {
    let (world, cx) = world().await;
    let uploads = &world.services.uploads;
    let id = start(&world.services, &cx).await;
    let (send, receive) = mpsc::unbounded::<Bytes>();
    let (asked, is_read) = tokio::sync::oneshot::channel::<()>();
    send.unbounded_send(Bytes::from_static(b"abc")).expect("the body is read");
    let first = stream::once(async move {
        asked.send(()).expect("the test waits");
        Ok(Bytes::from_static(b"012"))
    });
    let arriving: ByteStream = Box::pin(first.chain(receive.map(Ok)));
    let name = image();
    tokio::select! {
        biased;
        _ = uploads.append(&cx, &name, &id, None, arriving) => panic!("the body has not ended"),
        read = is_read => read.expect("the body is read"),
    }
    drop(send);
    let counted = async {
        while uploads.offset(&cx, &name, &id).await.expect("an offset") == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), counted).await.expect("counted in time");
    assert_eq!(uploads.offset(&cx, &name, &id).await.expect("an offset"), 6);
}

#[tokio::test]
async fn wrong_digest_ends_the_upload() {
    let (world, cx) = world().await;
    let uploads = &world.services.uploads;
    let id = start(&world.services, &cx).await;
    uploads.append(&cx, &image(), &id, None, body(b"abc")).await.expect("taken");
    let wrong = digest(b"something else");
    match uploads.finish(&cx, &image(), &id, (&wrong, None), body(b"def")).await {
        Err(Error::DigestMismatch { expected, actual }) => {
            assert_eq!((expected, actual), (wrong.clone(), digest(b"abcdef")));
        }
        other => panic!("{other:?}"),
    }
    assert_error!(uploads.offset(&cx, &image(), &id).await, Error::NotFound(Kind::Upload, _));
    for missing in [&wrong, &digest(b"abcdef")] {
        let there = pull_blob(&world.services, &cx, NAME, missing).await;
        assert_error!(there, Error::NotFound(Kind::Blob, _));
    }
    assert_eq!(leftovers(&world), 0);
}

#[tokio::test]
async fn whole_blob_with_a_wrong_digest_or_a_broken_body_leaves_nothing() {
    let (world, cx) = world().await;
    let uploads = &world.services.uploads;
    let wrong = uploads.push(&cx, &image(), &digest(b"else"), body(b"abc")).await;
    assert_error!(wrong, Error::DigestMismatch { .. });
    let broken = uploads.push(&cx, &image(), &digest(b"abc"), broken_body(b"ab")).await;
    assert_error!(broken, Error::BodyBroken);
    let there = pull_blob(&world.services, &cx, NAME, &digest(b"abc")).await;
    assert_error!(there, Error::NotFound(Kind::Blob, _));
    assert_eq!(leftovers(&world), 0);
}

#[tokio::test]
async fn two_writers_of_one_upload_are_a_conflict() {
    let (world, cx) = world().await;
    let uploads = &world.services.uploads;
    let id = start(&world.services, &cx).await;
    let (send, receive) = mpsc::unbounded::<Bytes>();
    let arriving: ByteStream = Box::pin(receive.map(Ok));
    let name = image();
    let mut first = Box::pin(uploads.append(&cx, &name, &id, None, arriving));
    // The first takes the upload at some point, and the second is refused from then on.
    let refused = loop {
        assert!(futures::poll!(&mut first).is_pending());
        match uploads.append(&cx, &name, &id, Some(range(9, 9)), nothing()).await {
            Err(Error::BadRange { .. }) => tokio::task::yield_now().await,
            other => break other,
        }
    };
    assert_error!(refused, Error::Conflict(_));
    assert_error!(uploads.cancel(&cx, &name, &id).await, Error::Conflict(_));
    assert_error!(uploads.finish(&cx, &name, &id, (&digest(b""), None), nothing()).await, Error::Conflict(_));
    send.unbounded_send(Bytes::from_static(b"abc")).expect("the body is read");
    drop(send);
    assert_eq!(first.await.expect("taken"), 3);
    assert_eq!(uploads.append(&cx, &name, &id, None, body(b"d")).await.expect("free again"), 4);
}

#[tokio::test]
async fn upload_of_another_repository_is_not_there() {
    let (world, cx) = world().await;
    let uploads = &world.services.uploads;
    let id = start(&world.services, &cx).await;
    uploads.append(&cx, &image(), &id, None, body(b"abc")).await.expect("taken");
    let other = repository("library/other");
    assert_error!(uploads.offset(&cx, &other, &id).await, Error::NotFound(Kind::Upload, _));
    let refused = uploads.append(&cx, &other, &id, None, body(b"x")).await;
    assert_error!(refused, Error::NotFound(Kind::Upload, _));
    let refused = uploads.finish(&cx, &other, &id, (&digest(b"abc"), None), nothing()).await;
    assert_error!(refused, Error::NotFound(Kind::Upload, _));
    assert_error!(uploads.cancel(&cx, &other, &id).await, Error::NotFound(Kind::Upload, _));
    assert_eq!(uploads.offset(&cx, &image(), &id).await.expect("an offset"), 3);
}

#[tokio::test]
async fn name_that_no_upload_has_is_not_there() {
    let (world, cx) = world().await;
    let uploads = &world.services.uploads;
    for id in ["", "x", "../../etc/passwd", "00000000-0000-4000-8000-000000000000", &"9".repeat(10_000)] {
        assert_error!(uploads.offset(&cx, &image(), id).await, Error::NotFound(Kind::Upload, _));
        let refused = uploads.append(&cx, &image(), id, None, body(b"x")).await;
        assert_error!(refused, Error::NotFound(Kind::Upload, _));
        assert_error!(uploads.cancel(&cx, &image(), id).await, Error::NotFound(Kind::Upload, _));
    }
}

#[tokio::test]
async fn cancelled_upload_is_gone_with_its_bytes() {
    let (world, cx) = world().await;
    let uploads = &world.services.uploads;
    let id = start(&world.services, &cx).await;
    uploads.append(&cx, &image(), &id, None, body(b"abc")).await.expect("taken");
    assert_eq!(leftovers(&world), 1);
    uploads.cancel(&cx, &image(), &id).await.expect("cancelled");
    assert_error!(uploads.cancel(&cx, &image(), &id).await, Error::NotFound(Kind::Upload, _));
    assert_eq!(leftovers(&world), 0);
}

#[tokio::test]
async fn blob_pushed_again_is_the_same_blob() {
    let (world, cx) = world().await;
    let first = push_blob(&world.services, &cx, NAME, b"abc").await;
    push_blob(&world.services, &cx, NAME, b"abc").await;
    push_blob(&world.services, &cx, "library/other", b"abc").await;
    assert_eq!(pull_blob(&world.services, &cx, NAME, &first).await.expect("bytes"), b"abc");
}

#[tokio::test]
async fn deleted_blob_is_gone_there_and_stays_elsewhere() {
    let (world, cx) = world().await;
    let blob = push_blob(&world.services, &cx, NAME, b"abc").await;
    push_blob(&world.services, &cx, "library/other", b"abc").await;
    world.services.blobs.delete(&cx, &image(), &blob).await.expect("deleted");
    let gone = pull_blob(&world.services, &cx, NAME, &blob).await;
    assert_error!(gone, Error::NotFound(Kind::Blob, _));
    assert_error!(world.services.blobs.delete(&cx, &image(), &blob).await, Error::NotFound(Kind::Blob, _));
    assert_eq!(pull_blob(&world.services, &cx, "library/other", &blob).await.expect("bytes"), b"abc");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_pushes_of_one_blob_at_once_all_succeed() {
    let (world, cx) = world().await;
    let bytes = vec![7_u8; 100_000];
    let whole: Digest = digest(&bytes);
    let names: Vec<_> = (0..20).map(|n| repository(&format!("library/image-{}", n % 4))).collect();
    let pushes = names.iter().map(|name| world.services.uploads.push(&cx, name, &whole, body(&bytes)));
    for done in futures::future::join_all(pushes).await {
        done.expect("taken");
    }
    for name in &names {
        let read = pull_blob(&world.services, &cx, name.as_str(), &whole).await.expect("bytes");
        assert_eq!(read.len(), bytes.len());
    }
    assert_eq!(leftovers(&world), 0);
}

#[tokio::test]
async fn part_of_a_blob_is_read_by_its_ends() {
    let (world, cx) = world().await;
    let whole = push_blob(&world.services, &cx, NAME, b"abcdef").await;
    let blob = world.services.blobs.get(&cx, &image(), &whole).await.expect("there");
    assert_eq!(blob.size, 6);
    let parts: Vec<_> = blob.read(Some(1..=3)).await.expect("opened").into_stream().collect().await;
    let parts: Vec<u8> = parts.into_iter().flat_map(|part| part.expect("bytes").to_vec()).collect();
    assert_eq!(parts, b"bcd");
}

#[tokio::test]
async fn upload_whose_bytes_are_in_place_ends_when_it_is_ended_again() {
    let (world, cx) = world().await;
    let uploads = &world.services.uploads;
    let id = start(&world.services, &cx).await;
    uploads.append(&cx, &image(), &id, None, body(b"abc")).await.expect("taken");
    let whole = digest(b"abc");
    // as if the server went down after the bytes took their place and before the rows were written
    let store =
        storage::open("file:", world.data(), &storage::ObjectOptions::default()).expect("the same store");
    let at = storage::Progress { offset: 3, ..storage::Progress::start(whole.algorithm()) };
    store.commit(&id.parse().expect("an upload id"), &at, &whole).await.expect("in place");
    assert_eq!(uploads.offset(&cx, &image(), &id).await.expect("an offset"), 3);
    uploads.finish(&cx, &image(), &id, (&whole, None), nothing()).await.expect("ended");
    assert_eq!(pull_blob(&world.services, &cx, NAME, &whole).await.expect("there"), b"abc");
    assert_error!(uploads.offset(&cx, &image(), &id).await, Error::NotFound(Kind::Upload, _));
}

/// The files of the blob store, by name.
fn blob_files(world: &World) -> Vec<std::path::PathBuf> {
    fn walk(folder: &std::path::Path, found: &mut Vec<std::path::PathBuf>) {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() { walk(&path, found) } else { found.push(path) }
        }
    }
    let mut found = Vec::new();
    walk(&world.data().join("storage/blobs"), &mut found);
    found
}

#[tokio::test]
async fn a_blob_that_is_pushed_again_is_kept_once_and_goes_on_being_read() {
    let (world, cx) = world().await;
    let bytes = vec![7; 3_000_000];
    let whole = push_blob(&world.services, &cx, NAME, &bytes).await;
    let reading = world.services.blobs.get(&cx, &image(), &whole).await.expect("there");
    let opened = world.services.blobs.get(&cx, &image(), &whole).await.expect("there");
    let opened = opened.read(None).await.expect("opened");
    push_blob(&world.services, &cx, "library/other", &bytes).await;
    assert_eq!(blob_files(&world).len(), 1);
    for reader in [opened, reading.read(None).await.expect("looked up again")] {
        let read: Vec<_> = reader.into_stream().map(|chunk| chunk.expect("bytes").len()).collect().await;
        assert_eq!(read.into_iter().sum::<usize>(), bytes.len());
    }
}

#[tokio::test]
async fn a_blob_whose_file_is_damaged_or_gone_is_repaired_by_another_push() {
    let (world, cx) = world().await;
    let whole = push_blob(&world.services, &cx, NAME, b"abc").await;
    for damage in [b"abd".as_slice(), b"ab", b""] {
        let file = blob_files(&world).pop().expect("a file");
        if damage.is_empty() {
            std::fs::remove_file(&file).expect("removed");
        } else {
            std::fs::write(&file, damage).expect("damaged");
        }
        push_blob(&world.services, &cx, NAME, b"abc").await;
        assert_eq!(pull_blob(&world.services, &cx, NAME, &whole).await.expect("bytes"), b"abc");
        assert_eq!(blob_files(&world).len(), 1);
    }
}

#[tokio::test]
async fn a_digest_of_an_algorithm_that_was_not_announced_is_compared_all_the_same() {
    let (world, cx) = world().await;
    let uploads = &world.services.uploads;
    for (bytes, is_right) in [(b"abc".as_slice(), true), (b"abd", false)] {
        let mut hasher = storage::Hasher::new(Algorithm::Sha512);
        hasher.update(b"abc");
        let (id, whole) = (start(&world.services, &cx).await, hasher.finalize());
        uploads.append(&cx, &image(), &id, None, body(bytes)).await.expect("taken");
        let done = uploads.finish(&cx, &image(), &id, (&whole, None), nothing()).await;
        assert_eq!(done.is_ok(), is_right, "{done:?}");
        assert_eq!(blob_files(&world).len(), 1, "only the right one is kept");
    }
    assert_eq!(leftovers(&world), 0);
}
