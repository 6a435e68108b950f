//! Who may do what, against the table of Harbor (`harbor.md` §2.2), through the services themselves.

use service::{All, Denial, Error, OpCtx, Services, project::ProjectRef, testing::World};
use types::{
    digest::Algorithm,
    harbor,
    page::Page,
    query::ListQuery,
    role::{Action, MATRIX, Resource, Role},
};

use crate::util::{assert_denied, assert_error, digest, digest_at, push_image, reference, repository};

/// One row per right that an operation of this crate needs: project admin, maintainer, developer, guest, limited
/// guest, anyone on a public project.
pub const TABLE: [(Operation, [bool; 6]); 25] = {
    use Operation::{
        AddMember, AddTag, ChangeMember, ChangeRobot, CreateRobot, DeleteArtifact, DeleteMember,
        DeleteProject, DeleteRepository, DeleteRobot, DeleteTag, Describe, ListArtifacts, ListMembers,
        ListRepositories, ListRobots, ListTags, Pull, Push, ReadArtifact, ReadMember, ReadProject,
        ReadRepository, ReadRobot, RegistryDelete,
    };
    const Y: bool = true;
    const N: bool = false;
    [
        (ReadProject, [Y, Y, Y, Y, Y, Y]),
        (DeleteProject, [Y, N, N, N, N, N]),
        (AddMember, [Y, N, N, N, N, N]),
        (ReadMember, [Y, Y, Y, Y, N, N]),
        (ChangeMember, [Y, N, N, N, N, N]),
        (DeleteMember, [Y, N, N, N, N, N]),
        (ListMembers, [Y, Y, Y, Y, N, N]),
        (ReadRepository, [Y, Y, Y, Y, Y, N]),
        (Describe, [Y, Y, Y, N, N, N]),
        (DeleteRepository, [Y, Y, N, N, N, N]),
        (ListRepositories, [Y, Y, Y, Y, Y, Y]),
        (Pull, [Y, Y, Y, Y, Y, Y]),
        (Push, [Y, Y, Y, N, N, N]),
        (RegistryDelete, [Y, Y, N, N, N, N]),
        (ReadArtifact, [Y, Y, Y, Y, Y, Y]),
        (DeleteArtifact, [Y, Y, N, N, N, N]),
        (ListArtifacts, [Y, Y, Y, Y, Y, Y]),
        (ListTags, [Y, Y, Y, Y, Y, Y]),
        (AddTag, [Y, Y, Y, N, N, N]),
        (DeleteTag, [Y, Y, N, N, N, N]),
        (CreateRobot, [Y, N, N, N, N, N]),
        (ReadRobot, [Y, Y, Y, Y, N, N]),
        (ChangeRobot, [Y, N, N, N, N, N]),
        (DeleteRobot, [Y, N, N, N, N, N]),
        (ListRobots, [Y, Y, Y, Y, N, N]),
    ]
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    ReadProject,
    DeleteProject,
    AddMember,
    ReadMember,
    ChangeMember,
    DeleteMember,
    ListMembers,
    ReadRepository,
    Describe,
    DeleteRepository,
    ListRepositories,
    Pull,
    Push,
    RegistryDelete,
    ReadArtifact,
    DeleteArtifact,
    ListArtifacts,
    ListTags,
    AddTag,
    DeleteTag,
    CreateRobot,
    ReadRobot,
    ChangeRobot,
    DeleteRobot,
    ListRobots,
}

impl Operation {
    pub fn is_of_the_registry(self) -> bool {
        matches!(self, Self::Pull | Self::Push | Self::RegistryDelete)
    }

