//! Members of projects.

use service::{Error, Kind, OpCtx, project::ProjectRef, testing::World};
use types::{harbor, page::Page, role::Role};

use crate::util::assert_error;

fn p() -> ProjectRef {
    ProjectRef::Name("p".to_owned())
}

fn new_member(user: Option<harbor::UserEntity>, role_id: Option<i64>) -> harbor::ProjectMember {
    harbor::ProjectMember { role_id, member_user: user, member_group: None }
}

fn by_name(name: &str) -> harbor::UserEntity {
    harbor::UserEntity { user_id: None, username: Some(name.to_owned()) }
}

/// `ann` administers `p`.
async fn world() -> (World, OpCtx) {
    let world = World::new().await;
    let ann = world.user("ann").await;
    world.project("p", false, &[(&ann, Role::ProjectAdmin)]).await;
    (world, ann)
}

#[tokio::test]
async fn member_is_added_by_name_or_id_changed_and_removed() {
    let (world, ann) = world().await;
    let (bob, members) = (world.user("bob").await, &world.services.members);
    world.user("cy").await;
    let by_id = Some(harbor::UserEntity { user_id: bob.user_id(), username: None });
    let first = members.create(&ann, &p(), new_member(by_id, Some(2))).await.expect("added");
    members.create(&ann, &p(), new_member(Some(by_name("cy")), Some(5))).await.expect("added");
    members.update(&ann, &p(), first, Some(4)).await.expect("changed");
    let shown = members.get(&ann, &p(), first).await.expect("shown");
    assert_eq!(
        (shown.entity_name.as_str(), shown.role_name.as_str(), shown.role_id),
        ("bob", "maintainer", 4)
    );
    members.delete(&ann, &p(), first).await.expect("removed");
    assert_error!(members.get(&ann, &p(), first).await, Error::NotFound(Kind::Member, _));
    assert_error!(members.delete(&ann, &p(), first).await, Error::NotFound(Kind::Member, _));
    let left = members.list(&ann, &p(), None, Page::default()).await.expect("a list");
    let left: Vec<_> = left.items.iter().map(|one| (one.entity_name.as_str(), one.role_id)).collect();
    assert_eq!(left, [("ann", 1), ("cy", 5)]);
}

#[tokio::test]
async fn values_that_break_a_rule_are_refused() {
    let (world, ann) = world().await;
    let members = &world.services.members;
    world.user("bob").await;
    for role_id in [None, Some(0), Some(6), Some(-1), Some(i64::MAX)] {
        let done = members.create(&ann, &p(), new_member(Some(by_name("bob")), role_id)).await;
        assert_error!(done, Error::Invalid { field: "role_id", .. });
    }
    assert_error!(
        members.create(&ann, &p(), new_member(None, Some(2))).await,
        Error::Invalid { field: "member_user", .. }
    );
    let done = members.create(&ann, &p(), new_member(Some(by_name("nobody")), Some(2))).await;
    assert_error!(done, Error::NotFound(Kind::User, _));
    let done = members.create(&ann, &p(), new_member(Some(by_name("ann")), Some(2))).await;
    assert_error!(done, Error::AlreadyExists(_));
}

#[tokio::test]
async fn member_of_another_project_can_not_be_reached() {
    let (world, ann) = world().await;
    let bob = world.user("bob").await;
    world.project("q", false, &[(&bob, Role::ProjectAdmin)]).await;
    let members = &world.services.members;
    let q = ProjectRef::Name("q".to_owned());
    let other = members.list(&bob, &q, None, Page::default()).await.expect("a list").items[0].id;
    assert_error!(members.get(&ann, &p(), other).await, Error::NotFound(Kind::Member, _));
    assert_error!(members.update(&ann, &p(), other, Some(5)).await, Error::NotFound(Kind::Member, _));
    assert_error!(members.delete(&ann, &p(), other).await, Error::NotFound(Kind::Member, _));
    let shown = members.get(&bob, &q, other).await.expect("shown");
    assert_eq!(shown.role_id, 1, "nothing changed");
}
