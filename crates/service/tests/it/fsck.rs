//! The check: each kind of damage is planted and found, alone; health is not mistaken for damage.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use futures::future::join_all;
use service::{
    OpCtx, Services,
    fsck::{Event, How, Problem, ProblemKind, Report},
    testing::World,
};
use types::{
    digest::{Algorithm, Digest},
    oci::media_type,
};

use crate::util::{
    body, descriptor, digest, digest_at, image, push_blob, push_image, push_parts, put, reference, repository,
};

const NAME: &str = "library/image";

async fn run(services: &Services, how: How) -> (Report, Vec<Problem>) {
    let mut found = Vec::new();
    let mut listener = |event: Event<'_>| {
        if let Event::Found(problem) = event {
            found.push(problem.clone());
        }
    };
    let report = services.fsck().run(how, &mut listener).await.expect("the check can look");
    (report, found)
}

fn how(cx: &OpCtx) -> How {
    How { is_quick: false, is_repair: false, now: cx.now }
}

/// What a whole check finds.
async fn check(services: &Services, cx: &OpCtx) -> Vec<Problem> {
    run(services, how(cx)).await.1
}

async fn kinds(services: &Services, cx: &OpCtx) -> Vec<ProblemKind> {
    check(services, cx).await.iter().map(|problem| problem.kind).collect()
}

async fn repair(services: &Services, cx: &OpCtx) -> Vec<Problem> {
    run(services, How { is_repair: true, ..how(cx) }).await.1
}

/// A world with an image, an index of two images and an open upload.
async fn scene() -> (World, OpCtx) {
    let world = World::new().await;
    let cx = world.admin().await;
    let services = &world.services;
    push_image(services, &cx, NAME, "v1", "one").await;
    push_index(services, &cx).await;
    push_image(services, &cx, "library/other", "v1", "other").await;
    let upload = services.uploads.start(&cx, &repository(NAME), Algorithm::Sha256).await.expect("an upload");
    let id = upload.to_string();
    services.uploads.append(&cx, &repository(NAME), &id, None, body(b"begun")).await.expect("taken");
    assert_eq!(check(services, &cx).await, []);
    (world, cx)
}

async fn push_index(services: &Services, cx: &OpCtx) -> Digest {
    let mut children = Vec::new();
    for seed in ["amd64", "arm64"] {
        let child = push_image(services, cx, NAME, seed, seed).await;
        children.push(descriptor(media_type::OCI_MANIFEST, &child, image(seed).to_string().len()));
    }
    let index = serde_json::json!({
        "schemaVersion": 2, "mediaType": media_type::OCI_INDEX, "manifests": children,
    });
    put(services, cx, NAME, "multi", &index).await.expect("the index is taken")
}

/// The file of a blob.
fn file_of(world: &World, digest: &Digest) -> PathBuf {
    let shard = world.data().join("storage/blobs/sha256").join(&digest.hex()[..2]);
    let files = fs::read_dir(shard).expect("a shard");
    files
        .map(|file| file.expect("a file").path())
        .find(|path| path.to_string_lossy().contains(digest.hex()))
        .expect("the blob has a file")
}

/// Writes a file that seems to be two hours old.
fn plant(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, bytes).expect("written");
    #[expect(clippy::disallowed_methods, reason = "the time of a file is that of the system")]
    let then = SystemTime::now() - Duration::from_hours(2);
    fs::File::options().write(true).open(path).expect("a file").set_modified(then).expect("a time");
}

fn layer() -> Digest {
    digest(b"layer of one")
}

#[tokio::test]
async fn a_blob_without_bytes_is_found_marked_and_whole_after_a_push() {
    let (world, cx) = scene().await;
    let services = &world.services;
    fs::remove_file(file_of(&world, &layer())).expect("removed");
    let found = check(services, &cx).await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].kind, found[0].subject.as_str()), (ProblemKind::BlobMissing, layer().as_ref()));
    assert!(!found[0].is_repaired && found[0].is_repairable);
    assert!(repair(services, &cx).await[0].is_repaired);
    // It stays a problem, and there is nothing more to repair.
    assert!(!repair(services, &cx).await[0].is_repairable);
    push_blob(services, &cx, NAME, b"layer of one").await;
    assert_eq!(check(services, &cx).await, []);
}

#[tokio::test]
async fn a_blob_of_another_size_is_found_by_a_quick_check_too() {
    let (world, cx) = scene().await;
    fs::write(file_of(&world, &layer()), b"short").expect("written");
    assert_eq!(kinds(&world.services, &cx).await, [ProblemKind::BlobSize]);
    let (_, quick) = run(&world.services, How { is_quick: true, ..how(&cx) }).await;
    assert_eq!(quick[0].kind, ProblemKind::BlobSize);
}