    /// Does it in a project that has the image `image:v1`, to things that are not there where it would change any.
    pub async fn run(self, services: &Services, cx: &OpCtx, project: &str) -> Result<(), Error> {
        let named = ProjectRef::Name(project.to_owned());
        let (image, missing) =
            (repository(&format!("{project}/image")), repository(&format!("{project}/gone")));
        let (v1, gone) = (reference("v1"), reference("gone"));
        let (query, page) = (ListQuery::default(), Page::default());
        let All { projects, members, repositories, artifacts, uploads, robots, .. } = &**services;
        match self {
            Self::ReadProject => projects.get(cx, &named).await.map(drop),
            Self::DeleteProject => projects.delete(cx, &named).await,
            Self::AddMember => {
                let user = harbor::UserEntity { user_id: Some(99), username: None };
                let new =
                    harbor::ProjectMember { role_id: Some(3), member_user: Some(user), member_group: None };
                members.create(cx, &named, new).await.map(drop)
            }
            Self::ReadMember => members.get(cx, &named, 99).await.map(drop),
            Self::ChangeMember => members.update(cx, &named, 99, Some(3)).await,
            Self::DeleteMember => members.delete(cx, &named, 99).await,
            Self::ListMembers => members.list(cx, &named, None, page).await.map(drop),
            Self::ReadRepository => repositories.get(cx, &image).await.map(drop),
            Self::Describe => repositories.update(cx, &image, "a text".to_owned()).await,
            Self::DeleteRepository => repositories.delete(cx, &missing).await,
            Self::ListRepositories => repositories.list(cx, project, &query).await.map(drop),
            Self::Pull => artifacts.get_manifest(cx, &image, &v1, true).await.map(drop),
            Self::Push => uploads.start(cx, &image, Algorithm::Sha256).await.map(drop),
            Self::RegistryDelete => artifacts.delete_manifest(cx, &image, &gone).await,
            Self::ReadArtifact => artifacts.get(cx, &image, &v1, true).await.map(drop),
            Self::DeleteArtifact => artifacts.delete(cx, &image, &gone).await,
            Self::ListArtifacts => artifacts.list(cx, &image, &query, true).await.map(drop),
            Self::ListTags => artifacts.list_artifact_tags(cx, &image, &v1, &query).await.map(drop),
            Self::AddTag => {
                artifacts.create_tag(cx, &image, &gone, "v2".parse().expect("a tag")).await.map(drop)
            }
            Self::CreateRobot => {
                robots.create_in(cx, &named, harbor::RobotCreateV1::default()).await.map(drop)
            }
            Self::ReadRobot => robots.get_in(cx, &named, 99).await.map(drop),
            Self::ChangeRobot => robots.update_in(cx, &named, 99, harbor::Robot::default()).await,
            Self::DeleteRobot => robots.delete_in(cx, &named, 99).await,
            Self::ListRobots => robots.list_in(cx, &named, &query).await.map(drop),
            Self::DeleteTag => artifacts.delete_tag(cx, &image, &v1, &"gone".parse().expect("a tag")).await,
        }
    }
}

/// What a caller reads of a decision; whether the thing is there comes after it.
#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    Allowed,
    SignIn,
    Forbidden,
    Hidden,
}

pub fn verdict(result: Result<(), Error>) -> Verdict {
    match result {
        Ok(()) | Err(Error::NotFound(..) | Error::Precondition(_) | Error::Malformed(_)) => Verdict::Allowed,
        Err(Error::Unauthenticated { .. }) => Verdict::SignIn,
        Err(Error::Forbidden(_)) => Verdict::Forbidden,
        Err(Error::Hidden(_)) => Verdict::Hidden,
        Err(other) => panic!("{other:?} is no decision"),
    }
}

/// A world with the image `image:v1` in a project that five people have each a role in; a sixth has none.
pub async fn with_roles(project: &str, is_public: bool) -> (World, Vec<OpCtx>, OpCtx) {
    let world = World::new().await;
    let mut people = Vec::new();
    for role in Role::ALL {
        people.push(world.user(role.as_str()).await);
    }
    let stranger = world.user("stranger").await;
    let members: Vec<_> = people.iter().zip(Role::ALL).collect();
    world.project(project, is_public, &members).await;
    push_image(&world.services, &world.admin().await, &format!("{project}/image"), "v1", "one").await;
    (world, people, stranger)
}

#[tokio::test]
async fn roles_may_do_what_the_table_says_in_a_private_project() {
    let (world, people, stranger) = with_roles("closed", false).await;
    for (operation, row) in TABLE {
        for ((cx, role), may) in people.iter().zip(Role::ALL).zip(row) {
            let expected = if may { Verdict::Allowed } else { Verdict::Forbidden };
            let got = verdict(operation.run(&world.services, cx, "closed").await);
            assert_eq!(got, expected, "{operation:?} as {role}");
        }
        let outside = if operation.is_of_the_registry() { Verdict::Hidden } else { Verdict::Forbidden };
        assert_eq!(
            verdict(operation.run(&world.services, &stranger, "closed").await),
            outside,
            "{operation:?}"
        );
        let nobody = verdict(operation.run(&world.services, &World::anonymous(), "closed").await);
        assert_eq!(nobody, Verdict::SignIn, "{operation:?}");
    }
}

