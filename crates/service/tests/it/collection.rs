//! The collection: what goes, what stays, and what happens when others are at work.

use std::{path::Path, sync::Arc};

use futures::future;
use service::{
    Error, OpCtx, Services,
    collection::{Parameters, Report},
    job::{Started, State},
    testing::{ByHand, Rows, World},
};
use types::{digest::Algorithm, oci::media_type};

use crate::util::{
    assert_error, body, descriptor, digest, digest_at, image, pull_blob, push_blob, push_image, put,
    reference, repository,
};

pub const NAME: &str = "library/image";
const OTHER: &str = "library/other";
/// Longer than the grace of two hours.
pub const GRACE: i64 = 2 * 3600 + 1;

/// A world with a clock of its own.
pub struct Scene {
    pub world: World,
    pub hand: Arc<ByHand>,
    admin: OpCtx,
}

impl Scene {
    pub async fn new() -> Self {
        let hand = ByHand::at(World::anonymous().now);
        let clock = hand.clock();
        let world = World::with(|options| options.clock = clock).await;
        let admin = world.admin().await;
        Self { world, hand, admin }
    }

    pub fn services(&self) -> &Services {
        &self.world.services
    }

    pub fn cx(&self) -> OpCtx {
        OpCtx { now: self.hand.now(), ..self.admin.clone() }
    }

    fn parameters(&self) -> Parameters {
        self.services().collection.defaults()
    }

    pub async fn collect(&self) -> Report {
        self.collect_with(self.parameters()).await
    }

    async fn collect_untagged(&self) -> Report {
        self.collect_with(Parameters { delete_untagged: true, ..self.parameters() }).await
    }

    async fn collect_with(&self, parameters: Parameters) -> Report {
        let run = self.services().collection.run_here(parameters, |id| panic!("waits for {id}"));
        run.await.expect("a collection")
    }

    pub async fn push(&self, name: &str, bytes: &[u8]) -> types::digest::Digest {
        push_blob(self.services(), &self.cx(), name, bytes).await
    }

    async fn delete(&self, text: &str) {
        let artifacts = &self.services().artifacts;
        artifacts
            .delete_manifest(&self.cx(), &repository(NAME), &reference(text))
            .await
            .expect("it is deleted");
    }

    pub async fn has(&self, name: &str, bytes: &[u8]) -> bool {
        match pull_blob(self.services(), &self.cx(), name, &digest(bytes)).await {
            Ok(found) => found == bytes,
            Err(Error::NotFound(..)) => false,
            Err(error) => panic!("{error:?}"),
        }
    }
}

/// Files of blobs below the data folder.
fn files(world: &World) -> usize {
    fn count(folder: &Path) -> usize {
        let entries = std::fs::read_dir(folder).expect("a folder");
        entries
            .map(|entry| entry.expect("an entry").path())
            .map(|path| if path.is_dir() { count(&path) } else { 1 })
            .sum()
    }
    count(&world.data().join("storage"))
}

#[tokio::test]
async fn a_blob_that_nothing_needs_goes_after_its_grace_and_not_before() {
    let at = Scene::new().await;
    at.push(NAME, b"nobody needs this").await;
    at.hand.advance(GRACE - 2);
    let early = at.collect().await;
    assert_eq!((early.links.count, early.kept.links), (0, 1));
    at.hand.advance(2);
    let report = at.collect().await;
    assert_eq!((report.links.count, report.blobs.count, report.blobs.bytes), (1, 1, 17));
    assert_eq!((report.removals.count, report.removals.bytes), (1, 17));
    assert_eq!(at.world.rows().await, Rows::default());
    assert_eq!(files(&at.world), 0);
    at.push(NAME, b"nobody needs this").await;
    assert!(at.has(NAME, b"nobody needs this").await, "it can come again");
}

#[tokio::test]
async fn an_image_stays_whole_however_old_it_is() {
    let at = Scene::new().await;
    let pushed = push_image(at.services(), &at.cx(), NAME, "latest", "one").await;
    let before = (at.world.rows().await, files(&at.world));
    for _ in 0..3 {
        at.hand.advance(100 * GRACE);
        let report = at.collect_untagged().await;
        assert_eq!((report.manifests.count, report.links.count, report.blobs.count), (0, 0, 0));
    }
    assert_eq!((at.world.rows().await, files(&at.world)), before);
    assert_eq!(digest_at(at.services(), &at.cx(), NAME, "latest").await, Some(pushed.to_string()));
    assert!(at.has(NAME, b"layer of one").await);
}

