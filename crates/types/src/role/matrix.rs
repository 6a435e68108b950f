//! The table of the role matrix; a table, so longer than other files.
//!
//! Lives here: one row per right a role can have in a project. Invariant: no resource and action appear twice.
//!
//! Source: Harbor's project role matrix.

use super::Action::{Create, Delete, List, Operate, Pull, Push, Read, Stop, Update};
use super::Resource::{
    Accessory, Artifact, ArtifactAddition, ArtifactLabel, Configuration, ExportCve, ImmutableTag, Label, Log,
    Member, Metadata, NotificationPolicy, PreheatPolicy, Project, Quota, Repository, Robot, Sbom, Scan,
    Scanner, Tag, TagRetention,
};
use super::Role::{Developer, Guest, LimitedGuest, Maintainer, ProjectAdmin};
use super::{Action, Resource, Role, Rule};

/// What the members of a project may do; a right that is not listed nobody has.
pub const MATRIX: &[Rule] = &[
    public(Project, Read, LimitedGuest),
    member(Project, Update, ProjectAdmin),
    member(Project, Delete, ProjectAdmin),
    member(Member, Create, ProjectAdmin),
    member(Member, Read, Guest),
    member(Member, Update, ProjectAdmin),
    member(Member, Delete, ProjectAdmin),
    member(Member, List, Guest),
    member(Metadata, Create, ProjectAdmin),
    member(Metadata, Read, Maintainer),
    member(Metadata, Update, ProjectAdmin),
    member(Metadata, Delete, ProjectAdmin),
    member(Log, List, ProjectAdmin),
    member(Label, Create, Maintainer),
    public(Label, Read, Guest),
    member(Label, Update, Maintainer),
    member(Label, Delete, Maintainer),
    public(Label, List, Guest),
    member(Quota, Read, LimitedGuest),
    member(Repository, Create, Developer),
    member(Repository, Read, LimitedGuest),
    member(Repository, Update, Developer),
    member(Repository, Delete, Maintainer),
    public(Repository, List, LimitedGuest),
    public(Repository, Pull, LimitedGuest),
    member(Repository, Push, Developer),
    member(TagRetention, Create, Developer),
    member(TagRetention, Read, Developer),
    member(TagRetention, Update, Developer),
    member(TagRetention, Delete, Developer),
    member(TagRetention, List, Developer),
    member(TagRetention, Operate, Developer),
    member(ImmutableTag, Create, Maintainer),
    member(ImmutableTag, Update, Maintainer),
    member(ImmutableTag, Delete, Maintainer),
    member(ImmutableTag, List, Maintainer),
    member(Configuration, Read, LimitedGuest),
    member(Configuration, Update, ProjectAdmin),
    member(Robot, Create, ProjectAdmin),
    member(Robot, Read, Guest),
    member(Robot, Update, ProjectAdmin),
    member(Robot, Delete, ProjectAdmin),
    member(Robot, List, Guest),
    member(NotificationPolicy, Create, ProjectAdmin),
    member(NotificationPolicy, Update, ProjectAdmin),
    member(NotificationPolicy, Delete, ProjectAdmin),
    member(NotificationPolicy, List, Maintainer),
    member(NotificationPolicy, Read, Maintainer),
    member(Scan, Create, Maintainer),
    public(Scan, Read, LimitedGuest),
    member(Scan, Stop, Maintainer),
    member(Sbom, Create, Maintainer),
    member(Sbom, Stop, Maintainer),
    member(Sbom, Read, LimitedGuest),
    public(Scanner, Read, LimitedGuest),
    member(Scanner, Create, ProjectAdmin),
    member(Artifact, Create, Developer),
    public(Artifact, Read, LimitedGuest),
    member(Artifact, Delete, Maintainer),
    public(Artifact, List, LimitedGuest),
    public(ArtifactAddition, Read, LimitedGuest),
    public(Tag, List, LimitedGuest),
    member(Tag, Create, Developer),
    member(Tag, Delete, Maintainer),
    public(Accessory, List, LimitedGuest),
    member(ArtifactLabel, Create, Developer),
    member(ArtifactLabel, Delete, Developer),
    member(PreheatPolicy, Create, ProjectAdmin),
    member(PreheatPolicy, Read, ProjectAdmin),
    member(PreheatPolicy, Update, ProjectAdmin),
    member(PreheatPolicy, Delete, ProjectAdmin),
    member(PreheatPolicy, List, ProjectAdmin),
    member(ExportCve, Create, Developer),
    member(ExportCve, Read, Developer),
    member(ExportCve, List, Developer),
];

/// A right of members alone.
const fn member(resource: Resource, action: Action, weakest: Role) -> Rule {
    Rule { resource, action, weakest, public: false }
}

/// A right everybody has on a public project.
const fn public(resource: Resource, action: Action, weakest: Role) -> Rule {
    Rule { resource, action, weakest, public: true }
}
