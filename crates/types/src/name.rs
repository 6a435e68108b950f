//! Names of projects, repositories, users and tags.
//!
//! Lives here: one newtype per kind of name and the rules of their grammars. Not here: whether a name is taken or
//! reserved. Invariant: a value was checked by its `FromStr`; nothing is normalised, a name is kept as it was written.

use std::borrow::Borrow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Longest name of a project, repository (project part included) or user, in bytes.
pub const MAX_NAME_BYTES: usize = 255;

/// Longest tag, in bytes.
pub const MAX_TAG_BYTES: usize = 128;

/// Characters neither a user name nor a real name may contain.
///
/// Source: Harbor's rule for user names and real names.
pub const FORBIDDEN_IN_USER: &[char] = &[',', '"', '~', '#', '%', '$'];

/// What a refused name was meant to name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NameKind {
    /// A project.
    Project,
    /// A repository, written `project/path`.
    Repository,
    /// A user.
    User,
    /// A tag of a repository.
    Tag,
    /// A robot.
    Robot,
}

impl NameKind {
    /// The kind as one lower-case word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Project => "project",
            Self::Repository => "repository",
            Self::User => "user",
            Self::Tag => "tag",
            Self::Robot => "robot",
        }
    }
}

impl fmt::Display for NameKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The rule a name broke; displayed as a sentence that tells the rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum NameReason {
    /// Nothing was given.
    #[error("it must not be empty")]
    Empty,
    /// More bytes than the kind allows.
    #[error("it must not be longer than {max_bytes} bytes")]
    TooLong {
        /// The largest length, in bytes.
        max_bytes: usize,
    },
    /// A repository without a project in front of its first slash.
    #[error("it must start with a project, as in project/repository")]
    MissingProject,
    /// Not a project name.
    #[error("it must be lower-case letters and digits, separated by single '.', '_' or '-'")]
    ProjectGrammar,
    /// Not a repository name.
    #[error(
        "it must be parts separated by '/', each of lower-case letters and digits separated by '.', '_', '__' or dashes"
    )]
    RepositoryGrammar,
    /// A character a user name may not contain.
    #[error("it must not contain control characters or any of , \" ~ # % $")]
    UserCharacters,
    /// Not the name of a robot. Source: Harbor, the text.
    #[error("robot name is not in lower case or contains illegal characters")]
    RobotGrammar,
    /// Not a tag.
    #[error("it must be letters, digits, '_', '.' and '-', and not start with '.' or '-'")]
    TagGrammar,
}

impl NameReason {
    /// A stable word for the reason, for callers that translate.
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLong { .. } => "too_long",
            Self::MissingProject => "missing_project",
            Self::ProjectGrammar => "project_grammar",
            Self::RepositoryGrammar => "repository_grammar",
            Self::UserCharacters => "user_characters",
            Self::TagGrammar => "tag_grammar",
            Self::RobotGrammar => "robot_grammar",
        }
    }
}

/// A name that breaks the rule of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("invalid {kind} name: {reason}")]
pub struct NameError {
    /// What the name was meant for.
    pub kind: NameKind,
    /// The rule it broke.
    pub reason: NameReason,
}

