//! What the pages of members need from their service.

use types::{
    harbor::member::{ProjectMember, UserEntity},
    role::Role,
};

/// The user of this name, with a role.
pub fn new_member(name: String, role: Role) -> ProjectMember {
    ProjectMember {
        role_id: Some(role.id().into()),
        member_user: Some(UserEntity { user_id: None, username: Some(name) }),
        member_group: None,
    }
}
