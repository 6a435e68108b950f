//! The first page, and the search: what each caller is shown of it.

use service::{
    OpCtx,
    home::{Found, FoundProject, HomeSummary},
    testing::World,
};
use types::{name::RepositoryName, role::Role};

use crate::util::{digest, image, later, push_blob, push_image, put, repository};

async fn home(world: &World, cx: &OpCtx) -> HomeSummary {
    world.services.home.get(cx).await.expect("a first page")
}

fn projects(home: &HomeSummary) -> Vec<&str> {
    home.projects.iter().map(|one| one.project.name.as_str()).collect()
}

fn pushes(home: &HomeSummary) -> Vec<String> {
    home.pushes
        .iter()
        .map(|push| format!("{}:{}", push.repository, push.tag.as_deref().unwrap_or("-")))
        .collect()
}

async fn found(world: &World, cx: &OpCtx, text: &str) -> (Vec<String>, Vec<String>) {
    let Found { projects, repositories } = world.services.home.search(cx, text, 8).await.expect("an answer");
    (projects.into_iter().map(|project| project.name).collect(), repositories)
}

#[tokio::test]
async fn first_page_of_a_new_registry_says_that_nothing_was_pushed() {
    let world = World::new().await;
    for cx in [world.admin().await, world.user("ann").await, World::anonymous()] {
        let home = home(&world, &cx).await;
        assert!(!home.has_pushed && home.pushes.is_empty());
        assert_eq!((home.totals.projects, home.totals.repositories, home.totals.bytes), (1, 0, 0));
    }
}

#[tokio::test]
async fn own_projects_come_with_the_last_pushed_first() {
    let world = World::new().await;
    let (ann, admin) = (world.user("ann").await, world.admin().await);
    for name in ["a", "b", "c"] {
        world.project(name, false, &[(&ann, Role::Developer)]).await;
    }
    world.project("d", true, &[]).await;
    let services = &world.services;
    push_image(services, &later(&admin, 1), "c/web", "v1", "one").await;
    push_image(services, &later(&admin, 2), "b/web", "v1", "one").await;
    push_image(services, &later(&admin, 3), "c/api", "v1", "one").await;
    push_image(services, &later(&admin, 4), "d/web", "v1", "one").await;
    let home = home(&world, &ann).await;
    assert_eq!(projects(&home), ["c", "b", "a"]);
    let at = |secs| Some(later(&admin, secs).now.timestamp());
    let times: Vec<_> = home.projects.iter().map(|one| one.last_pushed_at.map(|at| at.timestamp())).collect();
    assert_eq!(times, [at(3), at(2), None]);
    let first = &home.projects[0].project;
    assert_eq!((first.repo_count, first.current_user_role_id, first.owner_name.as_str()), (2, 2, "admin"));
}

#[tokio::test]
async fn nobody_is_shown_public_projects_and_what_happened_there() {
    let world = World::new().await;
    let admin = world.admin().await;
    world.project("deep", false, &[]).await;
    push_image(&world.services, &admin, "deep/web", "v1", "secret").await;
    push_image(&world.services, &admin, "library/web", "v1", "open").await;
    for cx in [World::anonymous(), world.user("zoe").await] {
        let home = home(&world, &cx).await;
        assert_eq!(pushes(&home), ["library/web:v1"]);
        assert_eq!((home.totals.projects, home.totals.repositories, home.totals.artifacts), (1, 1, 1));
        assert_eq!(home.has_pushed, cx.user_id().is_none(), "only to projects of others");
        let expected: &[&str] = if cx.user_id().is_none() { &["library"] } else { &[] };
        assert_eq!(projects(&home), expected);
    }
}

#[tokio::test]
async fn what_is_in_private_projects_alone_is_no_push_for_strangers() {
    let world = World::new().await;
    let (admin, ann) = (world.admin().await, world.user("ann").await);
    world.project("deep", false, &[(&ann, Role::LimitedGuest)]).await;
    push_image(&world.services, &admin, "deep/web", "v1", "one").await;
    assert!(home(&world, &ann).await.has_pushed);
    assert!(home(&world, &admin).await.has_pushed);
    assert!(!home(&world, &world.user("zoe").await).await.has_pushed);
    assert!(!home(&world, &World::anonymous()).await.has_pushed);
}

#[tokio::test]
async fn last_ten_pushes_are_told_newest_first_with_who_and_when() {
    let world = World::new().await;
    let (admin, services) = (world.admin().await, &world.services);
    push_image(services, &admin, "library/web", "t0", "one").await;
    for turn in 1..12 {
        let cx = later(&admin, turn);
        put(services, &cx, "library/web", &format!("t{turn}"), &image("one")).await.expect("taken");
    }
    services
        .artifacts
        .delete_manifest(&admin, &repository("library/web"), &crate::util::reference("t3"))
        .await
        .expect("deleted");
    let home = home(&world, &admin).await;
    let expected: Vec<_> = (2..12).rev().map(|turn| format!("library/web:t{turn}")).collect();
    assert_eq!(pushes(&home), expected);
    let last = &home.pushes[0];
    assert_eq!((last.actor.as_str(), last.at.timestamp()), ("admin", later(&admin, 11).now.timestamp()));
    assert_eq!(last.digest, Some(digest(image("one").to_string().as_bytes()).to_string()));
}

