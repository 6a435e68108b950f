//! What robots may do, against the catalogue of Harbor (`harbor.md` §2.4) and its list of who may call what (§4.3), through
//! the services themselves.

use service::{
    All, Error, OpCtx, Services,
    project::{ProjectFilter, ProjectRef},
    setting::SystemSettings,
    testing::World,
};
use types::{
    digest::Algorithm,
    harbor::{ProjectReq, RobotPermission, UserCreationReq},
    page::Page,
    query::ListQuery,
    robot::{PROJECT_CATALOGUE, SYSTEM_CATALOGUE},
    role::Role,
};

use crate::{
    rights::{Operation, TABLE, Verdict, verdict, with_roles},
    robots::{make, new, permission},
    util::{assert_denied, assert_error, digest, push_image, reference, repository},
};

/// The table of `harbor.md` §2.4 for the system, row by row.
const SYSTEM: &str = "
    audit-log: list
    preheat-instance: read, create, delete, list, update
    project: list, create
    replication-policy: read, create, delete, list, update
    replication: read, create, list
    replication-adapter: list
    registry: read, create, delete, list, update
    scan-all: read, update, stop, create
    system-volumes: read
    garbage-collection: read, create, list, update, stop
    purge-audit: read, create, list, update, stop
    jobservice-monitor: list, stop
    scanner: read, create, delete, list, update
    label: read, create, delete, update
    security-hub: read, list
    catalog: read
    quota: read, list, update
    robot: create, read, list, delete
    user: create, read, update, list, delete
    ldap-user: create, list
    user-group: create, read, update, list, delete";

/// The table of `harbor.md` §2.4 for projects, row by row.
const PROJECT: &str = "
    log: list
    project: read, delete, update
    metadata: read, create, delete, list, update
    repository: read, update, delete, list, pull, push
    artifact: read, create, list, delete
    scan: create, read, stop
    sbom: create, stop, read
    tag: create, list, delete
    accessory: list
    artifact-addition: read
    artifact-label: create, delete
    scanner: create, read
    preheat-policy: read, create, delete, list, update
    immutable-tag: create, delete, list, update
    notification-policy: read, create, delete, list, update
    tag-retention: read, create, delete, list, update
    label: read, create, delete, list, update
    quota: read
    robot: create, read, list, delete
    export-cve: create, read
    member: create, read, update, list, delete";

type Pair = (&'static str, &'static str);

fn pairs(table: &'static str) -> Vec<Pair> {
    let rows = table.lines().filter_map(|row| row.trim().split_once(": "));
    rows.flat_map(|(resource, actions)| actions.split(", ").map(move |action| (resource, action))).collect()
}

/// The right that each operation needs of a robot, by `harbor.md` §4.3; none where no robot can have it.
fn needed(operation: Operation) -> Option<Pair> {
    Some(match operation {
        Operation::ReadProject => ("project", "read"),
        Operation::DeleteProject => ("project", "delete"),
        Operation::AddMember => ("member", "create"),
        Operation::ReadMember => ("member", "read"),
        Operation::ChangeMember => ("member", "update"),
        Operation::DeleteMember => ("member", "delete"),
        Operation::ListMembers => ("member", "list"),
        Operation::ReadRepository => ("repository", "read"),
        Operation::Describe => ("repository", "update"),
        Operation::DeleteRepository | Operation::RegistryDelete => ("repository", "delete"),
        Operation::ListRepositories => ("repository", "list"),
        Operation::Pull => ("repository", "pull"),
        Operation::Push => ("repository", "push"),
        Operation::ReadArtifact => ("artifact", "read"),
        Operation::DeleteArtifact => ("artifact", "delete"),
        Operation::ListArtifacts => ("artifact", "list"),
        Operation::ListTags => ("tag", "list"),
        Operation::AddTag => ("tag", "create"),
        Operation::DeleteTag => ("tag", "delete"),
        Operation::CreateRobot => ("robot", "create"),
        Operation::ReadRobot => ("robot", "read"),
        Operation::ListRobots => ("robot", "list"),
        Operation::DeleteRobot => ("robot", "delete"),
        Operation::ChangeRobot => return None,
    })
}

