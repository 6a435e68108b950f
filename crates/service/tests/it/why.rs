//! What keeps a blob or a manifest.

use chrono::TimeDelta;
use service::{testing::World, why::Why};
use types::{digest::Digest, oci::media_type};

use crate::util::{descriptor, digest, image, push_blob, push_image, put, reference, repository};

const NAME: &str = "library/image";

async fn why(world: &World, digest: &Digest) -> Why {
    world.services.keeping().why(digest).await.expect("an answer").expect("it is known")
}

#[tokio::test]
async fn a_layer_is_kept_by_every_tag_above_it() {
    let world = World::new().await;
    let (services, cx) = (&world.services, world.admin().await);
    let child = push_image(services, &cx, NAME, "v1", "one").await;
    let child_size = image("one").to_string().len();
    let index = serde_json::json!({
        "schemaVersion": 2, "mediaType": media_type::OCI_INDEX,
        "manifests": [descriptor(media_type::OCI_MANIFEST, &child, child_size)],
    });
    let index = put(services, &cx, NAME, "multi", &index).await.expect("the index is taken");
    let layer = digest(b"layer of one");
    let told = why(&world, &layer).await;
    let ways: Vec<(&str, Vec<&str>)> = told
        .kept_by
        .iter()
        .map(|way| (way.tag.as_str(), way.manifests.iter().map(|step| step.digest.as_str()).collect()))
        .collect();
    assert_eq!(ways, [("v1", vec![child.as_ref()]), ("multi", vec![index.as_ref(), child.as_ref()])]);
    let blob = told.blob.expect("a blob");
    assert!(!blob.is_damaged && blob.verified_at.is_some() && blob.candidate_since.is_none());
    assert_eq!((told.places.len(), told.places[0].repository.as_str(), told.is_cut), (1, NAME, false));
}

#[tokio::test]
async fn a_referrer_is_kept_by_what_it_is_about() {
    let world = World::new().await;
    let (services, cx) = (&world.services, world.admin().await);
    let subject = push_image(services, &cx, NAME, "v1", "one").await;
    let mut signature = image("one");
    signature["subject"] = descriptor(media_type::OCI_MANIFEST, &subject, 1);
    let name = digest(signature.to_string().as_bytes());
    put(services, &cx, NAME, name.as_ref(), &signature).await.expect("the signature is taken");
    let told = why(&world, &name).await;
    assert_eq!(told.kept_by.len(), 1);
    let steps: Vec<_> =
        told.kept_by[0].manifests.iter().map(|step| (step.digest.as_str(), step.is_referrer)).collect();
    assert_eq!(steps, [(subject.as_ref(), false), (name.as_ref(), true)]);
    assert!(told.places[0].is_manifest);
}

#[tokio::test]
async fn what_nothing_keeps_is_a_candidate_since_it_lost_its_last_tag() {
    let world = World::new().await;
    let (services, cx) = (&world.services, world.admin().await);
    let image = push_image(services, &cx, NAME, "v1", "one").await;
    let alone = push_blob(services, &cx, NAME, b"alone").await;
    assert!(why(&world, &image).await.places[0].candidate_since.is_none());
    services
        .artifacts
        .delete_manifest(&cx, &repository(NAME), &reference("v1"))
        .await
        .expect("the tag is removed");
    for digest in [&image, &alone] {
        let told = why(&world, digest).await;
        assert_eq!(told.kept_by, []);
        let since = told.places[0].candidate_since.expect("a candidate");
        let grace = world.services.collection.defaults().grace_ms;
        assert_eq!(told.places[0].kept_until, Some(since + TimeDelta::milliseconds(grace.cast_signed())));
    }
}

#[tokio::test]
async fn an_unknown_digest_is_told_from_one_that_nothing_keeps() {
    let world = World::new().await;
    assert_eq!(world.services.keeping().why(&digest(b"unknown")).await.expect("an answer"), None);
}
