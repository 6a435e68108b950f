//! A change of rights acts with its answer, whatever was cached before.

use futures::FutureExt;
use service::{Denial, Error, OpCtx, project::ProjectRef, testing::World};
use types::{harbor, page::Page, role::Role};

use crate::util::{assert_denied, assert_error, digest_at, push_image, reference, repository};

/// A private project `p` with the image `p/image:v1` and a member, whose rights were just used.
async fn used_rights(role: Role) -> (World, OpCtx, i64) {
    let world = World::new().await;
    let ann = world.user("ann").await;
    world.project("p", false, &[(&ann, role)]).await;
    push_image(&world.services, &world.admin().await, "p/image", "v1", "one").await;
    assert!(digest_at(&world.services, &ann, "p/image", "v1").await.is_some());
    let members = world.services.members.list(&world.admin().await, &p(), Some("ann"), Page::default()).await;
    let id = members.expect("a list").items[0].id;
    (world, ann, id)
}

fn p() -> ProjectRef {
    ProjectRef::Name("p".to_owned())
}

async fn pull(world: &World, cx: &OpCtx) -> Result<(), Error> {
    world.services.artifacts.get_manifest(cx, &repository("p/image"), &reference("v1"), false).await.map(drop)
}

async fn push(world: &World, cx: &OpCtx) -> Result<(), Error> {
    world.services.uploads.start(cx, &repository("p/image"), types::digest::Algorithm::Sha256).await.map(drop)
}

#[tokio::test]
async fn removed_member_is_out_at_once() {
    let (world, ann, member) = used_rights(Role::Developer).await;
    world.services.members.delete(&world.admin().await, &p(), member).await.expect("removed");
    assert_error!(pull(&world, &ann).await, Error::Hidden(_));
}

#[tokio::test]
async fn removed_member_is_out_though_nobody_waited_for_the_answer() {
    let (world, ann, member) = used_rights(Role::Developer).await;
    let admin = world.admin().await;
    let (p, q) = (p(), p());
    let mut removal = Box::pin(world.services.members.delete(&admin, &p, member));
    // The request is given up as soon as the removal is on its way.
    while removal.as_mut().now_or_never().is_none() {
        let left =
            world.services.members.list(&admin, &q, Some("ann"), Page::default()).await.expect("a list");
        if left.total == 0 {
            break;
        }
    }
    drop(removal);
    // What is written after it is answered after it.
    world.services.sessions.delete("s").await.expect("written");
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert_error!(pull(&world, &ann).await, Error::Hidden(_));
}

#[tokio::test]
async fn new_member_is_in_at_once() {
    let (world, _, _) = used_rights(Role::Developer).await;
    let bob = world.user("bob").await;
    assert_error!(pull(&world, &bob).await, Error::Hidden(_));
    let user = harbor::UserEntity { user_id: None, username: Some("bob".to_owned()) };
    let new = harbor::ProjectMember { role_id: Some(5), member_user: Some(user), member_group: None };
    world.services.members.create(&world.admin().await, &p(), new).await.expect("added");
    pull(&world, &bob).await.expect("a limited guest pulls");
}

#[tokio::test]
async fn changed_role_counts_at_once() {
    let (world, ann, member) = used_rights(Role::Developer).await;
    push(&world, &ann).await.expect("a developer pushes");
    let admin = world.admin().await;
    world.services.members.update(&admin, &p(), member, Some(3)).await.expect("a guest from now on");
    assert_error!(push(&world, &ann).await, Error::Forbidden(_));
    pull(&world, &ann).await.expect("a guest pulls");
    world.services.members.update(&admin, &p(), member, Some(4)).await.expect("a maintainer from now on");
    push(&world, &ann).await.expect("a maintainer pushes");
}

#[tokio::test]
async fn project_made_private_is_closed_at_once_and_opened_again() {
    let (world, _, _) = used_rights(Role::Developer).await;
    let bob = world.user("bob").await;
    let admin = world.admin().await;
    let make = |public| harbor::ProjectReq { public: Some(public), ..Default::default() };
    world.services.projects.update(&admin, &p(), make(true)).await.expect("public");
    pull(&world, &bob).await.expect("anyone pulls");
    pull(&world, &World::anonymous()).await.expect("anyone pulls");
    world.services.projects.update(&admin, &p(), make(false)).await.expect("private");
    assert_error!(pull(&world, &bob).await, Error::Hidden(_));
    assert_denied(pull(&world, &World::anonymous()).await, Denial::NoCredentials);
}

#[tokio::test]
async fn deleted_user_is_nobody_at_once() {
    let (world, ann, _) = used_rights(Role::Developer).await;
    let ann_id = ann.user_id().expect("a user");
    world.cx("ann").await.expect("signs in");
    world.services.users.delete(&world.admin().await, ann_id).await.expect("deleted");
    assert_eq!(world.services.authn.identity(ann_id, 1).await.expect("an answer"), None);
    assert_error!(pull(&world, &ann).await, Error::Hidden(_));
    assert_denied(world.cx("ann").await, Denial::BadCredentials);
}

#[tokio::test]
async fn made_and_unmade_administrator_counts_at_once() {
    let (world, ann, _) = used_rights(Role::LimitedGuest).await;
    let (admin, id) = (world.admin().await, ann.user_id().expect("a user"));
    let is_admin = || async {
        let identity = world.services.authn.identity(id, 1).await.expect("an answer");
        identity.expect("ann is there").is_admin
    };
    assert!(!is_admin().await);
    world.services.users.set_admin(&admin, id, true).await.expect("made");
    assert!(is_admin().await);
    assert!(world.cx("ann").await.expect("signs in").is_admin());
    world.services.users.set_admin(&admin, id, false).await.expect("unmade");
    assert!(!is_admin().await);
    assert!(!world.cx("ann").await.expect("signs in").is_admin());
}

#[tokio::test]
async fn deleted_project_is_gone_at_once_and_a_new_one_of_its_name_is_another() {
    let world = World::new().await;
    let ann = world.user("ann").await;
    world.project("p", false, &[(&ann, Role::Developer)]).await;
    push(&world, &ann).await.expect("a developer pushes");
    let admin = world.admin().await;
    world.services.projects.delete(&admin, &p()).await.expect("deleted");
    assert_error!(push(&world, &ann).await, Error::Hidden(_));
    let new = harbor::ProjectReq { project_name: Some("p".to_owned()), ..Default::default() };
    world.services.projects.create(&admin, new).await.expect("made again");
    assert_error!(push(&world, &ann).await, Error::Hidden(_));
}