/// A robot of the system with rights in one place.
async fn robot(world: &World, kind: &str, namespace: &str, pairs: &[Pair]) -> OpCtx {
    let level = if namespace == "closed" { "project" } else { "system" };
    robot_at(world, level, kind, namespace, pairs).await
}

async fn robot_at(world: &World, level: &str, kind: &str, namespace: &str, pairs: &[Pair]) -> OpCtx {
    let name = format!("r{}", number());
    let permissions = vec![permission(kind, namespace, pairs)];
    make(world, &world.admin().await, new(&name, level, permissions)).await.1
}

/// A number that no other robot of this process has.
fn number() -> u64 {
    static NEXT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
    NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed)
}

#[test]
fn catalogue_is_harbors() {
    let offered = SYSTEM_CATALOGUE
        .iter()
        .flat_map(|(resource, actions)| actions.iter().map(|action| (resource.as_str(), action.as_str())));
    assert_eq!(offered.collect::<Vec<_>>(), pairs(SYSTEM));
    let offered = PROJECT_CATALOGUE
        .iter()
        .flat_map(|(resource, actions)| actions.iter().map(|action| (resource.as_str(), action.as_str())));
    let mut offered: Vec<_> = offered.collect();
    let mut expected = pairs(PROJECT);
    offered.sort_unstable();
    expected.sort_unstable();
    assert_eq!(offered, expected);
}

#[tokio::test]
async fn robot_with_one_right_does_what_needs_it_and_nothing_else() {
    let (world, ..) = with_roles("closed", false).await;
    for right in pairs(PROJECT) {
        let robot = robot(&world, "project", "closed", &[right]).await;
        for (operation, _) in TABLE {
            let needed = needed(operation);
            // in its own project, a robot that pushes also pulls
            let is_implied = right == ("repository", "push") && needed == Some(("repository", "pull"));
            let got = verdict(operation.run(&world.services, &robot, "closed").await);
            let expected =
                if needed == Some(right) || is_implied { Verdict::Allowed } else { Verdict::Forbidden };
            assert_eq!(got, expected, "{operation:?} with {right:?}");
        }
    }
}

#[tokio::test]
async fn robot_with_every_right_but_one_lacks_what_needs_it() {
    let (world, ..) = with_roles("closed", false).await;
    for namespace in ["closed", "*"] {
        for (operation, _) in TABLE {
            let needed = needed(operation);
            let rest: Vec<_> = pairs(PROJECT).into_iter().filter(|pair| Some(*pair) != needed).collect();
            let robot = robot_at(&world, "system", "project", namespace, &rest).await;
            let got = verdict(operation.run(&world.services, &robot, "closed").await);
            assert_eq!(got, Verdict::Forbidden, "{operation:?} in {namespace} without {needed:?}");
        }
    }
}

#[tokio::test]
async fn robot_is_nobody_in_another_private_project() {
    let (world, ..) = with_roles("closed", false).await;
    world.project("own", false, &[]).await;
    let robot = robot(&world, "project", "own", &pairs(PROJECT)).await;
    for (operation, _) in TABLE {
        let got = verdict(operation.run(&world.services, &robot, "closed").await);
        let expected = if operation.is_of_the_registry() { Verdict::Hidden } else { Verdict::Forbidden };
        assert_eq!(got, expected, "{operation:?}");
    }
}

#[tokio::test]
async fn robot_is_a_visitor_of_public_projects_unless_it_can_do_nothing_in_any() {
    let (world, ..) = with_roles("open", true).await;
    world.project("own", false, &[]).await;
    let visitor = robot(&world, "project", "own", &[("log", "list")]).await;
    let outsider = robot(&world, "system", "/", &pairs(SYSTEM)).await;
    for (operation, row) in TABLE {
        let got = verdict(operation.run(&world.services, &visitor, "open").await);
        let expected = if row[5] { Verdict::Allowed } else { Verdict::Forbidden };
        assert_eq!(got, expected, "{operation:?}");
        let got = verdict(operation.run(&world.services, &outsider, "open").await);
        let expected = if operation.is_of_the_registry() { Verdict::Hidden } else { Verdict::Forbidden };
        assert_eq!(got, expected, "{operation:?}");
    }
}

