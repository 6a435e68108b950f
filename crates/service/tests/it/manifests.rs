//! Manifests and tags: all or nothing.

use bytes::Bytes;
use futures::future::join_all;
use service::{Error, Kind, OpCtx, testing::World};
use types::{digest::Algorithm, oci::media_type, page::Page, query::ListQuery};

use crate::util::{
    assert_error, descriptor, digest, digest_at, digest_by, image, push_blob, push_image, push_parts, put,
    reference, repository,
};

const NAME: &str = "library/image";

async fn world() -> (World, OpCtx) {
    let world = World::new().await;
    let cx = world.admin().await;
    (world, cx)
}

/// An index of images that were pushed by digest.
async fn push_children(world: &World, cx: &OpCtx, seeds: &[&str]) -> serde_json::Value {
    let mut children = Vec::new();
    for seed in seeds {
        push_parts(&world.services, cx, NAME, seed).await;
        let child = image(seed);
        let name = digest(child.to_string().as_bytes());
        put(&world.services, cx, NAME, name.as_str(), &child).await.expect("the child is taken");
        children.push(descriptor(media_type::OCI_MANIFEST, &name, child.to_string().len()));
    }
    serde_json::json!({ "schemaVersion": 2, "mediaType": media_type::OCI_INDEX, "manifests": children })
}

#[tokio::test]
async fn manifest_comes_back_byte_for_byte() {
    let (world, cx) = world().await;
    push_parts(&world.services, &cx, NAME, "one").await;
    let bytes = Bytes::from(format!("{}\n\n ", serde_json::to_string_pretty(&image("one")).expect("JSON")));
    let pushed = world
        .services
        .artifacts
        .put_manifest(&cx, &repository(NAME), &reference("v1"), (None, bytes.clone()))
        .await
        .expect("taken");
    assert_eq!(pushed.digest, digest(&bytes));
    for at in ["v1", pushed.digest.as_str()] {
        let stored =
            world.services.artifacts.get_manifest(&cx, &repository(NAME), &reference(at), true).await;
        let stored = stored.expect("there");
        assert_eq!(
            (stored.content.clone(), stored.media_type.as_str()),
            (bytes.clone(), media_type::OCI_MANIFEST)
        );
    }
}

#[tokio::test]
async fn manifest_whose_parts_are_missing_leaves_nothing_behind() {
    let (world, cx) = world().await;
    let manifest = image("one");
    let own = digest(manifest.to_string().as_bytes());
    for at in ["v1", own.as_str()] {
        let refused = put(&world.services, &cx, NAME, at, &manifest).await;
        assert_error!(refused, Error::MissingReference(_));
    }
    push_blob(&world.services, &cx, NAME, b"layer of one").await;
    let refused = put(&world.services, &cx, NAME, "v1", &manifest).await;
    assert_error!(refused, Error::MissingReference(missing) if missing.as_str() == manifest["config"]["digest"]);
    push_parts(&world.services, &cx, "library/elsewhere", "one").await;
    let refused = put(&world.services, &cx, NAME, "v1", &manifest).await;
    assert_error!(refused, Error::MissingReference(_));

    let services = &world.services;
    let listed = services.repositories.list(&cx, "library", &ListQuery::default()).await.expect("a list");
    assert_eq!(listed.total, 0);
    assert!(services.artifacts.list_catalog(&cx, (None, 9)).await.expect("names").0.is_empty());
    let tags = services.artifacts.list_tags(&cx, &repository(NAME), (None, 9)).await;
    assert_error!(tags, Error::NotFound(Kind::Repository, _));
    assert_eq!(digest_at(services, &cx, NAME, own.as_str()).await, None);
}

#[tokio::test]
async fn index_whose_children_are_missing_is_refused() {
    let (world, cx) = world().await;
    let mut index = push_children(&world, &cx, &["one"]).await;
    let missing = descriptor(media_type::OCI_MANIFEST, &digest(b"missing"), 7);
    index["manifests"].as_array_mut().expect("a list").push(missing);
    let refused = put(&world.services, &cx, NAME, "multi", &index).await;
    assert_error!(refused, Error::MissingReference(name) if name == digest(b"missing"));
    assert_eq!(digest_at(&world.services, &cx, NAME, "multi").await, None);
}

