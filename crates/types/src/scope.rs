//! Scopes of registry tokens, `type:name:actions`.
//!
//! Lives here: the grammar a client asks in and the `access` entry a token carries. Not here: which actions are
//! granted. Invariant: an action is never empty and never twice in one parsed scope.
//!
//! Source: Harbor's token service; the grammar has no invalid text.

use std::collections::{HashMap, HashSet};
use std::fmt;

use serde::{Deserialize, Serialize};

/// What a client asks a token for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Scope {
    /// The type, `repository` or `registry`; others are kept but nobody grants anything on them.
    pub kind: String,
    /// The name, which may contain colons; empty when there is only a type.
    pub name: String,
    /// The actions in the order they were asked for.
    pub actions: Vec<String>,
}

impl Scope {
    /// Reads one scope: the first piece is the type, the last the comma-separated actions, everything between the
    /// name. One piece is a type alone, two are a type and a name.
    pub fn parse(text: &str) -> Self {
        let (kind, rest) = text.split_once(':').unwrap_or((text, ""));
        let (name, actions) = rest.rsplit_once(':').unwrap_or((rest, ""));
        let mut scope = Self { kind: kind.to_owned(), name: name.to_owned(), actions: Vec::new() };
        scope.add_actions(actions.split(',').map(str::to_owned));
        scope
    }

    /// Reads the values of a repeated `scope` parameter, each holding scopes separated by spaces. Empty scopes are
    /// skipped; scopes of the same type and name become one, at the place of the first.
    pub fn parse_all<I>(values: I) -> Vec<Self>
    where
        I: IntoIterator,
        I::Item: AsRef<str>,
    {
        let mut scopes: Vec<Self> = Vec::new();
        let mut places: HashMap<(String, String), usize> = HashMap::new();
        for value in values {
            for scope in value.as_ref().split_whitespace().map(Self::parse) {
                let place = places.entry((scope.kind.clone(), scope.name.clone())).or_insert(scopes.len());
                match scopes.get_mut(*place) {
                    Some(known) => known.actions.extend(scope.actions),
                    None => scopes.push(scope),
                }
            }
        }
        for scope in &mut scopes {
            let actions = std::mem::take(&mut scope.actions);
            scope.add_actions(actions);
        }
        scopes
    }

    fn add_actions(&mut self, actions: impl IntoIterator<Item = String>) {
        let mut seen = HashSet::new();
        self.actions
            .extend(actions.into_iter().filter(|action| !action.is_empty() && seen.insert(action.clone())));
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.kind, self.name, self.actions.join(","))
    }
}

/// One entry of a token's `access` claim: what the token's holder may do.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Access {
    /// The type of [`Scope::kind`].
    #[serde(rename = "type")]
    pub kind: String,
    /// The name of [`Scope::name`].
    pub name: String,
    /// The granted actions; empty when nothing was granted.
    #[serde(default)]
    pub actions: Vec<String>,
}

impl Access {
    /// Whether the entry is about `kind` and `name` and grants `action`; `*` grants every action.
    pub fn grants(&self, kind: &str, name: &str, action: &str) -> bool {
        self.kind == kind
            && self.name == name
            && self.actions.iter().any(|granted| granted == action || granted == "*")
    }
}