#[tokio::test]
async fn push_brings_pull_in_the_own_project_only() {
    let (world, ..) = with_roles("closed", false).await;
    let push = [("repository", "push")];
    let own = robot_at(&world, "project", "project", "closed", &push).await;
    let of_system = robot_at(&world, "system", "project", "closed", &push).await;
    let (image, v1) = (repository("closed/image"), reference("v1"));
    world.services.artifacts.get_manifest(&own, &image, &v1, true).await.expect("pulls");
    let refused = world.services.artifacts.get_manifest(&of_system, &image, &v1, true).await;
    assert!(
        matches!(&refused, Err(Error::Forbidden(text)) if text.contains("the robot was not given")),
        "{:?}",
        refused.map(drop)
    );
}

/// Operations outside of projects.
#[derive(Clone, Copy, Debug)]
enum Outside {
    ListAudit,
    StartCollection,
    ReadCollection,
    ListCollections,
    SetCollectionSchedule,
    StopCollection,
    ListJobs,
    ListUsers,
    ReadUser,
    CreateUser,
    ChangeUser,
    DeleteUser,
    CreateProject,
    ListRobots,
    CreateRobot,
}

/// What each needs, by `harbor.md` §4.3.
const OUTSIDE: [(Outside, Pair); 15] = [
    (Outside::ListAudit, ("audit-log", "list")),
    (Outside::StartCollection, ("garbage-collection", "create")),
    (Outside::ReadCollection, ("garbage-collection", "read")),
    (Outside::ListCollections, ("garbage-collection", "list")),
    (Outside::SetCollectionSchedule, ("garbage-collection", "update")),
    (Outside::StopCollection, ("garbage-collection", "stop")),
    (Outside::ListJobs, ("jobservice-monitor", "list")),
    (Outside::ListUsers, ("user", "list")),
    (Outside::ReadUser, ("user", "read")),
    (Outside::CreateUser, ("user", "create")),
    (Outside::ChangeUser, ("user", "update")),
    (Outside::DeleteUser, ("user", "delete")),
    (Outside::CreateProject, ("project", "create")),
    (Outside::ListRobots, ("robot", "list")),
    (Outside::CreateRobot, ("robot", "create")),
];

impl Outside {
    /// Does it, wrongly or to things that are not there where it would change any.
    async fn run(self, services: &Services, cx: &OpCtx) -> Result<(), Error> {
        let query = ListQuery::default();
        let All { audit, collection, jobs, users, projects, robots, .. } = &**services;
        match self {
            Self::ListAudit => audit.list(cx, None, &query).await.map(drop),
            Self::StartCollection => collection.start(cx, collection.defaults()).await.map(drop),
            Self::ReadCollection => collection.schedule(cx).await.map(drop),
            Self::ListCollections => {
                jobs.list(cx, Some(service::collection::KIND), Page::default()).await.map(drop)
            }
            Self::SetCollectionSchedule => {
                collection.set_schedule(cx, "no cron", collection.defaults()).await
            }
            Self::StopCollection => collection.cancel(cx, 999).await,
            Self::ListJobs => jobs.list(cx, None, Page::default()).await.map(drop),
            Self::ListUsers => users.list(cx, &query).await.map(drop),
            Self::ReadUser => users.get(cx, 999).await.map(drop),
            Self::CreateUser => users.create(cx, UserCreationReq::default()).await.map(drop),
            Self::ChangeUser => users.set_admin(cx, 999, true).await,
            Self::DeleteUser => users.delete(cx, 999).await,
            Self::CreateProject => projects.create(cx, ProjectReq::default()).await.map(drop),
            Self::ListRobots => robots.list(cx, &query).await.map(drop),
            Self::CreateRobot => {
                // nothing that a robot has, so that it is refused for that and not for the right
                let wide = permission("project", "*", &[("repository", "pull")]);
                robots.create(cx, new("made", "system", vec![wide])).await.map(drop)
            }
        }
    }