#[tokio::test]
async fn sparse_manifests_are_an_option() {
    let world = World::with(|options| options.sparse_manifests = true).await;
    let cx = world.admin().await;
    put(&world.services, &cx, NAME, "v1", &image("one")).await.expect("taken");
}

#[tokio::test]
async fn layers_that_are_never_distributed_need_not_be_there() {
    let (world, cx) = world().await;
    push_parts(&world.services, &cx, NAME, "one").await;
    let mut manifest = image("one");
    let foreign = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip";
    manifest["layers"].as_array_mut().expect("a list").push(descriptor(foreign, &digest(b"far"), 3));
    put(&world.services, &cx, NAME, "v1", &manifest).await.expect("taken");
}

#[tokio::test]
async fn bad_manifests_are_refused_each_with_its_reason() {
    let (world, cx) = world().await;
    let put = |at: String, content_type: Option<&'static str>, content: Vec<u8>| {
        let (artifacts, cx) = (world.services.artifacts.clone(), cx.clone());
        async move {
            let name = repository(NAME);
            artifacts.put_manifest(&cx, &name, &reference(&at), (content_type, content.into())).await
        }
    };
    for content in [b"".to_vec(), b"{".to_vec(), b"[]".to_vec(), b"{}".to_vec(), vec![0xff; 10]] {
        assert_error!(put("v1".to_owned(), None, content).await, Error::InvalidManifest(_));
    }
    let good = image("one").to_string();
    let wrong_type = put("v1".to_owned(), Some("text/plain"), good.clone().into()).await;
    assert_error!(wrong_type, Error::InvalidManifest(_));
    let wrong_digest = put(digest(b"else").to_string(), None, good.into()).await;
    assert_error!(wrong_digest, Error::DigestMismatch { .. });
    let limit = 4 * 1024 * 1024;
    assert_error!(put("v1".to_owned(), None, vec![b' '; limit + 1]).await, Error::TooLarge { .. });
    assert_error!(put("v1".to_owned(), None, vec![b' '; limit]).await, Error::InvalidManifest(_));
}

#[tokio::test]
async fn manifest_of_as_many_layers_as_fit_is_decided_soon() {
    let (world, cx) = world().await;
    push_parts(&world.services, &cx, NAME, "one").await;
    let mut manifest = image("one");
    let layers =
        (0..28_000).map(|n| descriptor("l", &format!("sha256:{n:064x}").parse().expect("a digest"), 1));
    manifest["layers"] = layers.collect();
    let refused = put(&world.services, &cx, NAME, "v1", &manifest).await;
    assert_error!(refused, Error::MissingReference(_));
    let one = manifest["layers"][0].clone();
    push_blob(&world.services, &cx, NAME, b"x").await;
    let mut same = image("one");
    same["layers"] = std::iter::repeat_n(descriptor("l", &digest(b"x"), 1), 28_000).collect();
    assert_ne!(one, same["layers"][0]);
    put(&world.services, &cx, NAME, "v1", &same).await.expect("taken");
}

#[tokio::test]
async fn tag_moves_and_the_manifest_before_stays() {
    let (world, cx) = world().await;
    let first = push_image(&world.services, &cx, NAME, "latest", "one").await;
    let second = push_image(&world.services, &cx, NAME, "latest", "two").await;
    assert_eq!(digest_at(&world.services, &cx, NAME, "latest").await, Some(second.to_string()));
    assert_eq!(digest_at(&world.services, &cx, NAME, first.as_str()).await, Some(first.to_string()));
    let (tags, has_more) =
        world.services.artifacts.list_tags(&cx, &repository(NAME), (None, 9)).await.expect("tags");
    assert_eq!((tags, has_more), (vec!["latest".to_owned()], false));
}

