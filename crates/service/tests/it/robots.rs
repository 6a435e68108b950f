//! Robots: made, changed, signing in, and ended. What they may do is in `robot_rights`.

use service::{
    Caller, Denial, Error, OpCtx, project::ProjectRef, robot::Created, testing::World, token::Holder,
};
use types::{
    harbor::{Access, Robot, RobotCreate, RobotCreateV1, RobotPermission},
    query::{ListQuery, Query},
    role::Role,
    scope::Scope,
    secret::Secret,
};

use crate::util::{assert_denied, assert_error, later, request, secret};

pub fn access(pairs: &[(&str, &str)]) -> Vec<Access> {
    let access = pairs.iter().map(|(resource, action)| Access {
        resource: (*resource).to_owned(),
        action: (*action).to_owned(),
        effect: String::new(),
    });
    access.collect()
}

pub fn permission(kind: &str, namespace: &str, pairs: &[(&str, &str)]) -> RobotPermission {
    RobotPermission { kind: kind.to_owned(), namespace: namespace.to_owned(), access: access(pairs) }
}

pub fn new(name: &str, level: &str, permissions: Vec<RobotPermission>) -> RobotCreate {
    RobotCreate {
        name: name.to_owned(),
        level: level.to_owned(),
        duration: -1,
        permissions,
        ..RobotCreate::default()
    }
}

/// A robot of the project `p` that pulls.
fn puller(name: &str) -> RobotCreate {
    new(name, "project", vec![permission("project", "p", &[("repository", "pull")])])
}

pub async fn sign_in(world: &World, cx: &OpCtx, name: &str, secret: &Secret<String>) -> Result<OpCtx, Error> {
    let holder = world.services.authn.client(cx, name, secret).await?;
    Ok(OpCtx { caller: holder.into(), ..cx.clone() })
}

pub async fn make(world: &World, cx: &OpCtx, new: RobotCreate) -> (Created, OpCtx) {
    let made = world.services.robots.create(cx, new).await.expect("made");
    let robot = sign_in(world, &World::anonymous(), &made.name, &made.secret).await.expect("signs in");
    (made, robot)
}

async fn world() -> (World, OpCtx) {
    let world = World::new().await;
    let boss = world.user("boss").await;
    world.project("p", false, &[(&boss, Role::ProjectAdmin)]).await;
    (world, boss)
}

fn malformed(result: Result<Created, Error>, text: &str) {
    match result {
        Err(Error::Malformed(said)) => assert_eq!(said, text),
        other => panic!("{other:?} instead of {text}"),
    }
}

/// A token of the registry for everything in `p/image`.
async fn token(world: &World, cx: &OpCtx, name: &str, secret: &Secret<String>) -> String {
    let holder = world.services.authn.client(cx, name, secret).await.expect("signs in");
    let scopes = [Scope::parse("repository:p/image:*")];
    world.services.tokens.issue(cx, &holder, &scopes).await.expect("a token").token
}

#[tokio::test]
async fn robot_is_made_and_signs_in_with_the_secret_that_was_told_once() {
    let (world, boss) = world().await;
    let boss = request(&boss, "make");
    let (made, robot) = make(&world, &boss, puller("ci")).await;
    assert_eq!(made.name, "robot$p+ci");
    assert_eq!(made.expires_at, -1);
    assert_eq!(made.secret.expose().len(), 43);
    assert_eq!(robot.actor(), "robot$p+ci");
    assert_eq!((robot.user_id(), robot.is_admin()), (None, false));
    let shown = world.services.robots.get(&boss, made.id).await.expect("shown");
    assert_eq!((shown.creator_type.as_str(), Some(shown.creator_ref)), ("local", boss.user_id()));
    assert_eq!(shown.permissions, [permission("project", "p", &[("repository", "pull")])]);
    assert!(shown.editable && !shown.disable);
    let audit = world.audit_of("make").await;
    let rows: Vec<_> = audit.iter().map(|row| (row.operation.as_str(), row.resource.as_str())).collect();
    assert_eq!(rows, [("create", "robot$p+ci")]);
    let said = format!("{made:?}");
    assert!(!said.contains(made.secret.expose().as_str()), "{said}");
}

