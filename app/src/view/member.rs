//! The members of a project.

use super::Rights;
use serde::{Deserialize, Serialize};
use types::{harbor::member::ProjectMemberEntity, page::Listed, role::Role};

/// The members of a project.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MemberList {
    /// What the caller may do in the project.
    pub rights: Rights,
    /// One page of its members, by name.
    pub members: Listed<MemberRow>,
}

/// A member of a project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberRow {
    /// The membership's id.
    pub id: i64,
    /// The user's id.
    pub user_id: i64,
    /// The user's name.
    pub name: String,
    /// The role.
    pub role: Option<Role>,
}

impl From<ProjectMemberEntity> for MemberRow {
    fn from(member: ProjectMemberEntity) -> Self {
        Self {
            id: member.id,
            user_id: member.entity_id,
            name: member.entity_name,
            role: i32::try_from(member.role_id).ok().and_then(Role::from_id),
        }
    }
}