#[tokio::test]
async fn roles_and_visitors_may_do_what_the_table_says_in_a_public_project() {
    let (world, people, stranger) = with_roles("open", true).await;
    for (operation, row) in TABLE {
        let anyone = row[5];
        for ((cx, role), may) in people.iter().zip(Role::ALL).zip(row) {
            let expected = if may || anyone { Verdict::Allowed } else { Verdict::Forbidden };
            let got = verdict(operation.run(&world.services, cx, "open").await);
            assert_eq!(got, expected, "{operation:?} as {role}");
        }
        let (visitor, nobody) =
            if anyone { (Verdict::Allowed, Verdict::Allowed) } else { (Verdict::Forbidden, Verdict::SignIn) };
        assert_eq!(
            verdict(operation.run(&world.services, &stranger, "open").await),
            visitor,
            "{operation:?}"
        );
        let got = verdict(operation.run(&world.services, &World::anonymous(), "open").await);
        assert_eq!(got, nobody, "{operation:?}");
    }
}

#[tokio::test]
async fn only_project_administrators_change_a_project() {
    for is_public in [false, true] {
        let (world, people, stranger) = with_roles("p", is_public).await;
        let named = ProjectRef::Name("p".to_owned());
        let same = || harbor::ProjectReq { public: Some(is_public), ..Default::default() };
        for (cx, role) in people.iter().zip(Role::ALL) {
            let done = verdict(world.services.projects.update(cx, &named, same()).await);
            let expected = if role == Role::ProjectAdmin { Verdict::Allowed } else { Verdict::Forbidden };
            assert_eq!(done, expected, "{role}");
        }
        let done = verdict(world.services.projects.update(&stranger, &named, same()).await);
        assert_eq!(done, Verdict::Forbidden);
    }
}

#[tokio::test]
async fn administrators_of_the_system_may_do_everything_without_being_members() {
    let (world, _, boss) = with_roles("closed", false).await;
    let id = boss.user_id().expect("a user");
    world.services.users.set_admin(&world.admin().await, id, true).await.expect("made an administrator");
    let boss = world.cx("stranger").await.expect("signs in");
    for (operation, _) in TABLE {
        let got = verdict(operation.run(&world.services, &boss, "closed").await);
        assert_eq!(got, Verdict::Allowed, "{operation:?}");
    }
    assert_eq!(
        world
            .services
            .projects
            .list_rights(&boss, &ProjectRef::Name("closed".to_owned()))
            .await
            .map(|all| all.len())
            .ok(),
        Some(MATRIX.len())
    );
}

#[tokio::test]
async fn lists_of_rights_are_what_the_caller_may() {
    let (world, people, stranger) = with_roles("closed", false).await;
    let named = ProjectRef::Name("closed".to_owned());
    let guest = world.services.projects.list_rights(&people[3], &named).await.expect("a list");
    assert!(guest.contains(&(Resource::Repository, Action::Pull)));
    assert!(guest.contains(&(Resource::Member, Action::List)));
    assert!(!guest.contains(&(Resource::Repository, Action::Push)));
    let outside = world.services.projects.list_rights(&stranger, &named).await.expect("a list");
    assert_eq!(outside, []);
    assert_denied(
        world.services.projects.list_rights(&World::anonymous(), &named).await,
        Denial::NoCredentials,
    );
}

