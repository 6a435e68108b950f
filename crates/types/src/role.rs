//! Roles in a project and what each may do.
//!
//! Lives here: the five roles, the resources of a project, and the answer to "may this role do that". Not here: who
//! has which role, and system administrators, who may do everything. Invariant: the strength of roles is a total
//! order and a stronger role may do everything a weaker one may.

mod matrix;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

pub use matrix::MATRIX;

/// A role of a member in a project.
///
/// Source: Harbor's role ids and names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Role {
    /// Everything in the project.
    ProjectAdmin = 1,
    /// Pushes and pulls.
    Developer = 2,
    /// Pulls, and sees members and robots.
    Guest = 3,
    /// Pushes, pulls and deletes.
    Maintainer = 4,
    /// Only pulls.
    LimitedGuest = 5,
}

impl Role {
    /// Every role, the strongest first.
    pub const ALL: [Self; 5] =
        [Self::ProjectAdmin, Self::Maintainer, Self::Developer, Self::Guest, Self::LimitedGuest];

    /// The number of the role in the REST API.
    pub fn id(self) -> i32 {
        self as i32
    }

    /// The role of a number.
    pub fn from_id(id: i32) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.id() == id)
    }

    /// The strength: larger is stronger, and what a weaker role may do a stronger one may too.
    pub fn rank(self) -> u8 {
        match self {
            Self::ProjectAdmin => 5,
            Self::Maintainer => 4,
            Self::Developer => 3,
            Self::Guest => 2,
            Self::LimitedGuest => 1,
        }
    }

    /// The name of the role in the REST API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ProjectAdmin => "projectAdmin",
            Self::Maintainer => "maintainer",
            Self::Developer => "developer",
            Self::Guest => "guest",
            Self::LimitedGuest => "limitedGuest",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A text that names no role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a role is one of projectAdmin, maintainer, developer, guest and limitedGuest")]
pub struct RoleError;

impl FromStr for Role {
    type Err = RoleError;

    fn from_str(text: &str) -> Result<Self, RoleError> {
        Self::ALL.into_iter().find(|role| role.as_str() == text).ok_or(RoleError)
    }
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
        }

        impl $name {
            /// Every value.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The word the REST API and tokens use.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                }
            }

            /// The value of a word.
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.as_str() == word)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

words!(
    /// A part of a project that rights are given on.
    Resource {
        /// The project itself; Harbor writes it as an empty name.
        Project = "project",
        /// Members.
        Member = "member",
        /// Metadata: the settings by key.
        Metadata = "metadata",
        /// The audit log.
        Log = "log",
        /// Labels of the project.
        Label = "label",
        /// The storage quota.
        Quota = "quota",
        /// Repositories.
        Repository = "repository",
        /// Retention rules of tags.
        TagRetention = "tag-retention",
        /// Immutability rules of tags.
        ImmutableTag = "immutable-tag",
        /// The configuration page.
        Configuration = "configuration",
        /// Robot accounts.
        Robot = "robot",
        /// Webhooks.
        NotificationPolicy = "notification-policy",
        /// Vulnerability scans.
        Scan = "scan",
        /// Bills of materials.
        Sbom = "sbom",
        /// The scanner the project uses.
        Scanner = "scanner",
        /// Artifacts.
        Artifact = "artifact",
        /// What belongs to an artifact: build history, readme, vulnerabilities.
        ArtifactAddition = "artifact-addition",
        /// Tags.
        Tag = "tag",
        /// Signatures and the like that are attached to an artifact.
        Accessory = "accessory",
        /// Labels on an artifact.
        ArtifactLabel = "artifact-label",
        /// Preheating of peer-to-peer networks.
        PreheatPolicy = "preheat-policy",
        /// Exports of vulnerability data.
        ExportCve = "export-cve",
    }
);

words!(
    /// Something done with a [`Resource`].
    Action {
        /// Make one.
        Create = "create",
        /// Look at one.
        Read = "read",
        /// Change one.
        Update = "update",
        /// Remove one.
        Delete = "delete",
        /// Look at all.
        List = "list",
        /// Download content.
        Pull = "pull",
        /// Upload content.
        Push = "push",
        /// Run or interrupt.
        Operate = "operate",
        /// Interrupt.
        Stop = "stop",
    }
);

impl Action {
    /// Whether nothing is changed by it.
    pub fn is_reading(self) -> bool {
        match self {
            Self::Read | Self::List | Self::Pull => true,
            Self::Create | Self::Update | Self::Delete | Self::Push | Self::Operate | Self::Stop => false,
        }
    }
}

words!(
    /// A part of the system, outside of projects, that rights are given on.
    SystemResource {
        /// The audit log of everything.
        AuditLog = "audit-log",
        /// The list of all repositories.
        Catalog = "catalog",
        /// The configuration.
        Configuration = "configuration",
        /// Garbage collections.
        GarbageCollection = "garbage-collection",
        /// Queues, workers and jobs.
        JobserviceMonitor = "jobservice-monitor",
        /// Labels of the system.
        Label = "label",
        /// Users of a directory.
        LdapUser = "ldap-user",
        /// Instances of peer-to-peer networks.
        PreheatInstance = "preheat-instance",
        /// Projects, all of them.
        Project = "project",
        /// Removal of old rows of the audit log.
        PurgeAudit = "purge-audit",
        /// Quotas of projects.
        Quota = "quota",
        /// Other registries.
        Registry = "registry",
        /// Runs of replications.
        Replication = "replication",
        /// Kinds of other registries.
        ReplicationAdapter = "replication-adapter",
        /// Rules of replications.
        ReplicationPolicy = "replication-policy",
        /// Robots of the system.
        Robot = "robot",
        /// Scans of everything.
        ScanAll = "scan-all",
        /// Scanners.
        Scanner = "scanner",
        /// Vulnerabilities everywhere.
        SecurityHub = "security-hub",
        /// How much is stored.
        SystemVolumes = "system-volumes",
        /// Users.
        User = "user",
        /// Groups of users.
        UserGroup = "user-group",
    }
);

/// One row of the role matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// On what.
    pub resource: Resource,
    /// Which action.
    pub action: Action,
    /// The weakest role that may.
    pub weakest: Role,
    /// Whether anybody may on a public project, even without signing in.
    pub public: bool,
}

/// Whether a member with a role may do something in the project; what is not in the matrix nobody may.
pub fn role_allows(role: Role, resource: Resource, action: Action) -> bool {
    rule(resource, action).is_some_and(|rule| role.rank() >= rule.weakest.rank())
}

/// Whether anybody may do something in a public project, even without signing in.
pub fn public_allows(resource: Resource, action: Action) -> bool {
    rule(resource, action).is_some_and(|rule| rule.public)
}

fn rule(resource: Resource, action: Action) -> Option<&'static Rule> {
    MATRIX.iter().find(|rule| rule.resource == resource && rule.action == action)
}