    /// Whether the decision let it pass, whatever became of it.
    async fn is_allowed(self, services: &Services, cx: &OpCtx) -> bool {
        match self.run(services, cx).await {
            Err(Error::Forbidden(_)) => false,
            Ok(())
            | Err(Error::NotFound(..) | Error::Invalid { .. } | Error::InvalidName(_) | Error::Denied(_)) => {
                true
            }
            Err(other) => panic!("{other:?} is no decision on {self:?}"),
        }
    }
}

#[tokio::test]
async fn robot_of_the_system_does_outside_of_projects_what_it_was_given() {
    let world = World::new().await;
    for (operation, right) in OUTSIDE {
        let with = robot(&world, "system", "/", &[right]).await;
        assert!(operation.is_allowed(&world.services, &with).await, "{operation:?} with {right:?}");
        let rest: Vec<_> = pairs(SYSTEM).into_iter().filter(|pair| *pair != right).collect();
        let without = robot(&world, "system", "/", &rest).await;
        assert!(!operation.is_allowed(&world.services, &without).await, "{operation:?} without {right:?}");
    }
}

#[tokio::test]
async fn no_robot_changes_robots_or_settings() {
    let (world, ..) = with_roles("closed", false).await;
    let admin = world.admin().await;
    let all = vec![permission("system", "/", &pairs(SYSTEM)), permission("project", "*", &pairs(PROJECT))];
    let (made, robot) = make(&world, &admin, new("mighty", "system", all)).await;
    let (robots, settings) = (&world.services.robots, &world.services.settings);
    let shown = robots.get(&robot, made.id).await.expect("may read");
    assert_error!(robots.update(&robot, made.id, shown).await, Error::Forbidden(_));
    assert_error!(robots.refresh(&robot, made.id, None).await, Error::Forbidden(_));
    assert_error!(settings.update(&robot, SystemSettings::default()).await, Error::Forbidden(_));
    assert_error!(world.services.health.get(&robot).await, Error::Forbidden(_));
    assert_error!(robots.permissions(&robot).await, Error::Forbidden(_));
}

#[tokio::test]
async fn robot_gives_no_more_than_it_has() {
    let (world, ..) = with_roles("closed", false).await;
    world.project("other", false, &[]).await;
    let own = [("robot", "create"), ("repository", "push"), ("repository", "pull")];
    let maker = robot(&world, "project", "closed", &own).await;
    let make = |level: &'static str, permissions: Vec<RobotPermission>| {
        let name = format!("m{}", number());
        let (robots, maker) = (world.services.robots.clone(), maker.clone());
        async move { robots.create(&maker, new(&name, level, permissions)).await }
    };
    let some = |pairs: &[Pair]| vec![permission("project", "closed", pairs)];
    make("project", some(&own)).await.expect("all it has");
    let made = make("project", some(&[("repository", "push")])).await.expect("less than it has");
    let admin = world.admin().await;
    let shown = world.services.robots.get(&admin, made.id).await.expect("shown");
    assert_eq!(
        (shown.creator_type.as_str(), Some(shown.creator_ref)),
        ("robot", maker.robot().map(|r| r.id))
    );
    match make("project", some(&[("repository", "delete")])).await {
        Err(Error::Denied(text)) => assert_eq!(
            text,
            format!(
                "permission scope is invalid. It must be equal to or more restrictive than the creator robot's \
                 permissions: {}",
                maker.actor()
            )
        ),
        other => panic!("{other:?}"),
    }
    let elsewhere = vec![permission("project", "other", &[("repository", "pull")])];
    assert_error!(make("project", elsewhere.clone()).await, Error::Forbidden(_));
    assert_error!(make("system", elsewhere).await, Error::Forbidden(_));
}