#[tokio::test]
async fn hidden_and_missing_are_told_in_the_same_words() {
    let (world, _, stranger) = with_roles("secret", false).await;
    for operation in [Operation::Pull, Operation::Push, Operation::RegistryDelete] {
        let hidden = operation.run(&world.services, &stranger, "secret").await.expect_err("hidden");
        let missing = operation.run(&world.services, &stranger, "absent").await.expect_err("missing");
        assert_eq!(hidden.to_string().replace("secret", "absent"), missing.to_string());
        let nobody = World::anonymous();
        let hidden = operation.run(&world.services, &nobody, "secret").await.expect_err("hidden");
        let missing = operation.run(&world.services, &nobody, "absent").await.expect_err("missing");
        assert_eq!(format!("{hidden:?}").replace("secret", "absent"), format!("{missing:?}"));
    }
    for operation in [Operation::ReadProject, Operation::ListRepositories, Operation::DeleteProject] {
        let hidden = operation.run(&world.services, &stranger, "secret").await.expect_err("hidden");
        let missing = operation.run(&world.services, &stranger, "absent").await.expect_err("missing");
        assert_eq!(format!("{hidden:?}"), format!("{missing:?}"), "{operation:?}");
    }
}

#[tokio::test]
async fn ids_of_hidden_and_missing_projects_are_told_in_the_same_words() {
    let world = World::new().await;
    let (ann, admin) = (world.user("ann").await, world.admin().await);
    let hidden = world.project("secret", false, &[]).await;
    let (projects, ann) = (&world.services.projects, &ann);
    let by_id = |id| async move { projects.get(ann, &ProjectRef::Id(id)).await };
    let (hidden, missing) = (by_id(hidden).await.expect_err("no"), by_id(999).await.expect_err("no"));
    assert_eq!(format!("{hidden:?}"), format!("{missing:?}"));
    assert!(matches!(hidden, Error::Forbidden(_)), "{hidden:?}");
    let missing = world.services.projects.get(&admin, &ProjectRef::Id(999)).await;
    assert_error!(missing, Error::NotFound(service::Kind::Project, _));
}

#[tokio::test]
async fn digest_known_to_a_stranger_opens_nothing() {
    let (world, people, stranger) = with_roles("closed", false).await;
    let layer = digest(b"layer of one");
    let own = world.user("own").await;
    world.project("own", false, &[(&own, Role::ProjectAdmin)]).await;
    push_image(&world.services, &own, "own/image", "v1", "two").await;
    let there = world.services.blobs.get(&own, &repository("own/image"), &layer).await;
    assert_error!(there, Error::NotFound(service::Kind::Blob, _));
    let source = repository("closed/image");
    let target = repository("own/image");
    for from in [Some(&source), None] {
        let is_mounted = world.services.uploads.mount(&own, &target, &layer, from).await.expect("no error");
        assert!(!is_mounted, "{from:?}");
    }
    let hidden = world.services.blobs.get(&stranger, &source, &layer).await;
    assert_error!(hidden, Error::Hidden(_));
    world.services.blobs.get(&people[4], &source, &layer).await.expect("a limited guest pulls");
}

#[tokio::test]
async fn blob_is_mounted_from_where_the_caller_may_pull() {
    let (world, people, _) = with_roles("closed", false).await;
    let guest = &people[3];
    world.project("own", false, &[(guest, Role::Developer)]).await;
    let (layer, target) = (digest(b"layer of one"), repository("own/copy"));
    let source = repository("closed/image");
    for from in [Some(&source), None] {
        assert!(world.services.uploads.mount(guest, &target, &layer, from).await.expect("no error"));
    }
    let back = world.services.uploads.mount(guest, &source, &layer, Some(&target)).await;
    assert_error!(back, Error::Forbidden(_));
    assert_eq!(digest_at(&world.services, guest, "own/copy", "v1").await, None);
}

#[tokio::test]
async fn catalog_shows_what_the_caller_sees() {
    let (world, people, stranger) = with_roles("closed", false).await;
    push_image(&world.services, &world.admin().await, "library/tool", "v1", "two").await;
    let seen = |cx: OpCtx| {
        let artifacts = world.services.artifacts.clone();
        async move { artifacts.list_catalog(&cx, (None, 10)).await.map(|(names, _)| names) }
    };
    assert_eq!(seen(stranger).await.expect("names"), ["library/tool"]);
    assert_eq!(seen(people[4].clone()).await.expect("names"), ["closed/image", "library/tool"]);
    assert_eq!(seen(world.admin().await).await.expect("names"), ["closed/image", "library/tool"]);
    assert_denied(seen(World::anonymous()).await, Denial::NoCredentials);
}
