//! What a robot may do: as a request says it, as it is stored, and as the API shows it.

use std::collections::{BTreeMap, HashMap};

use db::query::robot::{NewPermission, Permission};
use types::{
    harbor::{Access, RobotPermission},
    robot::{Level, ProjectRights, Rights, project_offers, system_offers},
    role::{Action, Resource, SystemResource},
};

use crate::Error;

/// The scopes of stored permissions.
const SYSTEM: &str = "system";
const EVERYWHERE: &str = "projects";
const PROJECT: &str = "project";

/// The namespaces of the system and of all projects.
const ROOT: &str = "/";
const ALL: &str = "*";

/// What a request asks for, within the catalogue; projects by name.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    rights: Rights,
    pub(super) projects: BTreeMap<String, ProjectRights>,
}

impl Wanted {
    /// Checks the permissions of a request. Errors: `Malformed`. Source: Harbor `handler/robot.go`, `validate`.
    pub(super) fn parse(level: Level, permissions: &[RobotPermission]) -> Result<Self, Error> {
        if permissions.is_empty() {
            return Err(malformed("bad request empty permission"));
        }
        if permissions.iter().any(|permission| permission.access.is_empty()) {
            return Err(malformed("bad request empty access"));
        }
        let is_of_project = |it: &RobotPermission| it.kind == Level::Project.as_str() && it.namespace != ALL;
        if level == Level::Project && !matches!(permissions, [only] if is_of_project(only)) {
            return Err(malformed("bad request permission"));
        }
        let mut wanted = Self::default();
        for permission in permissions {
            wanted.add(permission)?;
        }
        Ok(wanted)
    }

    fn add(&mut self, permission: &RobotPermission) -> Result<(), Error> {
        match Level::from_word(&permission.kind) {
            None => {
                let kind = &permission.kind;
                return Err(malformed(format!("bad request permission level: {kind}")));
            }
            Some(Level::System) if permission.namespace != ROOT => {
                return Err(malformed("unknown namespace"));
            }
            Some(Level::System) => {
                for access in &permission.access {
                    self.rights.system.insert(offered(access, SystemResource::from_word, system_offers)?);
                }
            }
            Some(Level::Project) => {
                let own = match permission.namespace.as_str() {
                    ALL => &mut self.rights.everywhere,
                    name => self.projects.entry(name.to_owned()).or_default(),
                };
                for access in &permission.access {
                    own.insert(offered(access, Resource::from_word, project_offers)?);
                }
            }
        }
        Ok(())
    }

    /// The rights, where these are the ids of the projects.
    pub(super) fn rights(self, ids: &BTreeMap<String, i64>, home: Option<i64>) -> Rights {
        let projects = self.projects.into_iter();
        let projects = projects.filter_map(|(name, rights)| Some((*ids.get(&name)?, rights))).collect();
        Rights { projects, home, ..self.rights }
    }
}

/// A right of the catalogue. A right that is taken away instead of given can't be kept, so it is refused.
fn offered<R: Copy>(
    access: &Access,
    resource: impl Fn(&str) -> Option<R>,
    is_offered: impl Fn(R, Action) -> bool,
) -> Result<(R, Action), Error> {
    let right = resource(&access.resource).zip(Action::from_word(&access.action));
    let right = right.filter(|(resource, action)| is_offered(*resource, *action));
    let right = right.filter(|_| matches!(access.effect.as_str(), "" | "allow"));
    right.ok_or_else(|| malformed(format!("bad request permission: {}:{}", access.resource, access.action)))
}

fn malformed(text: impl Into<String>) -> Error {
    Error::Malformed(text.into())
}

/// The rows of rights.
pub(super) fn rows(rights: &Rights) -> Vec<NewPermission> {
    let row = |scope, project_id, resource, action: &Action| NewPermission {
        scope,
        project_id,
        resource,
        action: action.as_str(),
    };
    let system = rights.system.iter().map(|(resource, action)| row(SYSTEM, None, resource.as_str(), action));
    let everywhere =
        rights.everywhere.iter().map(|(resource, action)| row(EVERYWHERE, None, resource.as_str(), action));
    let single = rights.projects.iter().flat_map(|(id, rights)| {
        rights.iter().map(move |(resource, action)| row(PROJECT, Some(*id), resource.as_str(), action))
    });
    system.chain(everywhere).chain(single).collect()
}

/// The rights of rows; what is not in the catalogue of this version is no right.
pub(super) fn read<'a>(home: Option<i64>, rows: impl IntoIterator<Item = &'a Permission>) -> Rights {
    let mut rights = Rights { home, ..Rights::default() };
    for row in rows {
        let Some(action) = Action::from_word(&row.action) else { continue };
        let resource = Resource::from_word(&row.resource).filter(|it| project_offers(*it, action));
        match (row.scope.as_str(), row.project_id, resource) {
            (SYSTEM, ..) => {
                let resource = SystemResource::from_word(&row.resource);
                let resource = resource.filter(|it| system_offers(*it, action));
                rights.system.extend(resource.map(|resource| (resource, action)));
            }
            (EVERYWHERE, _, Some(resource)) => {
                rights.everywhere.insert((resource, action));
            }
            (PROJECT, Some(project), Some(resource)) => {
                rights.projects.entry(project).or_default().insert((resource, action));
            }
            _ => {}
        }
    }
    rights
}

/// Rights as the API shows them, where these are the names of the projects.
pub(super) fn show(rights: &Rights, names: &HashMap<i64, String>) -> Vec<RobotPermission> {
    let mut shown = Vec::new();
    if !rights.system.is_empty() {
        let access = rights.system.iter().map(|(resource, action)| access(resource.as_str(), *action));
        shown.push(permission(Level::System, ROOT, access.collect()));
    }
    let of_project = |name: &str, rights: &ProjectRights| {
        let access = rights.iter().map(|(resource, action)| access(resource.as_str(), *action));
        permission(Level::Project, name, access.collect())
    };
    if !rights.everywhere.is_empty() {
        shown.push(of_project(ALL, &rights.everywhere));
    }
    let single = rights.projects.iter();
    shown.extend(single.filter_map(|(id, rights)| Some(of_project(names.get(id)?, rights))));
    shown
}

fn permission(kind: Level, namespace: &str, access: Vec<Access>) -> RobotPermission {
    RobotPermission { kind: kind.as_str().to_owned(), namespace: namespace.to_owned(), access }
}

fn access(resource: &str, action: Action) -> Access {
    Access { resource: resource.to_owned(), action: action.to_string(), effect: String::new() }
}
