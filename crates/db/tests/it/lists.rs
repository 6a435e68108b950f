//! Lists: which rows, in which order, on which page.

use db::query::{
    self,
    project::{Narrow, Visible},
};
use futures::FutureExt;
use types::{
    page::{Listed, Page},
    query::ListQuery,
};

use crate::fixture::{Fixture, digest, manifest};

fn ask(q: &str, sort: &str) -> ListQuery {
    let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    ListQuery::parse(None, Some(100), text(q).as_deref(), text(sort).as_deref()).expect("a query")
}

fn page(number: u64, size: u64) -> ListQuery {
    ListQuery { page: Page::new(number, size).expect("a page"), ..ListQuery::default() }
}

/// A project with repositories of these names in it.
async fn repositories(names: &[&'static str]) -> (Fixture, i64) {
    let at = Fixture::new().await;
    let ann = at.user("ann").await;
    let project = at.project("p", ann, true).await;
    for name in names {
        at.repository(name, project).await;
    }
    (at, project)
}

async fn names(at: &Fixture, query: &ListQuery) -> Vec<String> {
    let found = query::repository::list(&at.db, None, Visible::All, query).await.expect("a list");
    found.items.into_iter().map(|row| row.name).collect()
}

#[tokio::test]
async fn wildcards_of_sql_are_text() {
    let (at, _) = repositories(&["p/a_b", "p/axb", "p/a%b", "p/a\\b", "p/ab"]).await;
    assert_eq!(names(&at, &ask("name=~a_b", "")).await, ["p/a_b"]);
    assert_eq!(names(&at, &ask("name=~a%25b", "")).await, ["p/a%b"]);
    assert_eq!(names(&at, &ask("name=~a\\b", "")).await, ["p/a\\b"]);
    assert_eq!(names(&at, &ask("name=~_", "")).await, ["p/a_b"]);
    assert_eq!(names(&at, &ask("name=~%25", "")).await, ["p/a%b"]);
}

#[tokio::test]
async fn fuzzy_is_blind_to_case_and_exact_is_not() {
    let (at, _) = repositories(&["p/web", "p/webhook", "p/api"]).await;
    assert_eq!(names(&at, &ask("name=~WEB", "")).await, ["p/web", "p/webhook"]);
    assert_eq!(names(&at, &ask("name=p/web", "")).await, ["p/web"]);
    assert!(names(&at, &ask("name=P/WEB", "")).await.is_empty());
    assert_eq!(names(&at, &ask("name={p/api p/web}", "")).await, ["p/api", "p/web"]);
}

#[tokio::test]
async fn fuzzy_finds_letters_beyond_ascii_as_they_are_written() {
    let (at, project) = repositories(&["p/web"]).await;
    at.write(move |tx| {
        async move {
            let id = query::repository::ensure(tx, project, "p/web", 1).await?;
            query::repository::set_description(tx, id, "Ärger 镜像 IMAGE", 2).await
        }
        .boxed()
    })
    .await;
    for part in ["Ärger", "镜像", "image"] {
        assert_eq!(names(&at, &ask(&format!("description=~{part}"), "")).await, ["p/web"], "{part}");
    }
}

#[tokio::test]
async fn quotes_and_statements_in_a_filter_are_text() {
    let (at, _) = repositories(&["p/web"]).await;
    for evil in ["' OR '1'='1", "'; DROP TABLE users; --", "\" OR 1=1"] {
        assert!(names(&at, &ask(&format!("name=~{}", evil.replace('=', "%3D")), "")).await.is_empty());
        let narrow = Narrow { name: Some(evil.to_owned()), ..Narrow::default() };
        let found = query::project::list(&at.db, Visible::All, &narrow, &page(1, 10)).await;
        assert_eq!(found.expect("a list").total, 0);
    }
    assert_eq!(names(&at, &page(1, 10)).await, ["p/web"]);
}

#[tokio::test]
async fn sorting_knows_its_keys_and_ignores_others() {
    let (at, _) = repositories(&["p/b", "p/a", "p/c"]).await;
    assert_eq!(names(&at, &ask("", "")).await, ["p/a", "p/b", "p/c"]);
    assert_eq!(names(&at, &ask("", "-name")).await, ["p/c", "p/b", "p/a"]);
    assert_eq!(names(&at, &ask("", "-nonsense")).await, ["p/a", "p/b", "p/c"]);
    assert_eq!(names(&at, &ask("", "nonsense,-name")).await, ["p/c", "p/b", "p/a"]);
    // All were made at the same time: the order they were made in decides.
    assert_eq!(names(&at, &ask("", "-creation_time")).await, ["p/b", "p/a", "p/c"]);
}

#[tokio::test]
async fn pages_cover_the_list_once_and_tell_the_total() {
    let (at, _) = repositories(&["p/a", "p/b", "p/c", "p/d", "p/e"]).await;
    let mut seen = Vec::new();
    for number in 1..=3 {
        let found: Listed<_> =
            query::repository::list(&at.db, None, Visible::All, &page(number, 2)).await.expect("a list");
        assert_eq!(found.total, 5);
        seen.extend(found.items.into_iter().map(|row| row.name));
    }
    assert_eq!(seen, ["p/a", "p/b", "p/c", "p/d", "p/e"]);
    for beyond in [4, u64::MAX] {
        let found = query::repository::list(&at.db, None, Visible::All, &page(beyond, 100)).await;
        let found = found.expect("a list");
        assert_eq!((found.items.len(), found.total), (0, 5));
    }
}

#[tokio::test]
async fn repository_without_a_push_is_never_listed() {
    let (at, project) = repositories(&["p/pushed"]).await;
    at.write(move |tx| async move { query::repository::ensure(tx, project, "p/empty", 1).await }.boxed())
        .await;
    assert_eq!(names(&at, &page(1, 10)).await, ["p/pushed"]);
    let catalog = query::repository::names_after(&at.db, Visible::All, None, 10).await.expect("names");
    assert_eq!(catalog, ["p/pushed"]);
}

#[tokio::test]
async fn visibility_decides_which_repositories_are_listed() {
    let at = Fixture::new().await;
    let (ann, bob) = (at.user("ann").await, at.user("bob").await);
    let open = at.project("open", ann, true).await;
    let closed = at.project("closed", ann, false).await;
    at.write(move |tx| async move { query::member::insert(tx, closed, bob, 3, 1).await }.boxed()).await;
    at.repository("open/a", open).await;
    at.repository("closed/a", closed).await;
    let seen = |visible| {
        let db = at.db.clone();
        async move { query::repository::names_after(&db, visible, None, 10).await.expect("names") }
    };
    assert_eq!(seen(Visible::Public).await, ["open/a"]);
    assert_eq!(seen(Visible::To(ann)).await, ["open/a"], "owning is not being a member");
    assert_eq!(seen(Visible::To(bob)).await, ["closed/a", "open/a"]);
    assert_eq!(seen(Visible::All).await, ["closed/a", "open/a"]);
}

#[tokio::test]
async fn names_after_walks_through_the_catalog() {
    let (at, _) = repositories(&["p/c", "p/a", "p/b/x", "p/b"]).await;
    let after = |last: Option<&'static str>, limit| {
        let db = at.db.clone();
        async move { query::repository::names_after(&db, Visible::All, last, limit).await.expect("names") }
    };
    assert_eq!(after(None, 2).await, ["p/a", "p/b"]);
    assert_eq!(after(Some("p/b"), 2).await, ["p/b/x", "p/c"]);
    assert_eq!(after(Some("p/b0"), 9).await, ["p/c"], "the last name need not exist");
    assert!(after(Some("p/c"), 9).await.is_empty());
    assert_eq!(after(None, u64::MAX).await.len(), 4);
}

