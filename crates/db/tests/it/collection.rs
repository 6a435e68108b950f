//! Candidates, and how they are found.

use db::query::{blob, collection, manifest, removal};
use futures::FutureExt;

use crate::fixture::{Fixture, digest, manifest as image, number};

#[tokio::test]
async fn candidates_are_found_by_an_index_and_looked_at_by_others() {
    let at = Fixture::new().await;
    let referred = "EXISTS (SELECT 1 FROM manifest_references r JOIN manifests p ON p.id = r.manifest_id \
                    WHERE r.digest = c.digest AND p.repository_id = c.repository_id)";
    let is_needed = [
        ("repository_blobs", referred.to_owned()),
        ("blobs", "EXISTS (SELECT 1 FROM repository_blobs l WHERE l.digest = c.digest)".to_owned()),
        (
            "manifests",
            format!(
                "EXISTS (SELECT 1 FROM tags t WHERE t.manifest_id = c.id) OR {referred} OR EXISTS (SELECT 1 FROM \
                 manifests p WHERE p.repository_id = c.repository_id AND p.digest = c.subject_digest)"
            ),
        ),
    ];
    for (table, is_needed) in is_needed {
        let sql = format!(
            "SELECT c.digest, {is_needed} FROM {table} c WHERE c.candidate_since < 5 ORDER BY c.candidate_since LIMIT 200"
        );
        let plan = at.plan(&sql).await;
        assert!(plan.contains(&format!("USING INDEX idx_{table}_candidate_since")), "{plan}");
        assert!(!plan.contains("SCAN") && !plan.contains("TEMP B-TREE"), "{plan}");
    }
}

#[tokio::test]
async fn a_look_takes_no_more_than_it_is_told_and_the_oldest_first() {
    let at = Fixture::new().await;
    let ann = at.user("ann").await;
    let project = at.project("p", ann, false).await;
    let repository = at.repository("p/web", project).await;
    at.write(move |tx| {
        async move {
            for (letter, since) in [('a', 3), ('b', 1), ('c', 2), ('d', 9)] {
                blob::put(tx, &digest(letter), (10, &letter.to_string()), 1).await?;
                blob::link(tx, repository, &digest(letter), since).await?;
            }
            let look = collection::remove_links(tx, 9, 2).await?;
            assert_eq!((look.seen, look.removed), (2, 2));
            let left = blob::linked(tx, repository, ['a', 'b', 'c', 'd'].map(digest).to_vec()).await?;
            assert_eq!(left, [digest('a'), digest('d')]);
            let gone = collection::remove_blobs(tx, 9, 10, 20).await?;
            assert_eq!((gone.seen, gone.removed, gone.bytes), (2, 2, 20));
            let removals = removal::list(tx, "", 10).await?;
            assert_eq!(removals.iter().map(|row| row.location.as_str()).collect::<Vec<_>>(), ["b", "c"]);
            assert_eq!(removal::list(tx, "b", 10).await?.len(), 1);
            Ok(())
        }
        .boxed()
    })
    .await;
    assert_eq!(collection::kept(&at.db, 9).await.expect("counts"), (0, 1, 0));
}

#[tokio::test]
async fn what_loses_its_need_begins_its_time_then_though_it_was_marked() {
    let at = Fixture::new().await;
    let ann = at.user("ann").await;
    let project = at.project("p", ann, false).await;
    let repository = at.repository("p/web", project).await;
    let child = at.manifest(repository, image('c', &[]), 5).await;
    let parent = at.manifest(repository, image('p', &['c']), 6).await;
    at.write(move |tx| {
        async move { manifest::delete(tx, (parent, repository, &digest('p')), 50).await }.boxed()
    })
    .await;
    let sql = format!("SELECT candidate_since FROM manifests WHERE id = {child}");
    assert_eq!(number(db::Source::conn(&at.db), &sql).await, 50);
    let (look, gone) =
        at.write(|tx| async move { collection::remove_manifests(tx, 51, 10, 60).await }.boxed()).await;
    assert_eq!((look.removed, gone[0].digest.as_str()), (1, digest('c').as_str()));
}