#[tokio::test]
async fn robot_that_pushes_without_pulling_makes_none_that_would_pull() {
    let (world, ..) = with_roles("closed", false).await;
    let pairs = [("repository", "push"), ("robot", "create")];
    let maker = robot_at(&world, "system", "project", "closed", &pairs).await;
    let push = vec![permission("project", "closed", &[("repository", "push")])];
    let made = world.services.robots.create(&maker, new("child", "project", push)).await;
    assert_error!(made, Error::Denied(_));
}

#[tokio::test]
async fn lists_of_a_robot_are_of_what_it_reaches() {
    let (world, ..) = with_roles("closed", false).await;
    let admin = world.admin().await;
    world.project("other", false, &[]).await;
    push_image(&world.services, &admin, "other/image", "v1", "two").await;
    push_image(&world.services, &admin, "library/tool", "v1", "three").await;
    let seen = async |cx: &OpCtx| {
        let query = ListQuery::default();
        let projects =
            world.services.projects.list(cx, &query, ProjectFilter::default()).await.expect("a list");
        let repositories = world.services.repositories.list_all(cx, &query).await.expect("a list");
        let (catalog, _) = world.services.artifacts.list_catalog(cx, (None, 10)).await.expect("names");
        let projects: Vec<_> = projects.items.into_iter().map(|project| project.name).collect();
        let mut repositories: Vec<_> = repositories.items.into_iter().map(|it| it.name).collect();
        repositories.sort_unstable();
        assert_eq!(repositories, catalog);
        (projects, catalog)
    };
    let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
    let puller = robot(&world, "project", "closed", &[("repository", "pull")]).await;
    assert_eq!(seen(&puller).await, (names(&["closed", "library"]), names(&["library/tool"])));
    let lister = robot(&world, "project", "closed", &[("repository", "list")]).await;
    assert_eq!(
        seen(&lister).await,
        (names(&["closed", "library"]), names(&["closed/image", "library/tool"]))
    );
    let everywhere = robot(&world, "project", "*", &[("repository", "list")]).await;
    let all = names(&["closed/image", "library/tool", "other/image"]);
    assert_eq!(seen(&everywhere).await, (names(&["closed", "library", "other"]), all));
    let nowhere = robot(&world, "system", "/", &[("user", "list")]).await;
    assert_eq!(seen(&nowhere).await, (names(&[]), names(&[])));
    let catalog = robot(&world, "system", "/", &[("catalog", "read")]).await;
    let (found, _) = world.services.artifacts.list_catalog(&catalog, (None, 10)).await.expect("names");
    assert_eq!(found, ["closed/image", "library/tool", "other/image"]);
}

#[tokio::test]
async fn robot_mounts_only_what_it_may_pull() {
    let (world, ..) = with_roles("closed", false).await;
    world.project("own", false, &[]).await;
    let (layer, target, source) =
        (digest(b"layer of one"), repository("own/copy"), repository("closed/image"));
    let own = permission("project", "own", &[("repository", "push"), ("repository", "pull")]);
    for (rights, may) in [(vec![("repository", "list")], false), (vec![("repository", "pull")], true)] {
        let there = permission("project", "closed", &rights);
        let name = format!("r{}", number());
        let admin = world.admin().await;
        let (_, robot) = make(&world, &admin, new(&name, "system", vec![own.clone(), there])).await;
        for from in [None, Some(&source)] {
            let mounted =
                world.services.uploads.mount(&robot, &target, &layer, from).await.expect("no error");
            assert_eq!(mounted, may, "{rights:?} {from:?}");
        }
    }
}

#[tokio::test]
async fn project_that_a_robot_makes_is_the_first_administrators() {
    let world = World::new().await;
    let robot = robot(&world, "system", "/", &[("project", "create")]).await;
    let new = ProjectReq { project_name: Some("made".to_owned()), ..Default::default() };
    world.services.projects.create(&robot, new).await.expect("made");
    let admin = world.admin().await;
    let made =
        world.services.projects.get(&admin, &ProjectRef::Name("made".to_owned())).await.expect("there");
    assert_eq!((made.owner_id, made.current_user_role_id), (1, 1));
}