#[tokio::test]
async fn one_changed_byte_is_found() {
    let (world, cx) = scene().await;
    fs::write(file_of(&world, &layer()), b"layer of two").expect("written");
    assert_eq!(kinds(&world.services, &cx).await, [ProblemKind::BlobDigest]);
    let (report, quick) = run(&world.services, How { is_quick: true, ..how(&cx) }).await;
    assert_eq!((quick.len(), report.checked.hashed_bytes), (0, 0));
}

#[tokio::test]
async fn a_whole_blob_marked_as_damaged_loses_its_mark() {
    let (world, cx) = scene().await;
    world.damage(&[&format!("UPDATE blobs SET is_damaged = 1 WHERE digest = '{}'", layer())]).await;
    assert_eq!(kinds(&world.services, &cx).await, [ProblemKind::BlobMarked]);
    repair(&world.services, &cx).await;
    assert_eq!(check(&world.services, &cx).await, []);
}

#[tokio::test]
async fn bytes_without_a_row_are_found_when_they_are_old_and_removed() {
    let (world, cx) = scene().await;
    let digest = digest(b"nobody's");
    let name = format!("{}.{}", digest.hex(), uuid());
    let orphan = world.data().join("storage/blobs/sha256").join(&digest.hex()[..2]).join(name);
    plant(&orphan, b"nobody's");
    assert_eq!(kinds(&world.services, &cx).await, [ProblemKind::OrphanBlob]);
    assert!(orphan.exists());
    repair(&world.services, &cx).await;
    assert!(!orphan.exists());
    plant(&orphan, b"nobody's");
    let young = fs::File::options().write(true).open(&orphan).expect("a file");
    young.set_modified(cx.now.into()).expect("a time");
    assert_eq!(check(&world.services, &cx).await, []);
}

#[tokio::test]
async fn bytes_that_are_to_be_removed_are_no_problem() {
    let (world, cx) = scene().await;
    let name = format!("sha256/00/{}.{}", "0".repeat(64), uuid());
    plant(&world.data().join("storage/blobs").join(&name), b"to go");
    world.damage(&[&format!("INSERT INTO removals VALUES ('{name}', 5, 0)")]).await;
    assert_eq!(check(&world.services, &cx).await, []);
}

#[tokio::test]
async fn bytes_of_an_unknown_upload_are_found_and_removed() {
    let (world, cx) = scene().await;
    let orphan = world.data().join("storage/uploads").join(uuid());
    plant(&orphan, b"begun");
    assert_eq!(kinds(&world.services, &cx).await, [ProblemKind::OrphanUpload]);
    repair(&world.services, &cx).await;
    assert!(!orphan.exists());
    assert_eq!(check(&world.services, &cx).await, []);
}

#[tokio::test]
async fn an_upload_without_its_bytes_is_found_and_removed() {
    let (world, cx) = scene().await;
    let uploads = world.data().join("storage/uploads");
    let file = fs::read_dir(&uploads).expect("uploads").next().expect("an upload").expect("a file").path();
    fs::write(&file, b"beg").expect("written");
    assert_eq!(kinds(&world.services, &cx).await, [ProblemKind::UploadWithoutBytes]);
    fs::remove_file(&file).expect("removed");
    assert_eq!(kinds(&world.services, &cx).await, [ProblemKind::UploadWithoutBytes]);
    repair(&world.services, &cx).await;
    assert_eq!(check(&world.services, &cx).await, []);
}

#[tokio::test]
async fn an_upload_that_stopped_between_bytes_and_rows_is_no_problem() {
    let (world, cx) = scene().await;
    let uploads = world.data().join("storage/uploads");
    let file = fs::read_dir(&uploads).expect("uploads").next().expect("an upload").expect("a file").path();
    let digest = digest(b"begun");
    let id = file.file_name().expect("a name").to_string_lossy().into_owned();
    let shard = world.data().join("storage/blobs/sha256").join(&digest.hex()[..2]);
    fs::create_dir_all(&shard).expect("a shard");
    let copy = shard.join(format!("{}.{id}", digest.hex()));
    fs::rename(&file, &copy).expect("moved");
    assert_eq!(check(&world.services, &cx).await, []);
    plant(&copy, b"begun");
    assert_eq!(check(&world.services, &cx).await, []);
    let done = world.services.uploads.finish(&cx, &repository(NAME), &id, (&digest, None), body(b"")).await;
    done.expect("the upload is finished");
    assert_eq!(check(&world.services, &cx).await, []);
}

#[tokio::test]
async fn a_foreign_file_is_found_and_left_alone() {
    let (world, cx) = scene().await;
    let foreign = world.data().join("storage/blobs/README");
    plant(&foreign, b"mine");
    let found = repair(&world.services, &cx).await;
    assert_eq!((found.len(), found[0].kind), (1, ProblemKind::ForeignFile));
    assert!(foreign.exists());
}