#[tokio::test]
async fn names_after_walks_through_tags_in_order_of_their_bytes() {
    let (at, project) = repositories(&[]).await;
    let repository = at.repository("p/web", project).await;
    let id = at.manifest(repository, manifest('a', &[]), 1).await;
    for name in ["b", "a", "B", "10", "9", "_x"] {
        at.tag(repository, name, id, 1).await;
    }
    let all = query::tag::names_after(&at.db, repository, None, 10).await.expect("names");
    assert_eq!(all, ["10", "9", "B", "_x", "a", "b"]);
    let rest = query::tag::names_after(&at.db, repository, Some("B"), 2).await.expect("names");
    assert_eq!(rest, ["_x", "a"]);
}

#[tokio::test]
async fn users_are_listed_without_the_first_administrator_and_the_deleted() {
    let at = Fixture::new().await;
    at.user("admin").await;
    let ann = at.user("ann").await;
    at.user("bob").await;
    at.write(move |tx| {
        async move {
            let row = query::user::find(tx, ann).await?.expect("ann");
            query::user::delete(tx, &row, 2).await
        }
        .boxed()
    })
    .await;
    let found = query::user::list(&at.db, &page(1, 10)).await.expect("a list");
    assert_eq!(found.items.iter().map(|row| row.username.as_str()).collect::<Vec<_>>(), ["bob"]);
    assert_eq!(found.total, 1);
    let shown = query::user::by_ids(&at.db, vec![1, ann]).await.expect("users");
    assert_eq!(shown.iter().map(|row| row.username.as_str()).collect::<Vec<_>>(), ["admin"]);
}

