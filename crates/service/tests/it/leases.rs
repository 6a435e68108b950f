//! How long a blob stays that nothing needs yet, for those who were told that it is there.

use service::upload::ByteStream;
use types::digest::{Algorithm, Digest};

use crate::{
    collection::{GRACE, NAME, Scene},
    util::{body, digest, repository},
};

/// The part of the grace after which a look begins it anew.
const QUARTER: i64 = GRACE / 4;

fn nothing() -> ByteStream {
    body(b"")
}

async fn look(at: &Scene, blob: &Digest) {
    at.services().blobs.get(&at.cx(), &repository(NAME), blob).await.expect("it is there");
}

#[tokio::test]
async fn whoever_asks_late_for_a_blob_keeps_it_for_another_grace() {
    let at = Scene::new().await;
    let asked = at.push(NAME, b"asked for").await;
    at.push(NAME, b"forgotten").await;
    at.hand.advance(GRACE - 2);
    look(&at, &asked).await;
    at.hand.advance(GRACE - 2);
    at.collect().await;
    assert!(at.has(NAME, b"asked for").await);
    assert!(!at.has(NAME, b"forgotten").await);
}

#[tokio::test]
async fn looks_in_the_first_quarter_of_the_grace_write_nothing() {
    let at = Scene::new().await;
    let blob = at.push(NAME, b"asked for at once").await;
    at.hand.advance(QUARTER);
    look(&at, &blob).await;
    at.hand.advance(GRACE - QUARTER);
    assert_eq!(at.collect().await.links.count, 1, "its time began with the push");
}

#[tokio::test]
async fn a_look_after_the_first_quarter_begins_the_grace_anew() {
    let at = Scene::new().await;
    let blob = at.push(NAME, b"asked for later").await;
    at.hand.advance(QUARTER + 1);
    look(&at, &blob).await;
    at.hand.advance(GRACE - 1);
    assert_eq!(at.collect().await.links.count, 0);
    at.hand.advance(1);
    assert_eq!(at.collect().await.links.count, 1);
}

#[tokio::test]
async fn whoever_asked_may_use_a_blob_for_three_quarters_of_the_grace() {
    for asked in (0..=GRACE).step_by(300) {
        let at = Scene::new().await;
        let blob = at.push(NAME, b"asked for").await;
        at.hand.advance(asked.min(GRACE - 2));
        look(&at, &blob).await;
        at.hand.advance(3 * QUARTER - 1);
        at.collect().await;
        assert!(at.has(NAME, b"asked for").await, "asked after {asked} s");
    }
}

#[tokio::test]
async fn the_end_of_an_upload_that_is_over_counts_as_a_look() {
    let at = Scene::new().await;
    let (uploads, name, whole) = (&at.services().uploads, repository(NAME), digest(b"abc"));
    let id = uploads.start(&at.cx(), &name, Algorithm::Sha256).await.expect("an upload").to_string();
    uploads.finish(&at.cx(), &name, &id, (&whole, None), body(b"abc")).await.expect("finished");
    at.hand.advance(GRACE - 2);
    uploads.finish(&at.cx(), &name, &id, (&whole, None), nothing()).await.expect("finished already");
    at.hand.advance(GRACE - 2);
    assert_eq!(at.collect().await.links.count, 0);
    assert!(at.has(NAME, b"abc").await, "the client was told that it is there");
}
