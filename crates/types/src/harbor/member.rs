//! Bodies of `/projects/{project_name_or_id}/members`.

use serde::{Deserialize, Serialize};

/// A member as listed and shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProjectMemberEntity {
    /// The id of the membership.
    pub id: i64,
    /// The project.
    pub project_id: i64,
    /// The name of the user or the group.
    pub entity_name: String,
    /// The role's name, such as `projectAdmin`.
    pub role_name: String,
    /// The role's id, 1 to 5.
    pub role_id: i64,
    /// The id of the user or the group.
    pub entity_id: i64,
    /// `u` for a user, `g` for a group.
    pub entity_type: String,
}

/// Body of the request that adds a member: a role, and either a user or a group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProjectMember {
    /// The role's id, 1 to 5.
    pub role_id: Option<i64>,
    /// The user to be added.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member_user: Option<UserEntity>,
    /// The group to be added.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member_group: Option<UserGroup>,
}

/// A user, named by id or by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct UserEntity {
    /// The user's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<i64>,
    /// The user's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
}

/// A group, named by id, by its name in a directory, or by name and type.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct UserGroup {
    /// The group's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
    /// The group's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_name: Option<String>,
    /// Where the group comes from: 1 LDAP, 2 HTTP, 3 OIDC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_type: Option<i64>,
    /// The group's distinguished name in LDAP.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ldap_group_dn: Option<String>,
}

/// Body of the request that changes a member's role.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RoleRequest {
    /// The role's id, 1 to 5.
    pub role_id: Option<i64>,
}
