//! What is about a manifest: in pages, and as clients without referrers keep it.

use service::{OpCtx, artifact::Referrers, testing::World};
use types::{
    digest::{Algorithm, Digest},
    oci::media_type,
};

use crate::util::{descriptor, digest, digest_by, image, push_blob, push_image, put, repository};

const NAME: &str = "library/image";

async fn world() -> (World, OpCtx) {
    let world = World::new().await;
    let cx = world.admin().await;
    push_blob(&world.services, &cx, NAME, b"{}").await;
    (world, cx)
}

/// Pushes a manifest told apart by a text, about a subject or about none.
async fn push(world: &World, cx: &OpCtx, text: &str, subject: Option<&Digest>) -> Digest {
    let mut manifest = serde_json::json!({
        "schemaVersion": 2, "mediaType": media_type::OCI_MANIFEST, "artifactType": "application/note",
        "config": descriptor(media_type::OCI_EMPTY, &digest(b"{}"), 2), "layers": [],
        "annotations": { "text": text },
    });
    if let Some(subject) = subject {
        manifest["subject"] = descriptor(media_type::OCI_MANIFEST, subject, 1);
    }
    let name = digest(manifest.to_string().as_bytes());
    put(&world.services, cx, NAME, name.as_str(), &manifest).await.expect("taken")
}

async fn list(world: &World, cx: &OpCtx, subject: &Digest, page: (i64, u64)) -> Referrers {
    let artifacts = &world.services.artifacts;
    artifacts.list_referrers(cx, &repository(NAME), subject, None, page).await.expect("referrers")
}

fn digests(listed: &Referrers) -> Vec<Digest> {
    listed.manifests.iter().map(|one| one.digest.clone()).collect()
}

#[tokio::test]
async fn pages_joined_are_all_referrers_in_order() {
    let (world, cx) = world().await;
    let subject = digest(b"subject");
    let mut expected = Vec::new();
    for number in 0..5 {
        expected.push(push(&world, &cx, &number.to_string(), Some(&subject)).await);
    }
    let (mut found, mut after, mut pages) = (Vec::new(), Some(0), 0);
    while let Some(last) = after {
        let page = list(&world, &cx, &subject, (last, 2)).await;
        found.extend(digests(&page));
        after = page.next;
        pages += 1;
    }
    assert_eq!((found, pages), (expected, 3));
}

#[tokio::test]
async fn a_page_ends_before_it_is_too_large_to_be_read() {
    let (world, cx) = world().await;
    let subject = digest(b"subject");
    let long = "x".repeat(3 * 1024 * 1024);
    for number in 0..2 {
        push(&world, &cx, &format!("{number}{long}"), Some(&subject)).await;
    }
    let first = list(&world, &cx, &subject, (0, 9)).await;
    assert_eq!(first.manifests.len(), 1);
    let second = list(&world, &cx, &subject, (first.next.expect("more"), 9)).await;
    assert_eq!((second.manifests.len(), second.next), (1, None));
}

#[tokio::test]
async fn referrers_that_a_client_keeps_in_a_tagged_index_are_listed_once() {
    let (world, cx) = world().await;
    let manifest = image("subject");
    push_image(&world.services, &cx, NAME, "v1", "subject").await;
    for algorithm in [Algorithm::Sha256, Algorithm::Sha512] {
        let subject = digest_by(algorithm, manifest.to_string().as_bytes());
        let name = algorithm.as_str();
        let old = push(&world, &cx, &format!("{name} old"), None).await;
        let both = push(&world, &cx, &format!("{name} both"), Some(&subject)).await;
        let new = push(&world, &cx, &format!("{name} new"), Some(&subject)).await;
        let children: Vec<_> =
            [&old, &both].map(|child| descriptor(media_type::OCI_MANIFEST, child, 1)).into();
        let index = serde_json::json!({
            "schemaVersion": 2, "mediaType": media_type::OCI_INDEX, "manifests": children,
        });
        let tag = format!("{name}-{}", &subject.hex()[..64]);
        put(&world.services, &cx, NAME, &tag, &index).await.expect("taken");
        let listed = list(&world, &cx, &subject, (0, 9)).await;
        assert_eq!(digests(&listed), [old, both, new]);
        assert_eq!(listed.manifests[0].artifact_type.as_deref(), Some("application/note"));
    }
}

#[tokio::test]
async fn what_an_index_lists_and_is_not_here_is_not_listed() {
    let world = World::with(|options| options.sparse_manifests = true).await;
    let cx = world.admin().await;
    let subject = digest(b"subject");
    let index = serde_json::json!({
        "schemaVersion": 2, "mediaType": media_type::OCI_INDEX,
        "manifests": [descriptor(media_type::OCI_MANIFEST, &digest(b"gone"), 1)],
    });
    put(&world.services, &cx, NAME, &format!("sha256-{}", subject.hex()), &index).await.expect("taken");
    assert_eq!(digests(&list(&world, &cx, &subject, (0, 9)).await), []);
}