macro_rules! name {
    ($(#[$doc:meta])* $name:ident, $kind:expr, $check:path) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The name as it was written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = NameError;

            fn try_from(text: String) -> Result<Self, NameError> {
                match $check(&text) {
                    Ok(()) => Ok(Self(text)),
                    Err(reason) => Err(NameError { kind: $kind, reason }),
                }
            }
        }

        impl FromStr for $name {
            type Err = NameError;

            fn from_str(text: &str) -> Result<Self, NameError> {
                Self::try_from(text.to_owned())
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
    };
}

name!(
    /// The name of a project: 1 to 255 bytes, `[a-z0-9]+([._-][a-z0-9]+)*`.
    ///
    /// Source: Harbor's rule for projects; only single separators, no upper case.
    ProjectName,
    NameKind::Project,
    check_project
);

name!(
    /// The full name of a repository, `project/path`, at most 255 bytes.
    ///
    /// The project part follows the repository grammar, which allows more separators than [`ProjectName`]: such a
    /// project is unknown, not misspelt. Source: OCI distribution specification, grammar of `<name>`; the project
    /// part is Harbor's rule.
    RepositoryName,
    NameKind::Repository,
    check_repository
);

name!(
    /// The name of a user: 1 to 255 bytes, none of [`FORBIDDEN_IN_USER`] and no control characters.
    UserName,
    NameKind::User,
    check_user
);

name!(
    /// A tag: 1 to 128 bytes, `[a-zA-Z0-9_][a-zA-Z0-9._-]*`.
    ///
    /// Source: OCI distribution specification, grammar of `<reference>` as a tag.
    Tag,
    NameKind::Tag,
    check_tag
);

name!(
    /// The name of a robot, without prefix and project: `[a-z0-9]+([._-][a-z0-9]+)*`.
    ///
    /// Source: Harbor's rule for robots, that of projects.
    RobotName,
    NameKind::Robot,
    check_robot
);

impl RepositoryName {
    /// Puts a project and the path below it together.
    ///
    /// # Errors
    /// When `path` does not follow the grammar or the whole is too long.
    pub fn from_parts(project: &ProjectName, path: &str) -> Result<Self, NameError> {
        Self::try_from(format!("{project}/{path}"))
    }

    /// The text before the first slash.
    pub fn project(&self) -> &str {
        self.split().0
    }

    /// The text after the first slash.
    pub fn path(&self) -> &str {
        self.split().1
    }

    fn split(&self) -> (&str, &str) {
        self.0.split_once('/').unwrap_or((&self.0, ""))
    }
}

fn check_length(text: &str, max_bytes: usize) -> Result<(), NameReason> {
    if text.is_empty() {
        Err(NameReason::Empty)
    } else if text.len() > max_bytes {
        Err(NameReason::TooLong { max_bytes })
    } else {
        Ok(())
    }
}

fn check_project(text: &str) -> Result<(), NameReason> {
    check_length(text, MAX_NAME_BYTES)?;
    require(is_component(text, |separator| matches!(separator, "." | "_" | "-")), NameReason::ProjectGrammar)
}

fn check_robot(text: &str) -> Result<(), NameReason> {
    check_project(text).map_err(|reason| match reason {
        NameReason::ProjectGrammar => NameReason::RobotGrammar,
        reason => reason,
    })
}

fn check_repository(text: &str) -> Result<(), NameReason> {
    check_length(text, MAX_NAME_BYTES)?;
    let well_formed = text.split('/').all(|component| is_component(component, is_repository_separator));
    require(well_formed, NameReason::RepositoryGrammar)?;
    require(text.contains('/'), NameReason::MissingProject)
}

fn check_user(text: &str) -> Result<(), NameReason> {
    check_length(text, MAX_NAME_BYTES)?;
    require(!has_forbidden_character(text), NameReason::UserCharacters)
}

fn check_tag(text: &str) -> Result<(), NameReason> {
    check_length(text, MAX_TAG_BYTES)?;
    let allowed = text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-'));
    require(allowed && !text.starts_with(['.', '-']), NameReason::TagGrammar)
}

fn require(holds: bool, reason: NameReason) -> Result<(), NameReason> {
    if holds { Ok(()) } else { Err(reason) }
}

/// Whether a user name or real name contains what neither may contain.
pub(crate) fn has_forbidden_character(text: &str) -> bool {
    text.contains(|c: char| c.is_control() || FORBIDDEN_IN_USER.contains(&c))
}

fn is_repository_separator(separator: &str) -> bool {
    matches!(separator, "." | "_" | "__") || separator.bytes().all(|b| b == b'-')
}

fn is_word_character(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit()
}

/// Whether `text` is words of lower-case letters and digits with an accepted separator between each two.
fn is_component(text: &str, is_separator: impl Fn(&str) -> bool) -> bool {
    let mut rest = text;
    loop {
        let after_word = rest.trim_start_matches(is_word_character);
        if after_word.len() == rest.len() {
            return false;
        }
        if after_word.is_empty() {
            return true;
        }
        rest = after_word.trim_start_matches(|c| !is_word_character(c));
        if !after_word.strip_suffix(rest).is_some_and(&is_separator) {
            return false;
        }
    }
}