#[tokio::test]
async fn a_mount_keeps_a_candidate() {
    let at = Scene::new().await;
    let mounted = at.push(NAME, b"mounted").await;
    at.hand.advance(GRACE - 2);
    let (from, to) = (repository(NAME), repository(OTHER));
    let done = at.services().uploads.mount(&at.cx(), &to, &mounted, Some(&from)).await;
    assert!(done.expect("an answer"));
    at.hand.advance(3);
    let report = at.collect().await;
    assert_eq!((report.links.count, report.blobs.count), (1, 0), "the link of the source is over");
    assert!(at.has(OTHER, b"mounted").await);
    assert!(!at.has(NAME, b"mounted").await);
    let again = at.services().uploads.mount(&at.cx(), &from, &mounted, Some(&to)).await;
    assert!(again.expect("an answer"));
}

#[tokio::test]
async fn a_push_of_the_same_bytes_revives_a_candidate() {
    let at = Scene::new().await;
    at.push(NAME, b"again").await;
    at.hand.advance(GRACE - 2);
    at.push(NAME, b"again").await;
    at.hand.advance(GRACE - 2);
    assert_eq!(at.collect().await.links.count, 0);
    assert!(at.has(NAME, b"again").await);
    assert_eq!(files(&at.world), 1, "the first copy is gone");
}

#[tokio::test]
async fn what_another_manifest_needs_stays_though_it_is_marked() {
    let at = Scene::new().await;
    let first = push_image(at.services(), &at.cx(), NAME, "a", "shared").await;
    let mut second = image("shared");
    second["annotations"] = serde_json::json!({ "which": "second" });
    put(at.services(), &at.cx(), NAME, "b", &second).await.expect("taken");
    at.delete(first.as_ref()).await;
    at.hand.advance(GRACE);
    let report = at.collect().await;
    assert_eq!((report.needed, report.links.count), (2, 0), "config and layer are unmarked");
    assert_eq!(at.collect().await.needed, 0);
    assert!(at.has(NAME, b"layer of shared").await);
    at.delete(digest(second.to_string().as_bytes()).as_ref()).await;
    at.hand.advance(GRACE);
    assert_eq!(at.collect().await.blobs.count, 2, "the second deletion marked them again");
    assert_eq!(files(&at.world), 0);
}

#[tokio::test]
async fn uploads_that_nobody_writes_to_end_with_their_bytes() {
    let at = Scene::new().await;
    let uploads = &at.services().uploads;
    let mut ids = Vec::new();
    for bytes in [b"abc".as_slice(), b"", b"defg"] {
        let id = uploads.start(&at.cx(), &repository(NAME), Algorithm::Sha256).await.expect("an upload");
        if !bytes.is_empty() {
            uploads
                .append(&at.cx(), &repository(NAME), &id.to_string(), None, body(bytes))
                .await
                .expect("taken");
        }
        ids.push(id.to_string());
    }
    at.hand.advance(86_399);
    uploads.append(&at.cx(), &repository(NAME), &ids[2], None, body(b"hi")).await.expect("taken");
    assert_eq!(at.collect().await.uploads.count, 0);
    at.hand.advance(2);
    let report = at.collect().await;
    assert_eq!((report.uploads.count, report.uploads.bytes), (2, 3));
    assert_eq!((at.world.rows().await.uploads, files(&at.world)), (1, 1));
    let whole = digest(b"defghi");
    uploads.finish(&at.cx(), &repository(NAME), &ids[2], (&whole, None), body(b"")).await.expect("finished");
}

#[tokio::test]
async fn manifests_without_a_tag_go_only_where_that_is_asked_for() {
    let at = Scene::new().await;
    let old = push_image(at.services(), &at.cx(), NAME, "latest", "old").await;
    push_image(at.services(), &at.cx(), NAME, "latest", "new").await;
    at.hand.advance(GRACE);
    assert_eq!(at.collect().await.manifests.count, 0);
    let report = at.collect_untagged().await;
    assert_eq!((report.manifests.count, report.links.count), (1, 0), "its blobs have a grace of their own");
    assert_eq!(digest_at(at.services(), &at.cx(), NAME, old.as_ref()).await, None);
    at.hand.advance(GRACE);
    assert_eq!(at.collect_untagged().await.blobs.count, 2);
    assert!(at.has(NAME, b"layer of new").await);
    let said = World::said(at.services(), 2).await;
    assert!(said.iter().any(|line| line == "Removed 1 manifests, 0 bytes"), "{said:?}");
    let audit = at.world.audit_of("job-2").await;
    let seen: Vec<_> = audit.iter().map(|row| (row.actor.as_str(), row.operation.as_str())).collect();
    assert_eq!(seen, [("collection", "delete")]);
    assert_eq!(audit[0].resource, format!("{NAME}@{old}"));
}

