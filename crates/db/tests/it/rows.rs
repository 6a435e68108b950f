//! Single rows: keys, references, and what goes with what.

use db::{Error, Source, query};
use futures::FutureExt;

use crate::fixture::{Fixture, digest, manifest, number, user};

#[tokio::test]
async fn taken_names_and_addresses_are_refused() {
    let at = Fixture::new().await;
    at.user("ann").await;
    let mut same_address = user("bob");
    same_address.email = Some("ann@example.org".to_owned());
    for new in [user("ann"), same_address] {
        let done: Result<i64, Error> =
            at.db.write(move |tx| async move { query::user::insert(tx, new).await }.boxed()).await;
        assert!(matches!(done, Err(Error::AlreadyExists(_))), "{done:?}");
    }
}

#[tokio::test]
async fn any_number_of_users_may_have_no_address() {
    let at = Fixture::new().await;
    for name in ["ann", "bob"] {
        let new = query::user::NewUser { email: None, ..user(name) };
        at.write(move |tx| async move { query::user::insert(tx, new).await }.boxed()).await;
    }
}

#[tokio::test]
async fn user_is_found_by_name_before_address() {
    let at = Fixture::new().await;
    let ann = at.user("ann").await;
    let twin = at.user("ann@example.org").await;
    let login = |text: &'static str| {
        let db = at.db.clone();
        async move { query::user::find_by_login(&db, text).await.expect("a query").map(|row| row.id) }
    };
    assert_eq!(login("ann").await, Some(ann));
    assert_eq!(login("ann@example.org").await, Some(twin));
    assert_eq!(login("ann@example.org@example.org").await, Some(twin));
    assert_eq!(login("example.org").await, None);
}

#[tokio::test]
async fn deleted_user_frees_name_and_address_and_is_not_found() {
    let at = Fixture::new().await;
    let first = at.user("ann").await;
    at.write(move |tx| {
        async move {
            let row = query::user::find(tx, first).await?.expect("ann");
            query::user::delete(tx, &row, 2).await
        }
        .boxed()
    })
    .await;
    assert!(query::user::find(&at.db, first).await.expect("a query").is_none());
    assert!(query::user::find_by_login(&at.db, "ann").await.expect("a query").is_none());
    assert!(query::user::any(&at.db).await.expect("a query"), "the first start does not come again");
    let second = at.user("ann").await;
    assert_ne!(first, second);
}

#[tokio::test]
async fn what_refers_to_nothing_is_refused() {
    let at = Fixture::new().await;
    let done: Result<i64, Error> = at
        .db
        .write(|tx| async move { query::project::insert(tx, "p".to_owned(), 9, false, 1).await }.boxed())
        .await;
    assert!(matches!(done, Err(Error::Referenced(_))), "{done:?}");
    let ann = at.user("ann").await;
    let project = at.project("p", ann, false).await;
    let repository = at.repository("p/web", project).await;
    let done: Result<(), Error> = at
        .db
        .write(move |tx| async move { query::blob::link(tx, repository, &digest('a'), 1).await }.boxed())
        .await;
    assert!(matches!(done, Err(Error::Referenced(_))), "{done:?}");
}

#[tokio::test]
async fn changing_a_row_that_is_gone_is_told_as_such() {
    let at = Fixture::new().await;
    let role: Result<(), Error> =
        at.db.write(|tx| async move { query::member::set_role(tx, 7, 2, 1).await }.boxed()).await;
    assert!(matches!(role, Err(Error::Referenced(_))), "{role:?}");
    let public: Result<(), Error> =
        at.db.write(|tx| async move { query::project::set_public(tx, 7, true, 1).await }.boxed()).await;
    assert!(matches!(public, Err(Error::Referenced(_))), "{public:?}");
}

#[tokio::test]
async fn project_takes_its_rows_with_it_and_leaves_blobs() {
    let at = Fixture::new().await;
    let ann = at.user("ann").await;
    let project = at.project("p", ann, false).await;
    let repository = at.repository("p/web", project).await;
    let id = at.manifest(repository, manifest('a', &['b', 'c']), 1).await;
    at.tag(repository, "v1", id, 1).await;
    at.write(move |tx| {
        async move {
            query::member::insert(tx, project, ann, 1, 1).await?;
            query::blob::put(tx, &digest('d'), (4, "d"), 1).await?;
            query::blob::link(tx, repository, &digest('d'), 1).await?;
            let row = query::upload::Upload {
                id: "00000000-0000-4000-8000-000000000000".to_owned(),
                project_id: project,
                repository: "p/web".to_owned(),
                owner: "ann".to_owned(),
                offset_bytes: 0,
                hash_state: vec![1],
                created_at: 1,
                updated_at: 1,
                store_state: None,
            };
            query::upload::insert(tx, row).await?;
            query::project::delete(tx, project).await
        }
        .boxed()
    })
    .await;
    for table in
        ["members", "repositories", "repository_blobs", "manifests", "manifest_references", "tags", "uploads"]
    {
        assert_eq!(number(at.db.conn(), &format!("SELECT count(*) FROM {table}")).await, 0, "{table}");
    }
    assert_eq!(number(at.db.conn(), "SELECT count(*) FROM blobs").await, 1);
}

