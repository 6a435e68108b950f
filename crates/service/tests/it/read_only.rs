//! Read-only mode: nothing in projects changes, by anybody.

use service::{Error, OpCtx, project::ProjectRef, setting::SettingsChange, testing::World};
use types::{digest::Algorithm, harbor, role::Role};

use crate::util::{
    assert_error, body, digest, digest_at, image, pull_blob, push_image, put, reference, repository,
};

const NAME: &str = "p/image";

/// A project of `mia`'s with an image, and an upload that was opened before all changes were stopped.
async fn world() -> (World, OpCtx, String) {
    let world = World::new().await;
    let mia = world.user("mia").await;
    world.project("p", false, &[(&mia, Role::ProjectAdmin)]).await;
    push_image(&world.services, &mia, NAME, "v1", "one").await;
    let id = world.services.uploads.start(&mia, &repository(NAME), Algorithm::Sha256).await.expect("open");
    decide(&world, true).await;
    (world, mia, id.to_string())
}

async fn decide(world: &World, is_on: bool) {
    let change = SettingsChange { read_only: Some(is_on), ..SettingsChange::default() };
    world.services.settings.update(&world.admin().await, change).await.expect("decided");
}

#[tokio::test]
async fn no_push_and_no_deletion_is_taken_not_even_of_administrators() {
    let (world, mia, id) = world().await;
    let (services, name, layer) = (&world.services, repository(NAME), digest(b"layer of one"));
    for cx in [&mia, &world.admin().await] {
        let uploads = &services.uploads;
        assert_error!(uploads.start(cx, &name, Algorithm::Sha256).await, Error::ReadOnly);
        assert_error!(uploads.push(cx, &name, &digest(b"x"), body(b"x")).await, Error::ReadOnly);
        assert_error!(uploads.mount(cx, &name, &layer, None).await, Error::ReadOnly);
        assert_error!(uploads.append(cx, &name, &id, None, body(b"x")).await, Error::ReadOnly);
        let last = (&digest(b"x"), None);
        assert_error!(uploads.finish(cx, &name, &id, last, body(b"x")).await, Error::ReadOnly);
        assert_error!(uploads.cancel(cx, &name, &id).await, Error::ReadOnly);
        assert_error!(services.blobs.delete(cx, &name, &layer).await, Error::ReadOnly);
        assert_error!(put(services, cx, NAME, "v2", &image("one")).await, Error::ReadOnly);
        let artifacts = &services.artifacts;
        assert_error!(artifacts.delete_manifest(cx, &name, &reference("v1")).await, Error::ReadOnly);
        assert_error!(artifacts.delete(cx, &name, &reference("v1")).await, Error::ReadOnly);
        let tag = "v2".parse().expect("a tag");
        assert_error!(artifacts.create_tag(cx, &name, &reference("v1"), tag).await, Error::ReadOnly);
        let tag = "v1".parse().expect("a tag");
        assert_error!(artifacts.delete_tag(cx, &name, &reference("v1"), &tag).await, Error::ReadOnly);
        assert_error!(services.repositories.update(cx, &name, "x".to_owned()).await, Error::ReadOnly);
        assert_error!(services.repositories.delete(cx, &name).await, Error::ReadOnly);
        assert_error!(services.projects.delete(cx, &ProjectRef::Name("p".to_owned())).await, Error::ReadOnly);
        let new = harbor::ProjectReq { project_name: Some("q".to_owned()), ..Default::default() };
        assert_error!(services.projects.create(cx, new).await, Error::ReadOnly);
    }
    assert!(digest_at(services, &mia, NAME, "v1").await.is_some());
}

#[tokio::test]
async fn whoever_lacks_the_right_is_told_that_first() {
    let (world, _, _) = world().await;
    let zoe = world.user("zoe").await;
    assert_error!(put(&world.services, &zoe, NAME, "v2", &image("one")).await, Error::Hidden(_));
    let refused = world.services.repositories.delete(&zoe, &repository(NAME)).await;
    assert_error!(refused, Error::Forbidden(_));
}

#[tokio::test]
async fn reading_and_signing_in_go_on_and_changes_do_again_once_it_is_off() {
    let (world, mia, id) = world().await;
    let mia_again = world.cx("mia").await.expect("signs in");
    assert!(digest_at(&world.services, &mia_again, NAME, "v1").await.is_some());
    pull_blob(&world.services, &mia, NAME, &digest(b"layer of one")).await.expect("the layer");
    decide(&world, false).await;
    let last = (&digest(b"x"), None);
    let (uploads, name) = (&world.services.uploads, repository(NAME));
    uploads.finish(&mia, &name, &id, last, body(b"x")).await.expect("the upload goes on");
    push_image(&world.services, &mia, NAME, "v2", "two").await;
}