#[tokio::test]
async fn permissions_are_shown_to_administrators() {
    let (world, people, stranger) = with_roles("closed", false).await;
    let robots = &world.services.robots;
    let all = robots.permissions(&world.admin().await).await.expect("shown");
    assert_eq!((all.system.len(), all.project.len()), (pairs(SYSTEM).len(), pairs(PROJECT).len()));
    let of_project = robots.permissions(&people[0]).await.expect("shown");
    assert_eq!((of_project.system.len(), of_project.project.len()), (0, pairs(PROJECT).len()));
    for other in [&people[1], &stranger] {
        match robots.permissions(other).await {
            Err(Error::Forbidden(text)) => {
                assert_eq!(text, "only admins(system and project) can access permissions");
            }
            other => panic!("{other:?}"),
        }
    }
    assert_denied(robots.permissions(&World::anonymous()).await, service::Denial::NoCredentials);
}

#[tokio::test]
async fn roles_change_robots_of_their_project_as_the_table_says() {
    let (world, people, stranger) = with_roles("closed", false).await;
    let pull = vec![permission("project", "closed", &[("repository", "pull")])];
    let robots = &world.services.robots;
    for (cx, role) in people.iter().zip(Role::ALL) {
        let made = robots.create(cx, new(&role.as_str().to_lowercase(), "project", pull.clone())).await;
        assert_eq!(made.is_ok(), role == Role::ProjectAdmin, "{role}");
        let wide = robots.create(cx, new("wide", "system", pull.clone())).await;
        assert_error!(wide, Error::Forbidden(_));
    }
    let (made, robot) = make(&world, &people[0], new("ci", "project", pull)).await;
    let shown = robots.get(&people[0], made.id).await.expect("shown");
    for (cx, role) in people.iter().zip(Role::ALL) {
        let sees = role.rank() >= Role::Guest.rank();
        assert_eq!(robots.get(cx, made.id).await.is_ok(), sees, "{role}");
        let is_boss = role == Role::ProjectAdmin;
        assert_eq!(robots.update(cx, made.id, shown.clone()).await.is_ok(), is_boss, "{role}");
        assert_eq!(robots.refresh(cx, made.id, None).await.is_ok(), is_boss, "{role}");
    }
    for cx in [&people[1], &stranger, &robot] {
        assert_error!(robots.delete(cx, made.id).await, Error::Forbidden(_));
    }
    robots.delete(&people[0], made.id).await.expect("deleted");
}

#[tokio::test]
async fn nothing_of_robots_changes_in_read_only_mode() {
    let (world, people, _) = with_roles("closed", false).await;
    let admin = world.admin().await;
    let pull = vec![permission("project", "closed", &[("repository", "pull")])];
    let (made, robot) = make(&world, &people[0], new("ci", "project", pull.clone())).await;
    let robots = &world.services.robots;
    let shown = robots.get(&admin, made.id).await.expect("shown");
    let read_only = SystemSettings { read_only: true, ..SystemSettings::default() };
    world.services.settings.update(&admin, read_only).await.expect("set");
    for level in ["project", "system"] {
        assert_error!(robots.create(&admin, new("more", level, pull.clone())).await, Error::ReadOnly);
    }
    assert_error!(robots.update(&admin, made.id, shown).await, Error::ReadOnly);
    assert_error!(robots.refresh(&admin, made.id, None).await, Error::ReadOnly);
    assert_error!(robots.delete(&admin, made.id).await, Error::ReadOnly);
    let pulled = world
        .services
        .artifacts
        .get_manifest(&robot, &repository("closed/image"), &reference("v1"), true)
        .await;
    pulled.expect("reading goes on");
    let started = world.services.uploads.start(&admin, &repository("closed/image"), Algorithm::Sha256).await;
    assert_error!(started, Error::ReadOnly);
}

/// Keeps the fixture honest: every right that an operation needs is one that robots can be given.
#[test]
fn needed_rights_are_in_the_table() {
    let table = pairs(PROJECT);
    for (operation, _) in TABLE {
        assert!(needed(operation).is_none_or(|right| table.contains(&right)), "{operation:?}");
    }
}