#[tokio::test]
async fn names_are_taken_once_and_follow_their_rule() {
    let (world, boss) = world().await;
    let create = |new| world.services.robots.create(&boss, new);
    create(puller("ci")).await.expect("made");
    assert_error!(create(puller("ci")).await, Error::AlreadyExists(_));
    let rule = "robot name is not in lower case or contains illegal characters";
    for bad in ["", "CI", "a+b", "a/b", "robot$ci", "a..b", "-a", "a_"] {
        malformed(create(puller(bad)).await, rule);
    }
    let long = "a".repeat(254);
    malformed(create(puller(&long)).await, "the name of the robot is too long");
}

#[tokio::test]
async fn what_breaks_a_rule_of_harbor_is_refused_in_its_words() {
    let (world, boss) = world().await;
    let create = |new| world.services.robots.create(&boss, new);
    for duration in [0, -2, 2_147_483_647] {
        let text = format!(
            "bad request error duration input: {duration}, duration must be either -1(Never) or a positive integer"
        );
        malformed(create(RobotCreate { duration, ..puller("ci") }).await, &text);
    }
    let pull = || permission("project", "p", &[("repository", "pull")]);
    malformed(create(new("ci", "world", vec![pull()])).await, "bad request error level input: world");
    malformed(create(new("ci", "project", vec![])).await, "bad request empty permission");
    let empty = permission("project", "p", &[]);
    malformed(create(new("ci", "project", vec![empty])).await, "bad request empty access");
    malformed(create(new("ci", "project", vec![pull(), pull()])).await, "bad request permission");
    for namespace in ["*", "/"] {
        let kind = if namespace == "*" { "project" } else { "system" };
        let wide = permission(kind, namespace, &[("robot", "list")]);
        malformed(create(new("ci", "project", vec![wide])).await, "bad request permission");
    }
    for (resource, action) in
        [("robot", "update"), ("repository", "fly"), ("galaxy", "read"), ("metadata", "stop")]
    {
        let odd = permission("project", "p", &[(resource, action)]);
        let text = format!("bad request permission: {resource}:{action}");
        malformed(create(new("ci", "project", vec![odd])).await, &text);
    }
    let mut denying = pull();
    denying.access[0].effect = "deny".to_owned();
    malformed(create(new("ci", "project", vec![denying])).await, "bad request permission: repository:pull");
    let admin = world.admin().await;
    let create = |new| world.services.robots.create(&admin, new);
    let odd = permission("galaxy", "/", &[("robot", "list")]);
    malformed(create(new("ci", "system", vec![odd])).await, "bad request permission level: galaxy");
    let odd = permission("system", "p", &[("robot", "list")]);
    malformed(create(new("ci", "system", vec![odd])).await, "unknown namespace");
    let gone = permission("project", "gone", &[("repository", "pull")]);
    assert_error!(create(new("ci", "system", vec![gone])).await, Error::NotFound(service::Kind::Project, _));
}

#[tokio::test]
async fn robot_counts_for_its_days_and_no_longer() {
    let (world, boss) = world().await;
    let (made, robot) = make(&world, &boss, RobotCreate { duration: 2, ..puller("ci") }).await;
    assert_eq!(made.expires_at, (boss.now.timestamp_millis() + 2 * 86_400_000) / 1000);
    let day = 86_400;
    let in_time = later(&World::anonymous(), 2 * day - 60);
    sign_in(&world, &in_time, &made.name, &made.secret).await.expect("still counts");
    let token = token(&world, &in_time, &made.name, &made.secret).await;
    let late = later(&boss, 2 * day);
    assert_denied(sign_in(&world, &late, &made.name, &made.secret).await, Denial::Inactive);
    assert_denied(world.services.tokens.authenticate(&token, late.now).await, Denial::InvalidToken);
    assert_eq!(robot.actor(), made.name);

    let mut longer = world.services.robots.get(&boss, made.id).await.expect("shown");
    longer.duration = Some(3);
    world.services.robots.update(&boss, made.id, longer).await.expect("changed");
    sign_in(&world, &late, &made.name, &made.secret).await.expect("counts for another day from its creation");
    let mut forever = world.services.robots.get(&boss, made.id).await.expect("shown");
    forever.duration = Some(-1);
    world.services.robots.update(&boss, made.id, forever).await.expect("changed");
    assert_eq!(world.services.robots.get(&boss, made.id).await.expect("shown").expires_at, -1);
    sign_in(&world, &later(&boss, 9999 * day), &made.name, &made.secret).await.expect("counts for ever");
}

