//! What the page of a project decides from its data.

use crate::view::{RegistryAddress, SessionUser};
use types::{
    harbor::project::Project,
    role::{Action, Resource, Role, role_allows},
};

/// Whether everybody may see the project; Harbor writes its flags as text.
pub fn is_public(project: &Project) -> bool {
    project.metadata.public.as_deref() == Some("true")
}

/// The visitor's role in the project; 0 on the wire is none.
pub fn role(project: &Project) -> Option<Role> {
    i32::try_from(project.current_user_role_id).ok().and_then(Role::from_id)
}

/// Whether the commands for pushing are of use to this visitor. The registry itself decides again.
pub fn may_push(project: &Project, user: Option<&SessionUser>) -> bool {
    let Some(user) = user else { return false };
    user.is_admin || role(project).is_some_and(|role| role_allows(role, Resource::Repository, Action::Push))
}

/// Whether docker refuses the address until it is told to accept plain HTTP; it accepts loopback as it is.
///
/// Source: docker's documentation of `insecure-registries`: 127.0.0.0/8 is insecure by default.
pub fn needs_insecure_registry(registry: &RegistryAddress) -> bool {
    let name = registry.host.rsplit_once(':').map_or(registry.host.as_str(), |(name, _)| name);
    let is_loopback = name == "localhost" || name == "[::1]" || name.starts_with("127.");
    !registry.secure && !is_loopback
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_needs_a_hint_unless_it_stays_on_this_machine() {
        for (host, secure, expected) in [
            ("localhost:8080", false, false),
            ("127.0.0.1:8080", false, false),
            ("[::1]:8080", false, false),
            ("berth.test:8080", false, true),
            ("registry.example.org", false, true),
            ("registry.example.org", true, false),
        ] {
            let registry = RegistryAddress { host: host.to_owned(), secure };
            assert_eq!(needs_insecure_registry(&registry), expected, "{host}");
        }
    }
}
