//! The table of what a robot can be given; nothing else can.
//!
//! Invariant: no resource appears twice in a table, and no robot changes a robot: `robot` has no `update`.
//!
//! Source: Harbor's `GET /permissions`, `src/common/rbac/const.go`.

use crate::role::{
    Action::{self, Create, Delete, List, Pull, Push, Read, Stop, Update},
    Resource, SystemResource,
};

/// Outside of projects.
pub const SYSTEM_CATALOGUE: &[(SystemResource, &[Action])] = &[
    (SystemResource::AuditLog, &[List]),
    (SystemResource::PreheatInstance, &[Read, Create, Delete, List, Update]),
    (SystemResource::Project, &[List, Create]),
    (SystemResource::ReplicationPolicy, &[Read, Create, Delete, List, Update]),
    (SystemResource::Replication, &[Read, Create, List]),
    (SystemResource::ReplicationAdapter, &[List]),
    (SystemResource::Registry, &[Read, Create, Delete, List, Update]),
    (SystemResource::ScanAll, &[Read, Update, Stop, Create]),
    (SystemResource::SystemVolumes, &[Read]),
    (SystemResource::GarbageCollection, &[Read, Create, List, Update, Stop]),
    (SystemResource::PurgeAudit, &[Read, Create, List, Update, Stop]),
    (SystemResource::JobserviceMonitor, &[List, Stop]),
    (SystemResource::Scanner, &[Read, Create, Delete, List, Update]),
    (SystemResource::Label, &[Read, Create, Delete, Update]),
    (SystemResource::SecurityHub, &[Read, List]),
    (SystemResource::Catalog, &[Read]),
    (SystemResource::Quota, &[Read, List, Update]),
    (SystemResource::Robot, &[Create, Read, List, Delete]),
    (SystemResource::User, &[Create, Read, Update, List, Delete]),
    (SystemResource::LdapUser, &[Create, List]),
    (SystemResource::UserGroup, &[Create, Read, Update, List, Delete]),
];

/// In projects.
pub const PROJECT_CATALOGUE: &[(Resource, &[Action])] = &[
    (Resource::Log, &[List]),
    (Resource::Project, &[Read, Delete, Update]),
    (Resource::Metadata, &[Read, Create, Delete, List, Update]),
    (Resource::Repository, &[Read, Update, Delete, List, Pull, Push]),
    (Resource::Artifact, &[Read, Create, List, Delete]),
    (Resource::Scan, &[Create, Read, Stop]),
    (Resource::Sbom, &[Create, Stop, Read]),
    (Resource::Tag, &[Create, List, Delete]),
    (Resource::Accessory, &[List]),
    (Resource::ArtifactAddition, &[Read]),
    (Resource::ArtifactLabel, &[Create, Delete]),
    (Resource::Scanner, &[Create, Read]),
    (Resource::PreheatPolicy, &[Read, Create, Delete, List, Update]),
    (Resource::ImmutableTag, &[Create, Delete, List, Update]),
    (Resource::NotificationPolicy, &[Read, Create, Delete, List, Update]),
    (Resource::TagRetention, &[Read, Create, Delete, List, Update]),
    (Resource::Label, &[Read, Create, Delete, List, Update]),
    (Resource::Quota, &[Read]),
    (Resource::Robot, &[Create, Read, List, Delete]),
    (Resource::ExportCve, &[Create, Read]),
    (Resource::Member, &[Create, Read, Update, List, Delete]),
];