/// What ends the token of a robot at once.
async fn ended_by(end: impl AsyncFn(&World, &OpCtx, &Created)) -> (World, Created) {
    let (world, boss) = world().await;
    let (made, _) = make(&world, &boss, puller("ci")).await;
    let cx = World::anonymous();
    let access = token(&world, &cx, &made.name, &made.secret).await;
    let holder = world.services.authn.client(&cx, &made.name, &made.secret).await.expect("signs in");
    let refresh = world.services.tokens.issue_refresh(&cx, &holder).expect("a refresh token");
    world.services.tokens.authenticate(&access, cx.now).await.expect("counts");
    world.services.tokens.redeem(&cx, &refresh).await.expect("counts");
    end(&world, &boss, &made).await;
    assert_denied(world.services.tokens.authenticate(&access, cx.now).await, Denial::InvalidToken);
    assert_denied(world.services.tokens.redeem(&cx, &refresh).await, Denial::InvalidToken);
    (world, made)
}

#[tokio::test]
async fn disabled_robot_is_refused_at_once_until_it_is_enabled() {
    let (world, made) = ended_by(async |world, boss, made| {
        let mut robot = world.services.robots.get(boss, made.id).await.expect("shown");
        robot.disable = true;
        world.services.robots.update(boss, made.id, robot).await.expect("changed");
    })
    .await;
    let cx = World::anonymous();
    assert_denied(sign_in(&world, &cx, &made.name, &made.secret).await, Denial::Inactive);
    assert_denied(sign_in(&world, &cx, &made.name, &secret("Wrong-12345")).await, Denial::BadCredentials);
    let boss = world.cx("boss").await.expect("signs in");
    let mut robot = world.services.robots.get(&boss, made.id).await.expect("shown");
    robot.disable = false;
    world.services.robots.update(&boss, made.id, robot).await.expect("changed");
    sign_in(&world, &cx, &made.name, &made.secret).await.expect("counts again");
}

#[tokio::test]
async fn deleted_robot_is_refused_at_once() {
    let (world, made) = ended_by(async |world, boss, made| {
        world.services.robots.delete(boss, made.id).await.expect("deleted");
        assert_error!(
            world.services.robots.get(boss, made.id).await,
            Error::NotFound(service::Kind::Robot, _)
        );
    })
    .await;
    let signed_in = sign_in(&world, &World::anonymous(), &made.name, &made.secret).await;
    assert_denied(signed_in, Denial::BadCredentials);
}

#[tokio::test]
async fn robots_end_with_their_project_and_lose_it_where_they_are_of_the_system() {
    let (world, made) = ended_by(async |world, boss, _| {
        let admin = world.admin().await;
        let two = vec![
            permission("project", "p", &[("repository", "pull")]),
            permission("project", "library", &[("repository", "pull")]),
        ];
        let (wide, _) = make(world, &admin, new("wide", "system", two)).await;
        world.services.projects.delete(boss, &ProjectRef::Name("p".to_owned())).await.expect("deleted");
        let left = world.services.robots.get(&admin, wide.id).await.expect("still there");
        assert_eq!(left.permissions, [permission("project", "library", &[("repository", "pull")])]);
    })
    .await;
    assert_error!(
        world.services.robots.get(&world.admin().await, made.id).await,
        Error::NotFound(service::Kind::Robot, _)
    );
}