#[tokio::test]
async fn a_push_by_digest_is_a_part_of_something_else_and_not_told() {
    let world = World::new().await;
    let (admin, services) = (world.admin().await, &world.services);
    push_image(services, &admin, "library/web", "v1", "one").await;
    let part = image("one");
    let name = digest(part.to_string().as_bytes()).to_string();
    put(services, &later(&admin, 1), "library/web", &name, &part).await.expect("taken");
    assert_eq!(pushes(&home(&world, &admin).await), ["library/web:v1"]);
}

#[tokio::test]
async fn totals_count_a_blob_once_and_only_what_the_caller_sees() {
    let world = World::new().await;
    let (admin, services) = (world.admin().await, &world.services);
    world.project("deep", false, &[]).await;
    push_image(services, &admin, "library/web", "v1", "one").await;
    push_image(services, &admin, "library/api", "v1", "one").await;
    push_blob(services, &admin, "deep/web", b"a private layer").await;
    push_image(services, &admin, "deep/web", "v1", "two").await;
    let image = image("one");
    let size = |part: &serde_json::Value| part["size"].as_u64().expect("a size");
    let public = size(&image["config"]) + size(&image["layers"][0]);
    let totals = home(&world, &World::anonymous()).await.totals;
    assert_eq!((totals.repositories, totals.artifacts, totals.bytes), (2, 2, public));
    let totals = home(&world, &admin).await.totals;
    assert_eq!((totals.projects, totals.repositories, totals.artifacts), (2, 3, 3));
    assert_eq!(totals.bytes, 2 * public + 15);
}

#[tokio::test]
async fn at_most_eight_projects_are_shown_of_many() {
    let world = World::new().await;
    let (ann, services) = (world.user("ann").await, &world.services);
    for number in 0..20 {
        let name: String = format!("p{number:02}");
        world.project(&name, false, &[(&ann, Role::Developer)]).await;
    }
    push_image(services, &ann, "p17/web", "v1", "one").await;
    let home = home(&world, &ann).await;
    assert_eq!(projects(&home), ["p17", "p00", "p01", "p02", "p03", "p04", "p05", "p06"]);
}

#[tokio::test]
async fn search_finds_names_that_contain_the_text_and_best_ones_first() {
    let world = World::new().await;
    let (admin, services) = (world.admin().await, &world.services);
    for name in ["a-web", "web", "web-tools", "other"] {
        world.project(name, true, &[]).await;
    }
    for name in ["other/a-web", "other/web-api", "other/tool", "web/tool", "a-web/x"] {
        push_image(services, &admin, name, "v1", "one").await;
    }
    let (projects, repositories) = found(&world, &admin, "WEB").await;
    assert_eq!(projects, ["web", "web-tools", "a-web"]);
    assert_eq!(repositories, ["web/tool", "other/web-api", "a-web/x", "other/a-web"]);
    assert_eq!(found(&world, &admin, "  web/to ").await.1, ["web/tool"]);
    assert_eq!(found(&world, &admin, "nothing like it").await, (vec![], vec![]));
    for text in ["_", "%", "\\", "' OR 1=1 --"] {
        assert_eq!(found(&world, &admin, text).await, (vec![], vec![]), "{text}");
    }
}

#[tokio::test]
async fn search_for_nothing_finds_nothing() {
    let world = World::new().await;
    let admin = world.admin().await;
    for text in ["", "  ", &"l".repeat(300)] {
        assert_eq!(world.services.home.search(&admin, text, 8).await.expect("an answer"), Found::default());
    }
    assert_eq!(world.services.home.search(&admin, "lib", 0).await.expect("an answer"), Found::default());
}

#[tokio::test]
async fn search_finds_what_the_caller_sees_alone() {
    let world = World::new().await;
    let (ann, admin) = (world.user("ann").await, world.admin().await);
    world.project("deep", false, &[(&ann, Role::LimitedGuest)]).await;
    world.project("deeper", false, &[]).await;
    push_image(&world.services, &admin, "deep/web", "v1", "one").await;
    push_image(&world.services, &admin, "deeper/web", "v1", "one").await;
    let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
    let repositories = names(&["deep/web", "deeper/web"]);
    assert_eq!(found(&world, &admin, "deep").await, (names(&["deep", "deeper"]), repositories));
    assert_eq!(found(&world, &ann, "deep").await, (names(&["deep"]), names(&["deep/web"])));
    assert_eq!(found(&world, &World::anonymous(), "deep").await, (vec![], vec![]));
    let own = world.services.home.search(&ann, "deep", 8).await.expect("an answer").projects;
    assert_eq!(own, [FoundProject { name: "deep".to_owned(), is_public: false }]);
}

#[tokio::test]
async fn search_gives_no_more_than_asked_for() {
    let world = World::new().await;
    let admin = world.admin().await;
    for number in 0..5 {
        let name: String = format!("p{number}");
        world.project(&name, true, &[]).await;
        let image: RepositoryName = format!("{name}/p").parse().expect("a name");
        push_image(&world.services, &admin, image.as_str(), "v1", "one").await;
    }
    let few = world.services.home.search(&admin, "p", 3).await.expect("an answer");
    assert_eq!((few.projects.len(), few.repositories.len()), (3, 3));
}
