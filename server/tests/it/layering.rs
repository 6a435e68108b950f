//! The dependency direction between our own crates.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, MetadataCommand};

/// What each crate may depend on; a crate that is not here may not exist.
const ALLOWED: [(&str, &[&str]); 10] = [
    ("app", &["service", "types"]),
    ("bench", &[]),
    ("db", &["migrations", "types"]),
    ("frontend", &["app"]),
    ("migrations", &[]),
    ("server", &["app", "service", "types"]),
    ("service", &["db", "storage", "types"]),
    ("storage", &["types"]),
    ("types", &[]),
    ("xtask", &[]),
];

#[test]
fn crates_depend_on_each_other_in_one_direction_only() {
    let metadata = MetadataCommand::new().no_deps().exec().unwrap();
    let allowed: BTreeMap<_, BTreeSet<_>> =
        ALLOWED.iter().map(|(name, on)| (*name, on.iter().copied().collect())).collect();
    for package in &metadata.packages {
        let expected = allowed.get(package.name.as_str());
        let expected = expected.unwrap_or_else(|| panic!("{} is not in the list of crates", package.name));
        for dependency in &package.dependencies {
            let is_ours = allowed.contains_key(dependency.name.as_str()) && dependency.path.is_some();
            let counts = is_ours && dependency.kind != DependencyKind::Development;
            let is_allowed = expected.contains(dependency.name.as_str());
            assert!(!counts || is_allowed, "{} must not depend on {}", package.name, dependency.name);
        }
    }
}