#[tokio::test]
async fn new_secret_ends_what_was_made_of_the_old_one() {
    let (world, made) = ended_by(async |world, boss, made| {
        let fresh = world.services.robots.refresh(boss, made.id, None).await.expect("made").expect("told");
        assert_ne!(fresh, made.secret);
        sign_in(world, &World::anonymous(), &made.name, &fresh).await.expect("the new one is right");
    })
    .await;
    let cx = World::anonymous();
    assert_denied(sign_in(&world, &cx, &made.name, &made.secret).await, Denial::BadCredentials);
    let boss = world.cx("boss").await.expect("signs in");
    for weak in ["short1A", "alllower1", "ALLUPPER1", "NoDigitsHere", &"aA1".repeat(43)] {
        let refused = world.services.robots.refresh(&boss, made.id, Some(secret(weak))).await;
        assert_error!(refused, Error::Malformed(_));
    }
    let told = world.services.robots.refresh(&boss, made.id, Some(secret("Chosen12345"))).await;
    assert_eq!(told.expect("set"), None, "who chose it knows it");
    sign_in(&world, &cx, &made.name, &secret("Chosen12345")).await.expect("the chosen one is right");
    assert_denied(sign_in(&world, &cx, &made.name, &secret("Chosen12346")).await, Denial::BadCredentials);
}

#[tokio::test]
async fn made_secrets_cost_no_password_hash_and_chosen_ones_one() {
    let (world, boss) = world().await;
    let (made, _) = make(&world, &boss, puller("ci")).await;
    let before = world.password_runs();
    for _ in 0..50 {
        sign_in(&world, &World::anonymous(), &made.name, &made.secret).await.expect("right");
    }
    assert_eq!(world.password_runs(), before);
    world.services.robots.refresh(&boss, made.id, Some(secret("Chosen12345"))).await.expect("set");
    let before = world.password_runs();
    for _ in 0..5 {
        sign_in(&world, &World::anonymous(), &made.name, &secret("Chosen12345")).await.expect("right");
    }
    assert_eq!(world.password_runs(), before + 1);
    let wrong = sign_in(&world, &World::anonymous(), &made.name, &secret("Chosen12346")).await;
    assert_denied(wrong, Denial::BadCredentials);
    assert_eq!(world.password_runs(), before + 2, "a wrong one takes as long as a wrong password");
}

#[tokio::test]
async fn guesses_at_a_robot_are_limited_and_the_right_secret_is_not() {
    let (world, boss) = world().await;
    let (made, _) = make(&world, &boss, puller("ci")).await;
    let cx = request(&World::anonymous(), "guess");
    let mut limited = false;
    for _ in 0..10 {
        let wrong = sign_in(&world, &cx, &made.name, &secret("Wrong-12345")).await;
        limited |= matches!(wrong, Err(Error::RateLimited { .. }));
    }
    assert!(limited);
    sign_in(&world, &cx, &made.name, &made.secret).await.expect("never limited");
    let failures = world.audit_of("guess").await;
    assert!(!failures.is_empty() && failures.iter().all(|row| !row.is_success && row.actor == made.name));
}

#[tokio::test]
async fn robots_never_sign_in_to_the_portal() {
    let (world, boss) = world().await;
    let (made, robot) = make(&world, &boss, puller("ci")).await;
    let cx = World::anonymous();
    let refused = world.services.authn.sign_in(&cx, &made.name, &made.secret).await;
    assert_denied(refused, Denial::BadCredentials);
    assert_error!(world.services.users.current(&robot).await, Error::Precondition(_));
}

