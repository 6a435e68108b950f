//! Backups: whole and of one moment, made while images are pushed and deleted.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use futures::future::join_all;
use service::{
    Error, OpCtx, Options, Services,
    backup::{Made, Restored, make, restore},
    collection::Parameters,
    fsck::How,
    testing::World,
};
use tempfile::TempDir;
use types::digest::Algorithm;

use crate::util::{
    assert_error, body, digest, digest_at, pull_blob, push_blob, push_image, reference, repository,
};

const NAME: &str = "library/image";

async fn back_up(world: &World, cx: &OpCtx, to: &Path) -> Made {
    make(&Options::new(world.data()), to, true, cx.now, &mut |_, _| {}).await.expect("a backup")
}

async fn restored(from: &Path, to: &Path, cx: &OpCtx) -> Restored {
    restore(from, to, cx.now, &mut |_, _| {}).await.expect("restored")
}

/// Services on a restored folder.
async fn open(data: &TempDir, cx: &OpCtx) -> (Services, OpCtx) {
    let (services, first_start) = Services::open(World::options(data), cx.now).await.expect("services open");
    assert!(!first_start.is_first);
    (services, cx.clone())
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// Pulls every image that a service has, byte by byte; returns how many.
async fn pull_everything(services: &Services, cx: &OpCtx, names: &[String]) -> usize {
    let mut pulled = 0;
    for name in names {
        let Ok((tags, _)) = services.artifacts.list_tags(cx, &repository(name), (None, 1000)).await else {
            continue;
        };
        for tag in tags {
            let at = reference(&tag);
            let stored = services.artifacts.get_manifest(cx, &repository(name), &at, false).await;
            let stored = stored.expect("a manifest");
            assert_eq!(digest(&stored.content).to_string(), stored.digest);
            let manifest: serde_json::Value = serde_json::from_slice(&stored.content).expect("JSON");
            let layers = manifest["layers"].as_array().expect("layers");
            for part in layers.iter().chain([&manifest["config"]]) {
                let expected = part["digest"].as_str().expect("a digest").parse().expect("a digest");
                let bytes = pull_blob(services, cx, name, &expected).await.expect("bytes");
                assert_eq!(digest(&bytes), expected);
            }
            pulled += 1;
        }
    }
    pulled
}

#[tokio::test]
async fn everything_comes_back() {
    let world = World::new().await;
    let cx = world.admin().await;
    let image = push_image(&world.services, &cx, NAME, "v1", "one").await;
    let (uploads, name) = (&world.services.uploads, repository(NAME));
    let id = uploads.start(&cx, &name, Algorithm::Sha256).await.expect("an upload").to_string();
    uploads.append(&cx, &name, &id, None, body(b"begun")).await.expect("taken");
    let (folder, data) = (TempDir::new().expect("a folder"), TempDir::new().expect("a folder"));
    let made = back_up(&world, &cx, folder.path()).await;
    assert_eq!((made.backup.blobs, made.new_blobs, made.backup.manifests, made.backup.tags), (2, 2, 1, 1));
    assert_eq!(made.backup.missing, Vec::<String>::new());
    for file in files(folder.path()) {
        let mode = fs::metadata(&file).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{}", file.display());
    }
    let back = restored(folder.path(), data.path(), &cx).await;
    assert_eq!(back.check.expect("a check").problems(), 0);
    assert_eq!(back.damaged, Vec::<String>::new());
    for key in ["encryption.key", "token-signing.es256.pem"] {
        let read = |data: &Path| fs::read(data.join("keys").join(key)).expect("a key");
        assert_eq!(read(world.data()), read(data.path()));
    }
    let (services, cx) = open(&data, &cx).await;
    assert_eq!(digest_at(&services, &cx, NAME, "v1").await, Some(image.to_string()));
    assert_eq!(pull_everything(&services, &cx, &[NAME.to_owned()]).await, 1);
    let how = How { is_quick: false, is_repair: false, now: cx.now };
    assert_eq!(services.fsck().run(how, &mut |_| {}).await.expect("a check").problems(), 0);
    push_image(&services, &cx, NAME, "v2", "two").await;
}

#[tokio::test]
async fn a_collection_that_was_asked_for_before_a_backup_does_not_begin_after_the_restore() {
    let world = World::new().await;
    let cx = world.admin().await;
    push_image(&world.services, &cx, NAME, "v1", "one").await;
    let parameters = Parameters { delete_untagged: true, ..world.services.collection.defaults() };
    world.services.collection.start(&cx, parameters).await.expect("an answer");
    let (folder, data) = (TempDir::new().expect("a folder"), TempDir::new().expect("a folder"));
    back_up(&world, &cx, folder.path()).await;
    restored(folder.path(), data.path(), &cx).await;
    let (services, _) = open(&data, &cx).await;
    assert_eq!(World::jobs_of(&services, "collection").await, Vec::<i64>::new());
    assert_eq!(World::jobs_of(&world.services, "collection").await.len(), 1);
}

/// Pushes images, moves tags and deletes manifests and blobs.
async fn churn(services: Services, cx: OpCtx, worker: usize) {
    let name = format!("library/{worker}");
    for round in 0..15 {
        let seed = format!("{worker} {}", round % 4);
        let pushed = push_image(&services, &cx, &name, &format!("t{}", round % 3), &seed).await;
        if round % 5 == 4 {
            let at = reference(pushed.as_ref());
            services.artifacts.delete_manifest(&cx, &repository(&name), &at).await.expect("removed");
            let layer = digest(format!("layer of {seed}").as_bytes());
            services.blobs.delete(&cx, &repository(&name), &layer).await.expect("removed");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_backup_during_pushes_shows_one_moment() {
    let world = World::new().await;
    let cx = world.admin().await;
    push_image(&world.services, &cx, NAME, "v1", "one").await;
    let folder = TempDir::new().expect("a folder");
    let work = join_all((0..4).map(|worker| {
        #[expect(clippy::disallowed_methods, reason = "the test joins it")]
        tokio::spawn(churn(world.services.clone(), cx.clone(), worker))
    }));
    let mut work = std::pin::pin!(work);
    let names: Vec<String> =
        (0..4).map(|worker| format!("library/{worker}")).chain([NAME.to_owned()]).collect();
    let mut round = 0;
    loop {
        let done = futures::FutureExt::now_or_never(&mut work);
        // Each backup goes into the same folder and has a moment of its own.
        let at = OpCtx { now: cx.now + chrono::Duration::seconds(round), ..cx.clone() };
        let made = back_up(&world, &at, folder.path()).await;
        assert_eq!(made.backup.missing, Vec::<String>::new());
        let data = TempDir::new().expect("a folder");
        let back = restored(folder.path(), data.path(), &cx).await;
        assert_eq!(back.check.expect("a check").problems(), 0);
        assert_eq!(back.damaged, Vec::<String>::new());
        let (services, cx) = open(&data, &cx).await;
        let pulled = pull_everything(&services, &cx, &names).await;
        assert_eq!(pulled as u64, made.backup.tags);
        round += 1;
        if let Some(done) = done {
            assert!(done.iter().all(Result::is_ok));
            break;
        }
    }
    assert!(round > 1);
}

#[tokio::test]
async fn a_second_backup_copies_what_is_new_and_drops_what_is_gone() {
    let world = World::new().await;
    let cx = world.admin().await;
    let folder = TempDir::new().expect("a folder");
    push_image(&world.services, &cx, NAME, "v1", "one").await;
    let alone = push_blob(&world.services, &cx, NAME, b"alone").await;
    assert_eq!(back_up(&world, &cx, folder.path()).await.new_blobs, 3);
    push_image(&world.services, &cx, NAME, "v2", "two").await;
    let gone = format!("DELETE FROM repository_blobs WHERE digest = '{alone}'");
    world.damage(&[&gone, &format!("DELETE FROM blobs WHERE digest = '{alone}'")]).await;
    let later = OpCtx { now: cx.now + chrono::Duration::seconds(1), ..cx.clone() };
    let made = back_up(&world, &later, folder.path()).await;
    assert_eq!((made.new_blobs, made.kept_blobs, made.pruned), (2, 2, 1));
    assert_eq!(fs::read_dir(folder.path().join("database")).expect("databases").count(), 1);
    let data = TempDir::new().expect("a folder");
    let back = restored(folder.path(), data.path(), &cx).await;
    assert_eq!(back.check.expect("a check").problems(), 0);
}

#[tokio::test]
async fn a_blob_that_is_gone_is_missing_when_a_manifest_needs_it_and_forgotten_otherwise() {
    let world = World::new().await;
    let cx = world.admin().await;
    let folder = TempDir::new().expect("a folder");
    push_image(&world.services, &cx, NAME, "v1", "one").await;
    let alone = push_blob(&world.services, &cx, NAME, b"alone").await;
    let needed = digest(b"layer of one");
    for digest in [&alone, &needed] {
        let shard = world.data().join("storage/blobs/sha256").join(&digest.hex()[..2]);
        for file in files(&shard) {
            if file.to_string_lossy().contains(digest.hex()) {
                fs::remove_file(file).expect("removed");
            }
        }
    }
    let made = back_up(&world, &cx, folder.path()).await;
    assert_eq!(made.backup.missing, [needed.to_string()]);
    assert_eq!(made.backup.blobs, 2);
    let data = TempDir::new().expect("a folder");
    let back = restored(folder.path(), data.path(), &cx).await;
    assert_eq!(back.damaged, [needed.to_string()]);
    let (services, cx) = open(&data, &cx).await;
    assert_error!(pull_blob(&services, &cx, NAME, &alone).await, Error::NotFound(..));
}

#[tokio::test]
async fn a_backup_without_blobs_lists_them() {
    let world = World::new().await;
    let cx = world.admin().await;
    let folder = TempDir::new().expect("a folder");
    let image = push_image(&world.services, &cx, NAME, "v1", "one").await;
    let made = make(&Options::new(world.data()), folder.path(), false, cx.now, &mut |_, _| {}).await;
    assert!(!made.expect("a backup").backup.has_blobs);
    let list = fs::read_to_string(folder.path().join("blobs.txt")).expect("a list");
    assert_eq!(list.lines().count(), 2);
    assert!(list.contains(digest(b"layer of one").as_ref()));
    let data = TempDir::new().expect("a folder");
    let back = restored(folder.path(), data.path(), &cx).await;
    assert!(back.check.is_none());
    let (services, cx) = open(&data, &cx).await;
    assert_eq!(digest_at(&services, &cx, NAME, "v1").await, Some(image.to_string()));
}

#[tokio::test]
async fn a_backup_is_verified_before_it_is_restored() {
    let world = World::new().await;
    let cx = world.admin().await;
    let folder = TempDir::new().expect("a folder");
    push_image(&world.services, &cx, NAME, "v1", "one").await;
    let made = back_up(&world, &cx, folder.path()).await;
    let refuse = async |what: &str| {
        let data = TempDir::new().expect("a folder");
        let refused = restore(folder.path(), data.path(), cx.now, &mut |_, _| {}).await;
        assert_error!(refused, Error::Precondition(said) if said.contains(what));
        assert!(!data.path().join("berth.db").exists());
    };
    let database = folder.path().join(&made.backup.database.path);
    let whole = fs::read(&database).expect("a database");
    fs::write(&database, &whole[..whole.len() - 1]).expect("written");
    refuse("is damaged").await;
    fs::write(&database, &whole).expect("written");
    fs::remove_file(folder.path().join("backup.json")).expect("removed");
    refuse("is no backup").await;
}

#[tokio::test]
async fn bytes_that_changed_in_the_backup_are_told() {
    let world = World::new().await;
    let cx = world.admin().await;
    let folder = TempDir::new().expect("a folder");
    push_image(&world.services, &cx, NAME, "v1", "one").await;
    back_up(&world, &cx, folder.path()).await;
    let layer = digest(b"layer of one");
    let file = files(&folder.path().join("blobs"))
        .into_iter()
        .find(|file| file.to_string_lossy().contains(layer.hex()))
        .expect("a file");
    fs::remove_file(&file).expect("removed");
    fs::write(&file, b"layer of two").expect("written");
    let data = TempDir::new().expect("a folder");
    let back = restored(folder.path(), data.path(), &cx).await;
    assert_eq!(back.damaged, [layer.to_string()]);
    assert_eq!(back.check.expect("a check").problems(), 1);
}

#[tokio::test]
async fn nothing_is_overwritten() {
    let world = World::new().await;
    let cx = world.admin().await;
    let folder = TempDir::new().expect("a folder");
    let into_data = make(&Options::new(world.data()), world.data(), true, cx.now, &mut |_, _| {}).await;
    assert_error!(into_data, Error::Precondition(_));
    back_up(&world, &cx, folder.path()).await;
    let refused = restore(folder.path(), world.data(), cx.now, &mut |_, _| {}).await;
    assert_error!(refused, Error::Precondition(said) if said.contains("is not empty"));
}

#[tokio::test]
async fn on_another_file_system_bytes_are_copied_and_verified() {
    let world = World::new().await;
    let cx = world.admin().await;
    push_image(&world.services, &cx, NAME, "v1", "one").await;
    let layer = digest(b"layer of one");
    let shard = world.data().join("storage/blobs/sha256").join(&layer.hex()[..2]);
    let is_layer = |file: &PathBuf| file.to_string_lossy().contains(layer.hex());
    let source = files(&shard).into_iter().find(is_layer).expect("a file");
    let folder = TempDir::new_in("/dev/shm").expect("a folder in memory");
    let made = back_up(&world, &cx, folder.path()).await;
    assert_eq!((made.new_blobs, made.backup.missing.len()), (2, 0));
    let copy = files(&folder.path().join("blobs")).into_iter().find(is_layer).expect("a file");
    fs::remove_file(copy).expect("removed");
    fs::write(source, b"layer of two").expect("written");
    let later = OpCtx { now: cx.now + chrono::Duration::seconds(1), ..cx.clone() };
    assert_eq!(back_up(&world, &later, folder.path()).await.backup.missing, [layer.to_string()]);
    assert!(!files(&folder.path().join("blobs")).iter().any(is_layer));
}