#[tokio::test]
async fn a_link_to_a_missing_blob_is_found_and_removed() {
    let (world, cx) = scene().await;
    let insert = format!("INSERT INTO repository_blobs VALUES (1, '{}', NULL)", digest(b"never pushed"));
    world.damage(&[&insert]).await;
    assert_eq!(kinds(&world.services, &cx).await, [ProblemKind::LinkWithoutBlob]);
    repair(&world.services, &cx).await;
    assert_eq!(check(&world.services, &cx).await, []);
}

#[tokio::test]
async fn a_link_of_a_missing_repository_is_found_and_removed() {
    let (world, cx) = scene().await;
    world.damage(&[&format!("INSERT INTO repository_blobs VALUES (99, '{}', NULL)", layer())]).await;
    assert_eq!(kinds(&world.services, &cx).await, [ProblemKind::LinkWithoutRepository]);
    repair(&world.services, &cx).await;
    assert_eq!(check(&world.services, &cx).await, []);
}

#[tokio::test]
async fn a_manifest_with_other_bytes_is_found_and_kept() {
    let (world, cx) = scene().await;
    let image = digest_at(&world.services, &cx, NAME, "v1").await.expect("an image");
    world.damage(&[&format!("UPDATE manifests SET content = X'7B7D' WHERE digest = '{image}'")]).await;
    let found = repair(&world.services, &cx).await;
    assert_eq!((found.len(), found[0].kind), (1, ProblemKind::ManifestDigest), "{found:?}");
    assert_eq!((found[0].subject.as_str(), found[0].place.as_str()), (image.as_str(), NAME));
    assert_eq!(digest_at(&world.services, &cx, NAME, "v1").await, Some(image));
}

#[tokio::test]
async fn a_manifest_without_a_blob_it_needs_is_found() {
    let (world, cx) = scene().await;
    world.damage(&[&format!("DELETE FROM repository_blobs WHERE digest = '{}'", layer())]).await;
    let found = repair(&world.services, &cx).await;
    assert_eq!((found.len(), found[0].kind), (1, ProblemKind::ManifestLacksBlob), "{found:?}");
    push_parts(&world.services, &cx, NAME, "one").await;
    assert_eq!(check(&world.services, &cx).await, []);
}

#[tokio::test]
async fn an_index_without_a_manifest_it_needs_is_found() {
    let (world, cx) = scene().await;
    let child = digest(image("arm64").to_string().as_bytes());
    world
        .damage(&[
            &format!("DELETE FROM tags WHERE manifest_id = (SELECT id FROM manifests WHERE digest = '{child}')"),
            &format!(
                "DELETE FROM manifest_references WHERE manifest_id = (SELECT id FROM manifests WHERE digest = '{child}')"
            ),
            &format!("DELETE FROM manifests WHERE digest = '{child}'"),
        ])
        .await;
    assert_eq!(kinds(&world.services, &cx).await, [ProblemKind::ManifestLacksChild]);
}

#[tokio::test]
async fn parts_written_down_wrong_are_written_down_again() {
    let (world, cx) = scene().await;
    for statement in [
        "DELETE FROM manifest_references WHERE manifest_id = 1 AND position = 1",
        "UPDATE manifest_references SET kind = 3 WHERE manifest_id = 1 AND position = 0",
        "INSERT INTO manifest_references VALUES (1, 7, 2, 'sha256:00', 1)",
    ] {
        world.damage(&[statement]).await;
        assert_eq!(kinds(&world.services, &cx).await, [ProblemKind::ReferencesDiffer], "{statement}");
        repair(&world.services, &cx).await;
        assert_eq!(check(&world.services, &cx).await, []);
    }
}

#[tokio::test]
async fn parts_of_a_missing_manifest_are_found_and_removed() {
    let (world, cx) = scene().await;
    world.damage(&["INSERT INTO manifest_references VALUES (99, 0, 2, 'sha256:00', 1)"]).await;
    assert_eq!(kinds(&world.services, &cx).await, [ProblemKind::ReferencesWithoutManifest]);
    repair(&world.services, &cx).await;
    assert_eq!(check(&world.services, &cx).await, []);
}

#[tokio::test]
async fn a_tag_of_a_missing_manifest_is_found_and_removed() {
    let (world, cx) = scene().await;
    world.damage(&["UPDATE tags SET manifest_id = 99 WHERE name = 'amd64'"]).await;
    assert_eq!(kinds(&world.services, &cx).await, [ProblemKind::TagWithoutManifest]);
    repair(&world.services, &cx).await;
    assert_eq!(check(&world.services, &cx).await, []);
}