#[tokio::test]
async fn manifest_pushed_again_keeps_its_id_and_takes_the_new_time() {
    let at = Fixture::new().await;
    let ann = at.user("ann").await;
    let project = at.project("p", ann, false).await;
    let repository = at.repository("p/web", project).await;
    let first = at.manifest(repository, manifest('a', &['b']), 1).await;
    let second = at.manifest(repository, manifest('a', &['b']), 5).await;
    assert_eq!(first, second);
    let found = query::manifest::find(&at.db, "p/web", &digest('a')).await.expect("a query").expect("a row");
    assert_eq!(found.pushed_at, 5);
    assert_eq!(number(at.db.conn(), "SELECT count(*) FROM manifest_references").await, 1);
}

#[tokio::test]
async fn digests_are_looked_up_in_any_number() {
    let at = Fixture::new().await;
    let ann = at.user("ann").await;
    let project = at.project("p", ann, false).await;
    let repository = at.repository("p/web", project).await;
    let id = at.manifest(repository, manifest('a', &[]), 1).await;
    at.write(move |tx| {
        async move {
            query::blob::put(tx, &digest('a'), (4, "a"), 1).await?;
            query::blob::link(tx, repository, &digest('a'), 1).await
        }
        .boxed()
    })
    .await;
    let mut many: Vec<String> = (0..40_000).map(|n| format!("sha256:{n:064x}")).collect();
    many.extend([digest('a'), digest('a')]);
    let linked = query::blob::linked(&at.db, repository, many.clone()).await.expect("an answer");
    assert_eq!(linked, [digest('a')]);
    let known = query::manifest::ids(&at.db, repository, many.clone()).await.expect("an answer");
    assert_eq!(known, [(digest('a'), id)]);
    assert_eq!(query::manifest::total_of(&at.db, repository, many).await.expect("an answer"), 10);
}

#[tokio::test]
async fn upload_advances_only_from_where_it_is() {
    let at = Fixture::new().await;
    let ann = at.user("ann").await;
    let project = at.project("p", ann, false).await;
    let id = "00000000-0000-4000-8000-000000000000";
    let row = query::upload::Upload {
        id: id.to_owned(),
        project_id: project,
        repository: "p/web".to_owned(),
        owner: "ann".to_owned(),
        offset_bytes: 0,
        hash_state: vec![1],
        created_at: 1,
        updated_at: 1,
        store_state: None,
    };
    at.write(move |tx| async move { query::upload::insert(tx, row).await }.boxed()).await;
    let advance = |from, to| {
        at.db.write(move |tx| query::upload::advance(tx, id, (from, to), (vec![2], Vec::new()), 2).boxed())
    };
    assert_eq!(advance(0, 10).await.ok(), Some(true));
    assert_eq!(advance(0, 10).await.ok(), Some(false));
    let found = query::upload::find(&at.db, id).await.expect("a query").expect("a row");
    assert_eq!((found.offset_bytes, found.hash_state), (10, vec![2]));
}

fn session(id: &str, expires_at: i64) -> query::session::Session {
    query::session::Session {
        id: id.to_owned(),
        data: vec![1],
        expires_at,
        user_id: Some(1),
        credential_version: Some(1),
        address: None,
        client: None,
        created_at: Some(1),
        used_at: Some(1),
    }
}

#[tokio::test]
async fn session_that_was_removed_does_not_come_back_when_it_is_saved() {
    let at = Fixture::new().await;
    at.write(|tx| async move { query::session::insert(tx, session("s", 10)).await }.boxed()).await;
    at.write(|tx| async move { query::session::delete(tx, "s").await }.boxed()).await;
    at.write(|tx| async move { query::session::save(tx, session("s", 20)).await }.boxed()).await;
    assert_eq!(number(at.db.conn(), "SELECT count(*) FROM sessions").await, 0);
}

#[tokio::test]
async fn session_is_found_until_it_ends() {
    let at = Fixture::new().await;
    let row = |expires_at| session("s", expires_at);
    at.write(move |tx| async move { query::session::insert(tx, row(10)).await }.boxed()).await;
    let taken: Result<(), Error> =
        at.db.write(move |tx| async move { query::session::insert(tx, row(99)).await }.boxed()).await;
    assert!(matches!(taken, Err(Error::AlreadyExists(_))), "{taken:?}");
    let found = |now| {
        let db = at.db.clone();
        async move { query::session::find(&db, "s", now).await.expect("a query").is_some() }
    };
    assert!(found(9).await);
    assert!(!found(10).await);
    at.write(move |tx| async move { query::session::save(tx, row(20)).await }.boxed()).await;
    assert!(found(10).await);
    at.write(move |tx| async move { query::session::delete_expired(tx, 20).await }.boxed()).await;
    assert_eq!(number(at.db.conn(), "SELECT count(*) FROM sessions").await, 0);
}

#[tokio::test]
async fn last_text_of_a_setting_counts() {
    let at = Fixture::new().await;
    assert_eq!(query::setting::find(&at.db, "key").await.expect("a query"), None);
    for value in ["one", "two"] {
        at.write(move |tx| async move { query::setting::save(tx, "key", value.to_owned(), 2).await }.boxed())
            .await;
        let found = query::setting::find(&at.db, "key").await.expect("a query");
        assert_eq!(found.as_deref(), Some(value));
    }
    assert_eq!(query::setting::find(&at.db, "other").await.expect("a query"), None);
}
