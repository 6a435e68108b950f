//! How the system is, for administrators.

use service::{Denial, Error, testing::World};
use types::role::Role;

use crate::util::{assert_denied, assert_error, push_blob, push_image};

#[tokio::test]
async fn only_administrators_see_it() {
    let world = World::new().await;
    let ann = world.user("ann").await;
    world.project("p", false, &[(&ann, Role::ProjectAdmin)]).await;
    assert_error!(world.services.health.get(&ann).await, Error::Forbidden(_));
    assert_denied(world.services.health.get(&World::anonymous()).await, Denial::NoCredentials);
}

#[tokio::test]
async fn parts_are_well_and_what_is_stored_is_counted() {
    let world = World::new().await;
    let admin = world.admin().await;
    let before = world.services.health.get(&admin).await.expect("told");
    assert_eq!((before.projects, before.repositories, before.artifacts, before.users), (1, 0, 0, 1));
    assert_eq!((before.storage.blobs, before.storage.used_bytes), (0, 0));

    let gone = world.user("gone").await.user_id().expect("a user");
    world.services.users.delete(&admin, gone).await.expect("deleted");
    world.user("ann").await;
    world.project("p", false, &[]).await;
    push_image(&world.services, &admin, "library/a", "v1", "one").await;
    push_image(&world.services, &admin, "p/a", "v1", "one").await;
    push_blob(&world.services, &admin, "p/unpushed", b"12345").await;
    let config = r#"{"architecture":"amd64","os":"linux","author":"one"}"#.len() + "layer of one".len();

    let after = world.services.health.get(&admin).await.expect("told");
    assert_eq!((after.projects, after.repositories, after.artifacts, after.users), (2, 2, 2, 2));
    assert_eq!((after.storage.blobs, after.storage.used_bytes), (3, config as u64 + 5), "each blob once");
    let names: Vec<_> = after.components.iter().map(|part| part.name.as_str()).collect();
    assert_eq!(names, ["database", "storage"]);
    assert!(after.components.iter().all(|part| part.error.is_none()), "{:?}", after.components);
    assert_eq!((after.database.kind.as_str(), after.storage.kind.as_str()), ("SQLite", "files"));
    assert!(after.database.size_bytes >= 4096);
    let disk = after.storage.disk.expect("a file system");
    assert!(0 < disk.free_bytes && disk.free_bytes <= disk.total_bytes, "{disk:?}");
    assert_eq!(after.version, env!("CARGO_PKG_VERSION"));
    assert!(after.started_at <= admin.now && after.started_at == before.started_at);
}

#[tokio::test]
async fn store_that_can_not_be_written_is_told_without_its_place() {
    let world = World::new().await;
    let uploads = world.data().join("storage/uploads");
    std::fs::remove_dir_all(&uploads).expect("removed");
    std::fs::write(&uploads, "in the way").expect("written");
    let told = world.services.health.get(&world.admin().await).await.expect("told");
    assert_eq!(told.components[0].error, None);
    assert_eq!(told.components[1].error.as_deref(), Some("the blob store can't be written"));
}