#[tokio::test]
async fn children_of_an_index_and_manifests_about_another_stay_with_it() {
    let at = Scene::new().await;
    let child = push_image(at.services(), &at.cx(), NAME, "child", "child").await;
    let index = serde_json::json!({
        "schemaVersion": 2,
        "mediaType": media_type::OCI_INDEX,
        "manifests": [descriptor(media_type::OCI_MANIFEST, &child, image("child").to_string().len())],
    });
    let index = put(at.services(), &at.cx(), NAME, "index", &index).await.expect("taken");
    let mut about = image("child");
    about["subject"] = descriptor(media_type::OCI_INDEX, &index, 1);
    let about = put(at.services(), &at.cx(), NAME, digest(about.to_string().as_bytes()).as_ref(), &about)
        .await
        .expect("taken");
    at.delete("child").await;
    at.hand.advance(GRACE);
    assert_eq!(at.collect_untagged().await.manifests.count, 0);
    at.delete(index.as_ref()).await;
    at.hand.advance(GRACE);
    assert_eq!(at.collect_untagged().await.manifests.count, 2);
    at.hand.advance(GRACE);
    assert_eq!(at.collect_untagged().await.blobs.count, 2);
    assert_eq!(digest_at(at.services(), &at.cx(), NAME, about.as_ref()).await, None);
    assert_eq!((at.world.rows().await, files(&at.world)), (Rows::default(), 0));
}

#[tokio::test]
async fn a_deleted_repository_leaves_its_blobs_to_the_collection() {
    let at = Scene::new().await;
    push_image(at.services(), &at.cx(), NAME, "latest", "one").await;
    push_image(at.services(), &at.cx(), OTHER, "latest", "one").await;
    at.services().repositories.delete(&at.cx(), &repository(NAME)).await.expect("deleted");
    at.hand.advance(GRACE);
    assert_eq!(at.collect().await.blobs.count, 0);
    at.services().repositories.delete(&at.cx(), &repository(OTHER)).await.expect("deleted");
    at.hand.advance(GRACE);
    assert_eq!(at.collect().await.blobs.count, 2);
    assert_eq!((at.world.rows().await, files(&at.world)), (Rows::default(), 0));
}

#[tokio::test]
async fn no_jump_of_the_clock_makes_a_young_blob_old() {
    let at = Scene::new().await;
    at.push(NAME, b"before").await;
    at.hand.jump(10 * GRACE);
    assert_eq!(at.collect().await.links.count, 0, "forward");
    at.hand.jump(-20 * GRACE);
    at.push(NAME, b"meanwhile").await;
    at.hand.jump(10 * GRACE);
    assert_eq!(at.collect().await.links.count, 0, "back, and right again");
    at.hand.advance(GRACE);
    assert_eq!(at.collect().await.blobs.count, 2);
}

#[tokio::test]
async fn a_preview_says_what_a_collection_then_does() {
    let at = Scene::new().await;
    push_image(at.services(), &at.cx(), NAME, "latest", "old").await;
    push_image(at.services(), &at.cx(), NAME, "latest", "new").await;
    at.push(NAME, b"loose").await;
    at.push(OTHER, b"loose").await;
    at.push(OTHER, b"young in another place").await;
    let started = at.services().uploads.start(&at.cx(), &repository(NAME), Algorithm::Sha256).await;
    started.expect("an upload");
    at.hand.advance(86_401);
    at.push(NAME, b"young in another place").await;
    at.push(NAME, b"young").await;
    let parameters = Parameters { delete_untagged: true, ..at.parameters() };
    let before = (at.world.rows().await, files(&at.world));
    let seen = at.services().collection.preview(&at.cx(), parameters).await.expect("a preview");
    assert_eq!((at.world.rows().await, files(&at.world)), before, "nothing changed");
    let done = at.collect_with(parameters).await;
    assert_eq!(
        (seen.uploads, seen.manifests, seen.links, seen.blobs),
        (done.uploads, done.manifests, done.links, done.blobs)
    );
    assert_eq!((done.uploads.count, done.manifests.count, done.links.count, done.blobs.count), (1, 1, 3, 1));
    let listed: Vec<_> = seen.items.iter().map(|item| item.kind).collect();
    assert_eq!(listed, ["upload", "manifest", "link", "link", "link", "blob", "removal", "removal"]);
}