#[tokio::test]
async fn a_tag_across_repositories_is_found_and_removed() {
    let (world, cx) = scene().await;
    for column in ["(SELECT id FROM repositories WHERE name = 'library/other')", "99"] {
        let push = push_image(&world.services, &cx, NAME, "moved", "one").await;
        assert_eq!(digest_at(&world.services, &cx, NAME, "moved").await, Some(push.to_string()));
        world.damage(&[&format!("UPDATE tags SET repository_id = {column} WHERE name = 'moved'")]).await;
        assert_eq!(kinds(&world.services, &cx).await, [ProblemKind::TagElsewhere]);
        repair(&world.services, &cx).await;
        assert_eq!(check(&world.services, &cx).await, []);
    }
}

#[tokio::test]
async fn a_row_without_its_parent_is_found() {
    let (world, cx) = scene().await;
    world.damage(&["UPDATE repositories SET project_id = 99 WHERE name = 'library/other'"]).await;
    let found = repair(&world.services, &cx).await;
    assert_eq!((found.len(), found[0].kind), (1, ProblemKind::RowWithoutParent), "{found:?}");
    assert_eq!(found[0].subject, "repositories");
}

#[tokio::test]
async fn a_damaged_database_file_is_found() {
    let (world, cx) = scene().await;
    // An index that is emptied behind the back of its table.
    world
        .damage(&[
            "PRAGMA writable_schema = ON",
            "UPDATE sqlite_master SET sql = 'CREATE INDEX \"idx_tags_manifest\" ON \"tags\" (\"name\")' WHERE name = 'idx_tags_manifest'",
        ])
        .await;
    let (world, cx) = (world.crash().await, cx);
    let found = check(&world.services, &cx).await;
    assert!(!found.is_empty());
    assert!(found.iter().all(|problem| problem.kind == ProblemKind::DatabaseDamaged), "{found:?}");
}

#[tokio::test]
async fn a_check_changes_nothing() {
    let (world, cx) = scene().await;
    world
        .damage(&[
            "UPDATE tags SET manifest_id = 99 WHERE name = 'amd64'",
            "INSERT INTO manifest_references VALUES (99, 0, 2, 'sha256:00', 1)",
        ])
        .await;
    fs::write(file_of(&world, &layer()), b"layer of two").expect("written");
    let first = check(&world.services, &cx).await;
    assert_eq!(first.len(), 3);
    assert_eq!(check(&world.services, &cx).await, first);
}

/// Pushes, moves and deletes images of one repository for some rounds.
async fn churn(services: Services, cx: OpCtx, worker: usize) {
    let name = format!("library/{}", worker % 3);
    for round in 0..12 {
        let seed = format!("{}", (worker + round) % 5);
        push_parts(&services, &cx, &name, &seed).await;
        // Another worker may have removed a part between its push and this one.
        let _ = put(&services, &cx, &name, &format!("t{}", round % 2), &image(&seed)).await;
        if round % 3 == 2 {
            let at = reference(digest(image(&seed).to_string().as_bytes()).as_ref());
            let _ = services.artifacts.delete_manifest(&cx, &repository(&name), &at).await;
            let part = digest(format!("layer of {seed}").as_bytes());
            let _ = services.blobs.delete(&cx, &repository(&name), &part).await;
        }
        let upload = services.uploads.start(&cx, &repository(&name), Algorithm::Sha256).await;
        let id = upload.expect("an upload").to_string();
        let part = services.uploads.append(&cx, &repository(&name), &id, None, body(seed.as_bytes())).await;
        part.expect("taken");
        if round % 2 == 0 {
            services.uploads.cancel(&cx, &repository(&name), &id).await.expect("cancelled");
        } else {
            let whole = digest(seed.as_bytes());
            let done = services.uploads.finish(&cx, &repository(&name), &id, (&whole, None), body(b"")).await;
            done.expect("finished");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn work_under_way_is_no_problem() {
    let (world, cx) = scene().await;
    let work = join_all((0..8).map(|worker| {
        #[expect(clippy::disallowed_methods, reason = "the test joins it")]
        tokio::spawn(churn(world.services.clone(), cx.clone(), worker))
    }));
    // Everything seems old, so that age excuses nothing.
    let how = How { now: cx.now + chrono::Duration::hours(2), ..how(&cx) };
    let mut work = std::pin::pin!(work);
    let mut checks = 0;
    loop {
        let done = futures::FutureExt::now_or_never(&mut work);
        let (_, found) = run(&world.services, how).await;
        // A blob pushed in one request has no row before its bytes are in place.
        let found: Vec<_> = found
            .into_iter()
            .filter(|one| !matches!(one.kind, ProblemKind::OrphanBlob | ProblemKind::OrphanUpload))
            .collect();
        assert_eq!(found, []);
        checks += 1;
        if let Some(done) = done {
            assert!(done.iter().all(Result::is_ok));
            break;
        }
    }
    assert!(checks > 1);
    assert_eq!(run(&world.services, how).await.1, []);
}

fn uuid() -> String {
    storage::UploadId::new().to_string()
}
