//! Scopes of registry tokens, of which every text is one.

use std::collections::HashSet;

use types::scope::Scope;

/// One scope: written again it reads the same, and it has nothing that the text has not.
pub fn scope(text: &str) {
    let scope = Scope::parse(text);
    assert_eq!(Scope::parse(&scope.to_string()), scope, "{text:?}");
    assert!(!scope.kind.contains(':'), "{text:?}");
    actions_are_single(&scope);
    let actions: usize = scope.actions.iter().map(String::len).sum();
    assert!(scope.kind.len() + scope.name.len() + actions <= text.len(), "{text:?}");
    let pieces: Vec<&str> = text.split(':').collect();
    if let [kind, name @ .., actions] = pieces.as_slice()
        && !name.is_empty()
    {
        assert_eq!((scope.kind.as_str(), scope.name), (*kind, name.join(":")), "{text:?}");
        assert!(scope.actions.iter().all(|action| actions.split(',').any(|asked| asked == action)));
    }
}

/// The scopes of a request: one per type and name, and reading them again changes nothing.
pub fn scopes(text: &str) {
    let scopes = Scope::parse_all(text.split('&'));
    let different: HashSet<_> = scopes.iter().map(|scope| (&scope.kind, &scope.name)).collect();
    assert_eq!(different.len(), scopes.len(), "{text:?}");
    scopes.iter().for_each(actions_are_single);
    assert_eq!(Scope::parse_all(scopes.iter().map(Scope::to_string)), scopes, "{text:?}");
}

fn actions_are_single(scope: &Scope) {
    let different: HashSet<_> = scope.actions.iter().collect();
    assert_eq!(different.len(), scope.actions.len(), "{scope:?}");
    assert!(
        scope.actions.iter().all(|action| !action.is_empty() && !action.contains([',', ':'])),
        "{scope:?}"
    );
}
