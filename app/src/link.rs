//! The addresses of pages: made here, and read by the route table.

use crate::format::{encode, encode_path};

/// Where everybody starts.
pub const HOME: &str = "/";
/// The list of projects.
pub const PROJECTS: &str = "/projects";
/// Signing in.
pub const SIGN_IN: &str = "/sign-in";
/// Making an account.
pub const REGISTER: &str = "/register";
/// One's own account.
pub const ACCOUNT: &str = "/account";
/// The users, for administrators.
pub const USERS: &str = "/administration/users";
/// The state of the system, for administrators.
pub const HEALTH: &str = "/administration/health";
/// What was found.
pub const SEARCH: &str = "/search";

/// A project's repositories.
pub fn project(name: &str) -> String {
    format!("{PROJECTS}/{}", encode(name))
}

/// A project's members.
pub fn members(project_name: &str) -> String {
    format!("{}/members", project(project_name))
}

/// What was done in a project.
pub fn activity(project_name: &str) -> String {
    format!("{}/activity", project(project_name))
}

/// A project's settings.
pub fn settings(project_name: &str) -> String {
    format!("{}/settings", project(project_name))
}

/// A repository, by its full name.
pub fn repository(name: &str) -> String {
    let (project_name, path) = name.split_once('/').unwrap_or((name, ""));
    format!("{}/repositories/{}", project(project_name), encode_path(path))
}

/// An artifact of a repository, as one would name it to pull it.
pub fn artifact(repository_name: &str, digest: &str) -> String {
    format!("{}@{digest}", repository(repository_name))
}

/// Signing in, and then going on to `next`.
pub fn sign_in_for(next: &str) -> String {
    format!("{SIGN_IN}?next={}", encode(next))
}

/// `path` with those `values` that are not empty.
pub fn with_query(path: &str, values: &[(&str, &str)]) -> String {
    let mut address = path.to_owned();
    for (name, value) in values.iter().filter(|(_, value)| !value.is_empty()) {
        address.push(if address.contains('?') { '&' } else { '?' });
        address.push_str(name);
        address.push('=');
        address.push_str(&encode(value));
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_artifact_is_addressed_as_it_is_pulled() {
        assert_eq!(
            artifact("library/team/web", "sha256:abc"),
            "/projects/library/repositories/team/web@sha256:abc"
        );
        assert_eq!(members("a b"), "/projects/a%20b/members");
    }

    #[test]
    fn empty_values_stay_out_of_an_address() {
        assert_eq!(
            with_query("/projects", &[("q", ""), ("sort", "-name"), ("page", "")]),
            "/projects?sort=-name"
        );
        assert_eq!(with_query("/projects", &[("q", "a&b"), ("page", "2")]), "/projects?q=a%26b&page=2");
        assert_eq!(with_query("/projects", &[]), "/projects");
    }
}
