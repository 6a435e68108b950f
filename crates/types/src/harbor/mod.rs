//! The JSON bodies of the `/api/v2.0` door, shaped exactly as Harbor's swagger describes them.
//!
//! Here live shapes only: what is required, allowed or defaulted is decided by the services. A field is left out, `null`
//! or zero exactly where Harbor's own answers are, because clients have learnt those answers and not the swagger file.

pub mod artifact;
pub mod audit;
pub mod error;
pub mod gc;
pub mod member;
mod nullable;
pub mod project;
pub mod repository;
pub mod robot;
pub mod system;
pub mod tag;
pub mod time;
pub mod user;

pub use artifact::{
    Accessory, AdditionLink, AdditionLinks, Annotations, Artifact, ExtraAttrs, Label, Platform, Reference,
};
pub use audit::AuditLog;
pub use error::{Error, Errors};
pub use gc::{GCHistory, Schedule, ScheduleObj};
pub use member::{ProjectMember, ProjectMemberEntity, RoleRequest, UserEntity, UserGroup};
pub use project::{CVEAllowlist, CVEAllowlistItem, Project, ProjectMetadata, ProjectReq};
pub use repository::Repository;
pub use robot::{Access, Permissions, Robot, RobotCreate, RobotCreateV1, RobotPermission, RobotSec};
pub use system::{ComponentHealthStatus, GeneralInfo, OverallHealthStatus};
pub use tag::{Tag, TagChange};
pub use user::{
    PasswordReq, Permission, UserCreationReq, UserProfile, UserResp, UserSearchRespItem, UserSysAdminFlag,
};

#[cfg(test)]
mod tests;
