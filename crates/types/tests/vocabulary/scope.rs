use proptest::prelude::*;
use types::scope::{Access, Scope};

fn scope(kind: &str, name: &str, actions: &[&str]) -> Scope {
    Scope {
        kind: kind.to_owned(),
        name: name.to_owned(),
        actions: actions.iter().map(|action| (*action).to_owned()).collect(),
    }
}

#[test]
fn the_first_piece_is_the_type_and_the_last_the_actions() {
    let table = [
        ("repository:a/b:pull,push", scope("repository", "a/b", &["pull", "push"])),
        ("repository:host:5000/a/b:pull", scope("repository", "host:5000/a/b", &["pull"])),
        ("registry:catalog:*", scope("registry", "catalog", &["*"])),
        ("repository", scope("repository", "", &[])),
        ("repository:a/b", scope("repository", "a/b", &[])),
        ("repository:a/b:", scope("repository", "a/b", &[])),
        ("repository::pull", scope("repository", "", &["pull"])),
        ("repository:a/b:,pull,,pull,", scope("repository", "a/b", &["pull"])),
        ("repository(plugin):a/b:pull", scope("repository(plugin)", "a/b", &["pull"])),
        (":::", scope("", ":", &[])),
        ("", scope("", "", &[])),
    ];
    for (text, expected) in table {
        assert_eq!(Scope::parse(text), expected, "{text:?}");
    }
}

#[test]
fn values_are_split_on_spaces_and_merged() {
    let values =
        ["repository:a/b:pull  repository:c/d:pull", "", " ", "repository:a/b:push,pull registry:a/b:*"];
    assert_eq!(
        Scope::parse_all(values),
        [
            scope("repository", "a/b", &["pull", "push"]),
            scope("repository", "c/d", &["pull"]),
            scope("registry", "a/b", &["*"]),
        ]
    );
    assert_eq!(Scope::parse_all(Vec::<String>::new()), []);
}

#[test]
fn an_access_entry_has_the_shape_of_the_token_claim() {
    let access =
        Access { kind: "repository".to_owned(), name: "a/b".to_owned(), actions: vec!["pull".to_owned()] };
    let json = r#"{"type":"repository","name":"a/b","actions":["pull"]}"#;
    assert_eq!(serde_json::to_string(&access).unwrap(), json);
    assert_eq!(serde_json::from_str::<Access>(json).unwrap(), access);
}

#[test]
fn an_access_entry_grants_only_what_it_names() {
    let pull =
        Access { kind: "repository".to_owned(), name: "a/b".to_owned(), actions: vec!["pull".to_owned()] };
    assert!(pull.grants("repository", "a/b", "pull"));
    for (kind, name, action) in [
        ("repository", "a/b", "push"),
        ("repository", "a/b/c", "pull"),
        ("registry", "a/b", "pull"),
        ("", "", ""),
    ] {
        assert!(!pull.grants(kind, name, action), "{kind} {name} {action}");
    }
    let every = Access { actions: vec!["*".to_owned()], ..pull };
    assert!(every.grants("repository", "a/b", "delete"));
}

proptest! {
    #[test]
    fn what_is_displayed_parses_to_the_same(
        kind in "[a-z()]{0,12}", name in "[a-z0-9/:._-]{0,20}", actions in prop::collection::btree_set("[a-z*-]{1,8}", 0..5)
    ) {
        let scope = Scope { kind, name, actions: actions.into_iter().collect() };
        prop_assert_eq!(Scope::parse(&scope.to_string()), scope);
    }

    #[test]
    fn any_text_is_read_and_reading_is_stable(text in any::<String>()) {
        let scope = Scope::parse(&text);
        prop_assert_eq!(Scope::parse(&scope.to_string()), scope);
    }

    #[test]
    fn merged_scopes_are_all_different(texts in prop::collection::vec("[ab]:[ab]:[ab,]{0,4}( [ab]:[ab])?", 0..8)) {
        let scopes = Scope::parse_all(&texts);
        for (place, scope) in scopes.iter().enumerate() {
            prop_assert!(scopes.iter().skip(place + 1).all(|other| (&other.kind, &other.name) != (&scope.kind, &scope.name)));
        }
    }
}
