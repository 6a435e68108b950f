use std::collections::{BTreeMap, BTreeSet};

use types::role::{Action, MATRIX, Resource, Role, public_allows, role_allows};

/// Harbor's matrix: a row per right, a column per role, then the public project.
const FIXTURE: &str = include_str!("../fixtures/role_matrix.tsv");

/// Who has a right: the roles by name, and `public` for everybody on a public project.
type Rights = BTreeMap<(String, String), BTreeSet<String>>;

fn expected() -> Rights {
    let mut lines = FIXTURE.lines();
    let columns: Vec<&str> = lines.next().unwrap_or_default().split('\t').skip(2).collect();
    assert_eq!(columns, ["projectAdmin", "maintainer", "developer", "guest", "limitedGuest", "public"]);
    let mut rights = Rights::new();
    for line in lines {
        let cells: Vec<&str> = line.split('\t').collect();
        let [resource, action, answers @ ..] = cells.as_slice() else { panic!("a short row: {line}") };
        assert_eq!(answers.len(), columns.len(), "{line}");
        assert!(answers.iter().all(|answer| ["yes", "-"].contains(answer)), "{line}");
        let who = columns.iter().zip(answers).filter(|(_, answer)| **answer == "yes");
        let who = who.map(|(column, _)| (*column).to_owned()).collect();
        let twice = rights.insert(((*resource).to_owned(), (*action).to_owned()), who);
        assert_eq!(twice, None, "{line}");
    }
    rights
}

fn answered() -> Rights {
    let mut rights = Rights::new();
    for &resource in Resource::ALL {
        for &action in Action::ALL {
            let roles = Role::ALL.into_iter().filter(|role| role_allows(*role, resource, action));
            let mut who: BTreeSet<String> = roles.map(|role| role.to_string()).collect();
            if public_allows(resource, action) {
                who.insert("public".to_owned());
            }
            if !who.is_empty() {
                rights.insert((resource.to_string(), action.to_string()), who);
            }
        }
    }
    rights
}

#[test]
fn every_right_of_the_reference_is_given() {
    let answered = answered();
    let expected = expected();
    assert_eq!(expected.len(), 75);
    for (right, who) in expected {
        assert_eq!(answered.get(&right), Some(&who), "{right:?}");
    }
}

#[test]
fn no_right_outside_the_reference_is_given() {
    let expected = expected();
    for (right, who) in answered() {
        assert_eq!(expected.get(&right), Some(&who), "{right:?}");
    }
}

#[test]
fn every_resource_and_action_of_the_reference_exists_and_no_other() {
    let words =
        |of: fn(&(String, String)) -> &String| expected().keys().map(of).cloned().collect::<BTreeSet<_>>();
    let resources: BTreeSet<_> = Resource::ALL.iter().map(ToString::to_string).collect();
    let actions: BTreeSet<_> = Action::ALL.iter().map(ToString::to_string).collect();
    assert_eq!(words(|right| &right.0), resources);
    assert_eq!(words(|right| &right.1), actions);
}

#[test]
fn the_rules_one_would_guess_wrong_hold() {
    assert!(!role_allows(Role::ProjectAdmin, Resource::Metadata, Action::List));
    assert!(!role_allows(Role::Maintainer, Resource::Log, Action::List));
    assert!(!role_allows(Role::Developer, Resource::Repository, Action::Delete));
    assert!(role_allows(Role::Guest, Resource::Robot, Action::List));
    assert!(!role_allows(Role::LimitedGuest, Resource::Member, Action::List));
    assert!(public_allows(Resource::Repository, Action::List));
    assert!(!public_allows(Resource::Repository, Action::Read));
    assert!(!public_allows(Resource::Repository, Action::Push));
}

#[test]
fn no_right_has_two_rules() {
    let rights: BTreeSet<_> = MATRIX.iter().map(|rule| (rule.resource, rule.action)).collect();
    assert_eq!(rights.len(), MATRIX.len());
}

#[test]
fn roles_keep_the_ids_and_names_of_the_rest_api() {
    let table = [
        (1, "projectAdmin", Role::ProjectAdmin),
        (2, "developer", Role::Developer),
        (3, "guest", Role::Guest),
        (4, "maintainer", Role::Maintainer),
        (5, "limitedGuest", Role::LimitedGuest),
    ];
    for (id, name, role) in table {
        assert_eq!((role.id(), Role::from_id(id)), (id, Some(role)));
        assert_eq!((role.as_str(), name.parse()), (name, Ok(role)));
        assert_eq!(serde_json::to_string(&role).unwrap(), format!("\"{name}\""));
    }
    for id in [i32::MIN, -1, 0, 6, i32::MAX] {
        assert_eq!(Role::from_id(id), None);
    }
}

#[test]
fn all_roles_are_ordered_from_the_strongest() {
    assert!(Role::ALL.is_sorted_by(|stronger, weaker| stronger.rank() > weaker.rank()));
}