#[tokio::test]
async fn name_and_level_of_a_robot_must_be_repeated_and_its_project_stays() {
    let (world, boss) = world().await;
    world.project("q", false, &[(&boss, Role::ProjectAdmin)]).await;
    let (made, _) = make(&world, &boss, puller("ci")).await;
    let shown = world.services.robots.get(&boss, made.id).await.expect("shown");
    let update = |robot: Robot| world.services.robots.update(&boss, made.id, robot);
    let text = |result: Result<(), Error>| result.expect_err("refused").to_string();
    let renamed = Robot { name: "p+ci".to_owned(), ..shown.clone() };
    assert_eq!(text(update(renamed).await), "cannot update the level or name of robot");
    let moved =
        Robot { permissions: vec![permission("project", "q", &[("repository", "pull")])], ..shown.clone() };
    assert_eq!(text(update(moved).await), "cannot update the project id of robot");
    let pushing = vec![permission("project", "p", &[("repository", "push"), ("tag", "list")])];
    let described =
        Robot { description: "builds".to_owned(), duration: None, permissions: pushing.clone(), ..shown };
    update(described).await.expect("changed");
    let shown = world.services.robots.get(&boss, made.id).await.expect("shown");
    assert_eq!((shown.description.as_str(), shown.duration), ("builds", Some(-1)));
    assert_eq!(shown.permissions, pushing);
}

fn listing(q: &str, sort: &str) -> ListQuery {
    ListQuery {
        query: Query::parse(q).expect("a query"),
        ..ListQuery::parse(None, None, None, Some(sort)).expect("ok")
    }
}

#[tokio::test]
async fn robots_are_listed_by_level_and_project() {
    let (world, boss) = world().await;
    let admin = world.admin().await;
    for name in ["b", "a", "c"] {
        make(&world, &boss, puller(name)).await;
    }
    let everywhere = vec![permission("project", "*", &[("repository", "pull")])];
    make(&world, &admin, new("wide", "system", everywhere)).await;
    let names = async |cx: &OpCtx, q: &str, sort: &str| {
        let found = world.services.robots.list(cx, &listing(q, sort)).await?;
        Ok::<_, Error>(found.items.into_iter().map(|robot| robot.name).collect::<Vec<_>>())
    };
    let project = world.services.projects.get(&boss, &ProjectRef::Name("p".to_owned())).await.expect("p");
    let of_project = format!("Level=project,ProjectID={}", project.project_id);
    assert_eq!(
        names(&boss, &of_project, "name").await.expect("a list"),
        ["robot$p+a", "robot$p+b", "robot$p+c"]
    );
    assert_eq!(
        names(&boss, &of_project, "-name").await.expect("a list"),
        ["robot$p+c", "robot$p+b", "robot$p+a"]
    );
    assert_eq!(names(&boss, &format!("{of_project},name=~B"), "").await.expect("a list"), ["robot$p+b"]);
    assert_eq!(names(&admin, "", "").await.expect("a list"), ["robot$wide"]);
    assert_error!(names(&boss, "", "").await, Error::Forbidden(_));
    assert_denied(names(&World::anonymous(), &of_project, "").await, Denial::NoCredentials);
    for (q, text) in [
        ("Level=world", "bad request error level input"),
        ("Level=project", "must with project ID when to query project robots"),
        ("Level=project,ProjectID=x", "Project ID must be int type."),
    ] {
        assert_eq!(names(&boss, q, "").await.expect_err("refused").to_string(), text);
    }
}

#[tokio::test]
async fn last_use_is_told_at_once_and_kept() {
    let (world, boss) = world().await;
    let made = world.services.robots.create(&boss, puller("ci")).await.expect("made");
    let last = async |world: &World, cx: &OpCtx| {
        world.services.robots.get(cx, made.id).await.expect("shown").last_used_time
    };
    assert_eq!(last(&world, &boss).await, None);
    let at = later(&World::anonymous(), 5);
    sign_in(&world, &at, &made.name, &made.secret).await.expect("signs in");
    let millis = Some(at.now.timestamp_millis());
    assert_eq!(last(&world, &boss).await.map(|at| at.timestamp_millis()), millis);
    let before = world.neighbour().await;
    let unwritten = before.robots.get(&boss, made.id).await.expect("shown").last_used_time;
    assert_eq!(unwritten, None, "a sign-in writes nothing");
    world.services.clone().close().await.expect("closed");
    let world = world.crash().await;
    assert_eq!(last(&world, &boss).await.map(|at| at.timestamp_millis()), millis);
}