#[tokio::test]
async fn members_are_listed_by_name_with_their_roles() {
    let at = Fixture::new().await;
    let ann = at.user("ann").await;
    let project = at.project("p", ann, false).await;
    for (name, role) in [("cy_d", 2), ("bob", 3), ("cyxd", 4)] {
        let user = at.user(name).await;
        at.write(move |tx| async move { query::member::insert(tx, project, user, role, 1).await }.boxed())
            .await;
    }
    let list = |name: Option<&'static str>, number| {
        let db = at.db.clone();
        let page = Page::new(number, 2).expect("a page");
        async move {
            let found = query::member::list(&db, project, name, page).await.expect("a list");
            let rows: Vec<_> = found.items.into_iter().map(|row| (row.username, row.role)).collect();
            (rows, found.total)
        }
    };
    assert_eq!(list(None, 1).await, (vec![("bob".to_owned(), 3), ("cy_d".to_owned(), 2)], 3));
    assert_eq!(list(None, 2).await, (vec![("cyxd".to_owned(), 4)], 3));
    assert_eq!(list(Some("Y_"), 1).await, (vec![("cy_d".to_owned(), 2)], 1));
}

#[tokio::test]
async fn artifacts_are_those_with_a_tag_or_outside_of_every_index() {
    let (at, project) = repositories(&[]).await;
    let repository = at.repository("p/web", project).await;
    at.manifest(repository, manifest('a', &[]), 1).await;
    let tagged_child = at.manifest(repository, manifest('b', &[]), 2).await;
    let index = at.manifest(repository, manifest('c', &['a', 'b']), 3).await;
    at.manifest(repository, manifest('d', &[]), 4).await;
    let mut about = manifest('e', &[]);
    about.subject_digest = Some(digest('d'));
    at.manifest(repository, about, 5).await;
    at.tag(repository, "child", tagged_child, 1).await;
    at.tag(repository, "v1.0", index, 1).await;

    let list = |q: &'static str, sort: &'static str| {
        let db = at.db.clone();
        async move {
            let found = query::manifest::list(&db, repository, None, &ask(q, sort)).await.expect("a list");
            assert_eq!(usize::try_from(found.total), Ok(found.items.len()));
            found.items.iter().filter_map(|row| row.digest.chars().nth(7)).collect::<String>()
        }
    };
    assert_eq!(list("", "").await, "dcb");
    assert_eq!(list("", "push_time").await, "bcd");
    assert_eq!(list("", "-digest").await, "dcb");
    assert_eq!(list("base=*", "digest").await, "abcde");
    assert_eq!(list("tags=*", "digest").await, "bc");
    assert_eq!(list("tags=nil", "").await, "d");
    assert_eq!(list("tags=v1.0", "").await, "c");
    assert_eq!(list("tags=~V1", "").await, "c");
    assert_eq!(list("tags=~v_", "").await, "");
}

#[tokio::test]
async fn tags_of_a_manifest_are_listed_newest_first() {
    let (at, project) = repositories(&[]).await;
    let repository = at.repository("p/web", project).await;
    let id = at.manifest(repository, manifest('a', &[]), 1).await;
    let other = at.manifest(repository, manifest('b', &[]), 1).await;
    for (name, manifest, now) in [("old", id, 1), ("new", id, 3), ("mid", id, 2), ("else", other, 4)] {
        at.tag(repository, name, manifest, now).await;
    }
    let list = |q: &'static str, sort: &'static str| {
        let db = at.db.clone();
        async move {
            let found = query::tag::list(&db, id, &ask(q, sort)).await.expect("a list");
            found.items.into_iter().map(|row| row.name).collect::<Vec<_>>()
        }
    };
    assert_eq!(list("", "").await, ["new", "mid", "old"]);
    assert_eq!(list("", "name").await, ["mid", "new", "old"]);
    assert_eq!(list("name=~D", "name").await, ["mid", "old"]);
}

#[tokio::test]
async fn last_events_are_found_by_an_index_in_their_order() {
    let at = Fixture::new().await;
    let plan = at.plan(
        "SELECT * FROM events WHERE kind = 'PUSH_ARTIFACT' AND project_id IN (SELECT id FROM projects WHERE is_public) \
         ORDER BY id DESC LIMIT 10",
    );
    let plan = plan.await;
    assert!(plan.contains("events USING INDEX idx_events_kind_id (kind=?)"), "{plan}");
    assert!(!plan.contains("TEMP B-TREE"), "{plan}");
}

#[tokio::test]
async fn what_projects_were_pushed_last_is_read_from_an_index_alone() {
    let at = Fixture::new().await;
    for value in ["count(id)", "max(pushed_at)"] {
        let sql = format!(
            "SELECT (SELECT {value} FROM repositories WHERE project_id = projects.id AND pushed_at IS NOT NULL) \
             FROM projects"
        );
        let plan = at.plan(&sql).await;
        assert!(plan.contains("repositories USING COVERING INDEX idx_repositories_project_pushed"), "{plan}");
    }
}