#[tokio::test]
async fn two_collections_at_once_are_one_after_the_other() {
    let at = Scene::new().await;
    for number in 0..450 {
        at.push(NAME, format!("blob {number}").as_bytes()).await;
    }
    at.hand.advance(GRACE);
    let other = at.world.neighbour().await;
    let parameters = at.parameters();
    let mut waits = [Vec::new(), Vec::new()];
    let [first, second] = &mut waits;
    let (one, two) = future::join(
        at.services().collection.run_here(parameters, |id| first.push(id)),
        other.collection.run_here(parameters, |id| second.push(id)),
    )
    .await;
    let (one, two) = (one.expect("a collection"), two.expect("a collection"));
    let mut counts = [one.blobs.count, two.blobs.count];
    counts.sort_unstable();
    assert_eq!(counts, [0, 450]);
    assert_eq!(one.removals.count + two.removals.count, 450);
    assert_eq!(waits.concat().len(), 1, "one waited for the other");
    assert_eq!((at.world.rows().await, files(&at.world)), (Rows::default(), 0));
}

#[tokio::test]
async fn a_collection_goes_on_where_a_crash_broke_it_off() {
    let at = Scene::new().await;
    for number in 0..450 {
        at.push(NAME, format!("blob {number}").as_bytes()).await;
    }
    at.hand.advance(GRACE);
    let parameters = Parameters { pause_ms: 100, ..at.parameters() };
    let started = at.services().collection.start(&at.cx(), parameters).await.expect("an answer");
    let Started::New(id) = started else { panic!("{started:?}") };
    World::work_for_real(at.services());
    let begun = World::wait_for(at.services(), id, |job| job.progress.is_some()).await;
    begun.expect("the first step is done");
    let Scene { world, hand, admin } = at;
    let at = Scene { world: world.crash().await, hand, admin };
    let left = at.world.rows().await;
    assert!(left.links < 450 && left.blobs > 0, "{left:?}");
    at.hand.advance(31);
    World::work_for_real(at.services());
    let job = World::over(at.services(), id).await;
    assert_eq!((job.state, job.attempts), (State::Succeeded, 2));
    assert_eq!((at.world.rows().await, files(&at.world)), (Rows::default(), 0));
}

#[tokio::test]
async fn a_collection_that_is_stopped_leaves_the_rest() {
    let at = Scene::new().await;
    for number in 0..250 {
        at.push(NAME, format!("blob {number}").as_bytes()).await;
    }
    at.hand.advance(GRACE);
    let parameters = Parameters { pause_ms: 600_000, ..at.parameters() };
    let started = at.services().collection.start(&at.cx(), parameters).await.expect("an answer");
    let Started::New(id) = started else { panic!("{started:?}") };
    assert_eq!(
        at.services().collection.start(&at.cx(), parameters).await.expect("an answer"),
        Started::Open(id)
    );
    World::work_for_real(at.services());
    while at.world.rows().await.links == 250 {
        tokio::task::yield_now().await;
    }
    at.services().jobs.cancel(&at.cx(), id).await.expect("it is asked to stop");
    assert_eq!(World::over(at.services(), id).await.state, State::Cancelled);
    assert_eq!(at.world.rows().await.links, 50);
}

#[tokio::test]
async fn a_collection_begins_by_itself_in_its_interval() {
    let at = Scene::new().await;
    at.push(NAME, b"nobody needs this").await;
    at.hand.advance(GRACE);
    World::work_for_real(at.services());
    let first = World::wait_until_there(at.services(), "collection", 1).await;
    World::over(at.services(), first).await;
    assert_eq!(at.world.rows().await, Rows::default());
    at.hand.advance(3599);
    assert_eq!(World::jobs_of(at.services(), "collection").await, [first]);
    at.hand.advance(2);
    let second = World::wait_until_there(at.services(), "collection", 2).await;
    assert_ne!(first, second);
}

#[tokio::test]
async fn collections_are_for_administrators() {
    let at = Scene::new().await;
    let ann = at.world.user("ann").await;
    let collection = &at.services().collection;
    assert_error!(collection.start(&ann, at.parameters()).await, Error::Forbidden(_));
    assert_error!(collection.preview(&ann, at.parameters()).await, Error::Forbidden(_));
    assert_error!(
        collection.start(&World::anonymous(), at.parameters()).await,
        Error::Unauthenticated { .. }
    );
}