#[tokio::test(flavor = "multi_thread")]
async fn racing_pushes_to_one_tag_end_in_one_of_them_and_lose_none() {
    let (world, cx) = world().await;
    let seeds: Vec<String> = (0..20).map(|n| format!("seed {n}")).collect();
    for seed in &seeds {
        push_parts(&world.services, &cx, NAME, seed).await;
    }
    let manifests: Vec<_> = seeds.iter().map(|seed| image(seed)).collect();
    let pushes = manifests.iter().map(|manifest| put(&world.services, &cx, NAME, "latest", manifest));
    let pushed: Vec<_> =
        join_all(pushes).await.into_iter().map(|done| done.expect("taken").to_string()).collect();
    let at = digest_at(&world.services, &cx, NAME, "latest").await.expect("a tag");
    assert!(pushed.contains(&at));
    for digest in &pushed {
        assert_eq!(digest_at(&world.services, &cx, NAME, digest).await.as_ref(), Some(digest));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_of_a_tag_that_moves_see_one_whole_manifest_or_the_other() {
    let (world, cx) = world().await;
    push_image(&world.services, &cx, NAME, "latest", "one").await;
    push_parts(&world.services, &cx, NAME, "two").await;
    let (one, two) = (image("one"), image("two"));
    let write = async {
        for turn in 0..100 {
            let next = if turn % 2 == 0 { &two } else { &one };
            put(&world.services, &cx, NAME, "latest", next).await.expect("taken");
        }
    };
    let (name, latest) = (repository(NAME), reference("latest"));
    let read = async {
        for _ in 0..300 {
            let stored =
                world.services.artifacts.get_manifest(&cx, &name, &latest, true).await.expect("there");
            assert_eq!(stored.digest, digest(&stored.content).to_string());
        }
    };
    futures::join!(write, read);
}

#[tokio::test]
async fn push_again_is_the_same_push() {
    let (world, cx) = world().await;
    let first = push_image(&world.services, &cx, NAME, "v1", "one").await;
    let second = push_image(&world.services, &cx, NAME, "v1", "one").await;
    assert_eq!(first, second);
    let artifacts = world.services.artifacts.list(&cx, &repository(NAME), &ListQuery::default(), true).await;
    let artifacts = artifacts.expect("a list");
    assert_eq!(artifacts.total, 1);
    assert_eq!(artifacts.items[0].tags.as_ref().map(Vec::len), Some(1));
}

#[tokio::test]
async fn long_digest_names_the_same_manifest_beside_the_short_one() {
    let (world, cx) = world().await;
    push_parts(&world.services, &cx, NAME, "one").await;
    let manifest = image("one");
    let long = digest_by(Algorithm::Sha512, manifest.to_string().as_bytes());
    put(&world.services, &cx, NAME, long.as_str(), &manifest).await.expect("taken");
    assert_eq!(digest_at(&world.services, &cx, NAME, long.as_str()).await, Some(long.to_string()));
}

#[tokio::test]
async fn child_of_an_index_is_deleted_after_it_only() {
    let (world, cx) = world().await;
    let index = push_children(&world, &cx, &["one", "two"]).await;
    let parent = put(&world.services, &cx, NAME, "multi", &index).await.expect("taken");
    let child = reference(index["manifests"][0]["digest"].as_str().expect("a digest"));
    let (name, artifacts) = (repository(NAME), &world.services.artifacts);
    assert_error!(artifacts.delete_manifest(&cx, &name, &child).await, Error::Precondition(_));
    assert_error!(artifacts.delete(&cx, &name, &child).await, Error::Precondition(_));
    let layer = digest(b"layer of one");
    assert_error!(world.services.blobs.delete(&cx, &name, &layer).await, Error::Precondition(_));
    artifacts
        .delete_manifest(&cx, &name, &parent.to_string().parse().expect("a digest"))
        .await
        .expect("deleted");
    artifacts.delete_manifest(&cx, &name, &child).await.expect("deleted");
    world.services.blobs.delete(&cx, &name, &layer).await.expect("nothing needs it any more");
}

#[tokio::test]
async fn deleting_by_tag_leaves_the_manifest_and_by_digest_takes_its_tags() {
    let (world, cx) = world().await;
    let image = push_image(&world.services, &cx, NAME, "v1", "one").await;
    let (name, artifacts) = (repository(NAME), &world.services.artifacts);
    for tag in ["v2", "v3"] {
        artifacts.create_tag(&cx, &name, &reference("v1"), tag.parse().expect("a tag")).await.expect("made");
    }
    let taken = artifacts.create_tag(&cx, &name, &reference("v1"), "v2".parse().expect("a tag")).await;
    assert_error!(taken, Error::AlreadyExists(_));
    artifacts.delete_manifest(&cx, &name, &reference("v1")).await.expect("deleted");
    assert_eq!(digest_at(&world.services, &cx, NAME, "v1").await, None);
    assert_eq!(digest_at(&world.services, &cx, NAME, "v2").await, Some(image.to_string()));
    assert_error!(artifacts.delete_manifest(&cx, &name, &reference("v1")).await, Error::NotFound(..));
    let by_digest = reference(image.as_str());
    artifacts.delete_manifest(&cx, &name, &by_digest).await.expect("deleted");
    assert_eq!(digest_at(&world.services, &cx, NAME, "v3").await, None);
    assert_error!(
        artifacts.delete_manifest(&cx, &name, &by_digest).await,
        Error::NotFound(Kind::Manifest, _)
    );
    let (tags, _) = artifacts.list_tags(&cx, &name, (None, 9)).await.expect("tags");
    assert!(tags.is_empty());
}

#[tokio::test]
async fn tag_is_deleted_of_its_own_artifact_only() {
    let (world, cx) = world().await;
    push_image(&world.services, &cx, NAME, "v1", "one").await;
    push_image(&world.services, &cx, NAME, "v2", "two").await;
    let (name, artifacts) = (repository(NAME), &world.services.artifacts);
    let v2 = "v2".parse().expect("a tag");
    let other = artifacts.delete_tag(&cx, &name, &reference("v1"), &v2).await;
    assert_error!(other, Error::NotFound(Kind::Tag, _));
    artifacts.delete_tag(&cx, &name, &reference("v2"), &v2).await.expect("deleted");
    assert_eq!(digest_at(&world.services, &cx, NAME, "v2").await, None);
}

#[tokio::test]
async fn manifest_of_another_repository_is_not_there() {
    let (world, cx) = world().await;
    let image = push_image(&world.services, &cx, NAME, "v1", "one").await;
    push_image(&world.services, &cx, "library/other", "v9", "two").await;
    for at in ["v1", image.as_str()] {
        assert_eq!(digest_at(&world.services, &cx, "library/other", at).await, None);
    }
}

#[tokio::test]
async fn tag_lists_are_walked_by_the_last_name() {
    let (world, cx) = world().await;
    push_image(&world.services, &cx, NAME, "a", "one").await;
    for tag in ["d", "b", "c"] {
        put(&world.services, &cx, NAME, tag, &image("one")).await.expect("taken");
    }
    let (name, artifacts) = (repository(NAME), &world.services.artifacts);
    let (cx, name) = (&cx, &name);
    let list = |last: Option<&'static str>, limit| async move {
        artifacts.list_tags(cx, name, (last, limit)).await.expect("tags")
    };
    assert_eq!(list(None, 2).await, (vec!["a".to_owned(), "b".to_owned()], true));
    assert_eq!(list(Some("b"), 2).await, (vec!["c".to_owned(), "d".to_owned()], false));
    assert_eq!(list(None, 0).await, (vec![], false));
    assert!(!list(None, 4).await.1);
    assert_eq!(list(None, u64::MAX).await.0.len(), 4);
}

#[tokio::test]
async fn referrers_are_told_by_their_subject() {
    let (world, cx) = world().await;
    let subject = push_image(&world.services, &cx, NAME, "v1", "one").await;
    push_blob(&world.services, &cx, NAME, b"{}").await;
    push_blob(&world.services, &cx, NAME, b"signature").await;
    let about = |artifact_type: &str, subject: &types::digest::Digest| {
        serde_json::json!({
            "schemaVersion": 2, "mediaType": media_type::OCI_MANIFEST, "artifactType": artifact_type,
            "config": descriptor(media_type::OCI_EMPTY, &digest(b"{}"), 2),
            "layers": [descriptor("application/octet-stream", &digest(b"signature"), 9)],
            "subject": descriptor(media_type::OCI_MANIFEST, subject, 1),
            "annotations": { "made.by": artifact_type },
        })
    };
    let push = |manifest: serde_json::Value| {
        let (services, cx) = (world.services.clone(), cx.clone());
        async move {
            let name = digest(manifest.to_string().as_bytes());
            put(&services, &cx, NAME, name.as_str(), &manifest).await.expect("taken").to_string()
        }
    };
    let signature = push(about("application/signature", &subject)).await;
    let sbom = push(about("application/sbom", &subject)).await;
    let early = push(about("application/early", &digest(b"comes later"))).await;

    let (name, artifacts) = (repository(NAME), &world.services.artifacts);
    let all = artifacts.list_referrers(&cx, &name, &subject, None, (0, 9)).await.expect("referrers");
    let named: Vec<_> = all.manifests.iter().map(|one| one.digest.to_string()).collect();
    assert_eq!((named, all.is_filtered), (vec![signature, sbom.clone()], false));
    assert_eq!(all.manifests[0].artifact_type.as_deref(), Some("application/signature"));
    assert_eq!(all.manifests[0].annotations["made.by"], "application/signature");
    let some = artifacts
        .list_referrers(&cx, &name, &subject, Some("application/sbom"), (0, 9))
        .await
        .expect("referrers");
    assert_eq!((some.manifests.len(), some.is_filtered), (1, true));
    assert_eq!(some.manifests[0].digest.as_str(), sbom);
    let missing =
        artifacts.list_referrers(&cx, &name, &digest(b"comes later"), None, (0, 9)).await.expect("referrers");
    assert_eq!(missing.manifests[0].digest.as_str(), early);
    let none =
        artifacts.list_referrers(&cx, &name, &digest(b"nothing"), None, (0, 9)).await.expect("referrers");
    assert!(none.manifests.is_empty());
    let elsewhere = repository("library/other");
    assert!(
        artifacts
            .list_referrers(&cx, &elsewhere, &subject, None, (0, 9))
            .await
            .expect("referrers")
            .manifests
            .is_empty()
    );
    let listed = artifacts.list(&cx, &name, &ListQuery::default(), true).await.expect("a list");
    assert_eq!(listed.total, 1, "what is about another artifact is none of its own");
}

#[tokio::test]
async fn artifacts_are_shown_with_tags_size_and_children() {
    let (world, cx) = world().await;
    let index = push_children(&world, &cx, &["one", "two"]).await;
    let parent = put(&world.services, &cx, NAME, "multi", &index).await.expect("taken");
    push_image(&world.services, &cx, NAME, "v1", "three").await;
    let query = ListQuery { page: Page::new(1, 10).expect("a page"), ..ListQuery::default() };
    let listed = world.services.artifacts.list(&cx, &repository(NAME), &query, true).await.expect("a list");
    assert_eq!(listed.total, 2);
    let shown = world.services.artifacts.get(&cx, &repository(NAME), &reference("multi"), true).await;
    let shown = shown.expect("shown");
    assert_eq!((shown.digest.as_str(), shown.kind.as_str()), (parent.as_str(), "IMAGE"));
    assert_eq!(shown.references.len(), 2);
    let children: usize = index["manifests"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|child| usize::try_from(child["size"].as_u64().expect("a size")).expect("small"))
        .sum();
    assert!(usize::try_from(shown.size).expect("a size") > index.to_string().len() + children);
    let single =
        world.services.artifacts.get(&cx, &repository(NAME), &reference("v1"), true).await.expect("shown");
    assert_eq!(single.extra_attrs.expect("from the config")["architecture"], "amd64");
    assert_eq!(single.tags.expect("tags")[0].name, "v1");
}

#[tokio::test]
async fn pulls_are_counted_and_survive_closing() {
    let (world, cx) = world().await;
    push_image(&world.services, &cx, NAME, "v1", "one").await;
    for is_pull in [true, true, false] {
        let name = repository(NAME);
        world.services.artifacts.get_manifest(&cx, &name, &reference("v1"), is_pull).await.expect("there");
    }
    world.services.clone().close().await.expect("closes");
    let world = world.crash().await;
    let shown = world.services.repositories.get(&cx, &repository(NAME)).await.expect("shown");
    assert_eq!(shown.pull_count, 2);
    let artifact = world.services.artifacts.get(&cx, &repository(NAME), &reference("v1"), true).await;
    let artifact = artifact.expect("shown");
    assert!(artifact.pull_time.is_some());
    assert!(artifact.tags.expect("tags")[0].pull_time.is_some());
}

#[tokio::test]
async fn deleted_repository_is_gone_whole() {
    let (world, cx) = world().await;
    let image = push_image(&world.services, &cx, NAME, "v1", "one").await;
    let name = repository(NAME);
    world.services.repositories.update(&cx, &name, "A tool".to_owned()).await.expect("described");
    assert_eq!(world.services.repositories.get(&cx, &name).await.expect("shown").description, "A tool");
    world.services.repositories.delete(&cx, &name).await.expect("deleted");
    assert_error!(world.services.repositories.get(&cx, &name).await, Error::NotFound(Kind::Repository, _));
    assert_error!(world.services.repositories.delete(&cx, &name).await, Error::NotFound(Kind::Repository, _));
    assert_eq!(digest_at(&world.services, &cx, NAME, image.as_str()).await, None);
    let blob = world.services.blobs.get(&cx, &name, &digest(b"layer of one")).await;
    assert_error!(blob, Error::NotFound(Kind::Blob, _));
}

#[tokio::test]
async fn manifests_survive_a_crash_right_after_their_answer() {
    let (world, cx) = world().await;
    let image = push_image(&world.services, &cx, NAME, "v1", "one").await;
    let world = world.crash().await;
    assert_eq!(digest_at(&world.services, &cx, NAME, "v1").await, Some(image.to_string()));
    let layer = crate::util::pull_blob(&world.services, &cx, NAME, &digest(b"layer of one")).await;
    assert_eq!(layer.expect("bytes"), b"layer of one");
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_of_a_tag_that_moves_a_thousand_times_see_one_whole_manifest_each_time() {
    let (world, cx) = world().await;
    let seeds = ["one", "two", "three"];
    for seed in seeds {
        push_image(&world.services, &cx, NAME, "moving", seed).await;
    }
    let known = seeds.map(|seed| digest(image(seed).to_string().as_bytes()).to_string());
    let (moved, _) = tokio::sync::watch::channel(0_usize);
    // Each reads once in eight moves, while the next one is under way.
    let read = async |reader: usize| {
        let (at, mut moves, mut reads) = (reference("moving"), moved.subscribe(), 0);
        while *moves.borrow_and_update() < 1_000 {
            moves.changed().await.expect("the writer is there");
            if *moves.borrow() % 8 != reader % 8 {
                continue;
            }
            let stored = world.services.artifacts.get_manifest(&cx, &repository(NAME), &at, true).await;
            let stored = stored.expect("never gone");
            assert_eq!(digest(&stored.content).as_str(), stored.digest);
            assert!(known.contains(&stored.digest), "{}", stored.digest);
            reads += 1;
        }
        reads
    };
    let write = async {
        for (number, seed) in (1..=1_000).zip(seeds.iter().cycle()) {
            let pushed = put(&world.services, &cx, NAME, "moving", &image(seed)).await.expect("taken");
            let there = digest_at(&world.services, &cx, NAME, "moving").await;
            assert_eq!(there.as_deref(), Some(pushed.as_str()), "read after write");
            moved.send_replace(number);
        }
    };
    let (reads, ()) = futures::join!(join_all((0..32).map(read)), write);
    assert!(reads.iter().all(|reads| *reads > 10), "{reads:?}");
}
