//! Robots: accounts of machines, whose rights are data.
//!
//! Lives here: where a robot belongs, what it can be given, and the answer to "may this robot do that". Not here: who may
//! make one, and what visitors of a public project may do besides. Invariant: [`Rights`] hold only what is in the
//! catalogue.
//!
//! Source: Harbor's robot accounts, `src/common/rbac/const.go` and `src/controller/robot`.

mod catalogue;

use std::collections::{BTreeMap, BTreeSet};

pub use catalogue::{PROJECT_CATALOGUE, SYSTEM_CATALOGUE};

use crate::role::{Action, Resource, SystemResource};

/// The longest life of a robot, in days. Source: Harbor `isValidDuration`, below the largest 32-bit number.
pub const MAX_DURATION_DAYS: i64 = 2_147_483_646;

/// The life of a robot that never ends.
pub const NEVER_ENDS: i64 = -1;

/// The life of a robot when nobody says, in days. Source: Harbor's `robot_token_duration`.
pub const DEFAULT_DURATION_DAYS: i64 = 30;

/// What stands before the name of a robot when nobody says. Source: Harbor's `robot_name_prefix`.
pub const DEFAULT_PREFIX: &str = "robot$";

/// Where a robot belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Level {
    /// To the system.
    System,
    /// To one project, with which it ends.
    Project,
}

impl Level {
    /// The word of the REST API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Project => "project",
        }
    }

    /// The level of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::System, Self::Project].into_iter().find(|level| level.as_str() == word)
    }
}

/// Rights on resources of a project.
pub type ProjectRights = BTreeSet<(Resource, Action)>;

/// What one robot may do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rights {
    /// Outside of projects.
    pub system: BTreeSet<(SystemResource, Action)>,
    /// In every project there is, those to come included.
    pub everywhere: ProjectRights,
    /// In single projects, by id.
    pub projects: BTreeMap<i64, ProjectRights>,
    /// The project the robot belongs to; none for one of the system.
    pub home: Option<i64>,
}

impl Rights {
    /// Whether the robot may do something outside of projects.
    pub fn allow_system(&self, resource: SystemResource, action: Action) -> bool {
        self.system.contains(&(resource, action))
    }

    /// Whether the robot may do something in a project.
    ///
    /// In its own project, a robot that pushes also pulls; a robot of the system does not. Source: Harbor
    /// `src/common/security/robot`.
    pub fn allow(&self, project: i64, resource: Resource, action: Action) -> bool {
        let holds = |action| {
            self.everywhere.contains(&(resource, action))
                || self.projects.get(&project).is_some_and(|rights| rights.contains(&(resource, action)))
        };
        holds(action) || (self.home == Some(project) && action == Action::Pull && holds(Action::Push))
    }

    /// Whether the robot may do anything in a project.
    pub fn reach(&self, project: i64) -> bool {
        !self.everywhere.is_empty() || self.projects.contains_key(&project)
    }

    /// Whether the robot may do anything in any project.
    pub fn reach_any(&self) -> bool {
        !self.everywhere.is_empty() || !self.projects.is_empty()
    }

    /// Whether everything that `other` may do this robot may do too, so that it can make a robot with those rights.
    pub fn cover(&self, other: &Self) -> bool {
        let in_projects = other.projects.iter().all(|(project, rights)| {
            let implied = rights
                .iter()
                .filter(|right| {
                    other.home == Some(*project) && **right == (Resource::Repository, Action::Push)
                })
                .map(|(resource, _)| (*resource, Action::Pull));
            rights
                .iter()
                .copied()
                .chain(implied)
                .all(|(resource, action)| self.allow(*project, resource, action))
        });
        in_projects && other.system.is_subset(&self.system) && other.everywhere.is_subset(&self.everywhere)
    }
}

/// Whether a robot can be given something outside of projects.
pub fn system_offers(resource: SystemResource, action: Action) -> bool {
    SYSTEM_CATALOGUE.iter().any(|(known, actions)| *known == resource && actions.contains(&action))
}

/// Whether a robot can be given something in projects.
pub fn project_offers(resource: Resource, action: Action) -> bool {
    PROJECT_CATALOGUE.iter().any(|(known, actions)| *known == resource && actions.contains(&action))
}
