//! A blob that is known to be damaged is not there, until it is pushed again.

use service::{Error, Kind, testing::World};

use crate::util::{assert_error, body, digest, image, pull_blob, push_blob, push_parts, put, repository};

#[tokio::test]
async fn a_damaged_blob_is_not_there_until_it_is_pushed_again() {
    let world = World::new().await;
    let (services, cx) = (&world.services, world.admin().await);
    let blob = push_blob(services, &cx, "library/image", b"bytes").await;
    world.damage(&["UPDATE blobs SET is_damaged = 1"]).await;
    let pulled = pull_blob(services, &cx, "library/image", &blob).await;
    assert_error!(pulled, Error::NotFound(Kind::Blob, _));
    push_blob(services, &cx, "library/other", b"bytes").await;
    assert_eq!(pull_blob(services, &cx, "library/image", &blob).await.expect("bytes"), b"bytes");
}

#[tokio::test]
async fn a_damaged_blob_is_not_mounted() {
    let world = World::new().await;
    let (services, cx) = (&world.services, world.admin().await);
    let blob = push_blob(services, &cx, "library/image", b"bytes").await;
    let (from, to) = (repository("library/image"), repository("library/other"));
    world.damage(&["UPDATE blobs SET is_damaged = 1"]).await;
    assert!(!services.uploads.mount(&cx, &to, &blob, Some(&from)).await.expect("an answer"));
    assert!(!services.uploads.mount(&cx, &to, &blob, None).await.expect("an answer"));
    services.uploads.push(&cx, &from, &blob, body(b"bytes")).await.expect("the blob is taken");
    assert!(services.uploads.mount(&cx, &to, &blob, Some(&from)).await.expect("an answer"));
}

#[tokio::test]
async fn a_manifest_is_refused_while_a_blob_it_needs_is_damaged() {
    let world = World::new().await;
    let (services, cx) = (&world.services, world.admin().await);
    push_parts(services, &cx, "library/image", "one").await;
    let layer = digest(b"layer of one");
    world.damage(&[&format!("UPDATE blobs SET is_damaged = 1 WHERE digest = '{layer}'")]).await;
    let refused = put(services, &cx, "library/image", "v1", &image("one")).await;
    assert_error!(refused, Error::MissingReference(missing) if missing == layer);
    push_blob(services, &cx, "library/image", b"layer of one").await;
    put(services, &cx, "library/image", "v1", &image("one")).await.expect("the image is taken");
}