#[tokio::test]
async fn prefix_of_names_is_a_setting_that_changes_every_robot() {
    let (world, boss) = world().await;
    let (made, _) = make(&world, &boss, puller("ci")).await;
    let world = world.crash_into(|options| options.robots.name_prefix = "bot-".to_owned()).await;
    let cx = World::anonymous();
    assert_denied(sign_in(&world, &cx, &made.name, &made.secret).await, Denial::BadCredentials);
    let robot = sign_in(&world, &cx, "bot-p+ci", &made.secret).await.expect("signs in");
    assert_eq!(robot.actor(), "bot-p+ci");
    world.user("bot-ann").await;
    let ann =
        sign_in(&world, &cx, "bot-ann", &secret(World::PASSWORD)).await.expect("no robot has this name");
    assert!(matches!(ann.caller, Caller::User(_)));
}

#[tokio::test]
async fn older_clients_make_robots_of_a_project() {
    let (world, boss) = world().await;
    let robots = &world.services.robots;
    let p = ProjectRef::Name("p".to_owned());
    let id = world.services.projects.get(&boss, &p).await.expect("p").project_id;
    let old = |resource: String, expires_at| RobotCreateV1 {
        name: "old".to_owned(),
        description: String::new(),
        expires_at,
        access: vec![Access { resource, action: "push".to_owned(), effect: String::new() }],
    };
    let resource = || format!("/project/{id}/repository");
    let elsewhere = robots.create_in(&boss, &p, old("/project/1/repository".to_owned(), -1)).await;
    malformed(elsewhere, "bad resource /project/1/repository");
    let over = robots.create_in(&boss, &p, old(resource(), boss.now.timestamp() - 1)).await;
    malformed(over, "expires_at must be -1(Never) or in the future");
    let end = boss.now.timestamp() + 90_000;
    let made = robots.create_in(&boss, &p, old(resource(), end)).await.expect("made");
    assert_eq!((made.name.as_str(), made.expires_at), ("robot$p+old", end));
    let shown = robots.get_in(&boss, &p, made.id).await.expect("shown");
    assert_eq!(shown.permissions, [permission("project", "p", &[("repository", "push")])]);
    assert_eq!(shown.duration, Some(2), "a day and an hour are two days");

    let change = Robot { disable: true, description: "off".to_owned(), ..Robot::default() };
    robots.update_in(&boss, &p, made.id, change).await.expect("changed");
    let shown = robots.list_in(&boss, &p, &ListQuery::default()).await.expect("a list").items.remove(0);
    assert!(shown.disable && shown.description == "off" && shown.expires_at == end);
    let library = ProjectRef::Name("library".to_owned());
    let admin = world.admin().await;
    assert_error!(robots.get_in(&admin, &library, made.id).await, Error::NotFound(service::Kind::Robot, _));
    assert_error!(
        robots.delete_in(&admin, &library, made.id).await,
        Error::NotFound(service::Kind::Robot, _)
    );
    robots.delete_in(&boss, &p, made.id).await.expect("deleted");
    assert_error!(robots.get(&boss, made.id).await, Error::NotFound(service::Kind::Robot, _));
}

#[tokio::test]
async fn token_of_a_robot_names_it_and_holds_what_it_may() {
    let (world, boss) = world().await;
    let (made, _) = make(&world, &boss, puller("ci")).await;
    let cx = World::anonymous();
    let token = token(&world, &cx, &made.name, &made.secret).await;
    let (caller, grants) = world.services.tokens.authenticate(&token, cx.now).await.expect("counts");
    assert!(matches!(caller, Caller::Robot(robot) if robot.name == "robot$p+ci"));
    assert_eq!(grants.access[0].actions, ["pull"]);
    let holder = world.services.authn.client(&cx, &made.name, &made.secret).await.expect("signs in");
    assert!(matches!(holder, Holder::Robot(_)));
}
