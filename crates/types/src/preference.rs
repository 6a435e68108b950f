//! What people chose for themselves: the language, the colours, and the client that commands are shown for.
//!
//! Lives here: the choices and their names. Not here: which languages the portal speaks, and where the choices of a
//! visitor without an account are kept. Invariant: every choice has one name, the same on the wire and in the database.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A text that names no choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no such choice")]
pub struct UnknownChoice;

/// The colours a visitor wants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// Whatever the operating system says.
    #[default]
    System,
    /// Dark text on light surfaces.
    Light,
    /// Light text on dark surfaces.
    Dark,
}

impl Theme {
    /// Every theme, in the order of a menu.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

impl FromStr for Theme {
    type Err = UnknownChoice;

    fn from_str(text: &str) -> Result<Self, UnknownChoice> {
        Self::ALL.into_iter().find(|theme| theme.as_str() == text).ok_or(UnknownChoice)
    }
}

/// The program that commands for pushing and pulling are shown for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Client {
    /// `docker`
    #[default]
    Docker,
    /// `podman`
    Podman,
    /// `nerdctl`, of containerd.
    Nerdctl,
    /// `skopeo`
    Skopeo,
    /// `crane`
    Crane,
    /// `oras`
    Oras,
    /// `helm`
    Helm,
    /// A pod of Kubernetes.
    Kubernetes,
}

impl Client {
    /// Every client, in the order of a menu.
    pub const ALL: [Self; 8] = [
        Self::Docker,
        Self::Podman,
        Self::Nerdctl,
        Self::Skopeo,
        Self::Crane,
        Self::Oras,
        Self::Helm,
        Self::Kubernetes,
    ];

    /// The name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Docker => "docker",
            Self::Podman => "podman",
            Self::Nerdctl => "nerdctl",
            Self::Skopeo => "skopeo",
            Self::Crane => "crane",
            Self::Oras => "oras",
            Self::Helm => "helm",
            Self::Kubernetes => "kubernetes",
        }
    }
}

impl FromStr for Client {
    type Err = UnknownChoice;

    fn from_str(text: &str) -> Result<Self, UnknownChoice> {
        Self::ALL.into_iter().find(|client| client.as_str() == text).ok_or(UnknownChoice)
    }
}

/// The choices of one account; what is `None` was never chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct UserPreferences {
    /// The language, as a tag like `en-US`; see [`crate::validate::locale`].
    pub locale: Option<String>,
    /// The colours.
    pub theme: Option<Theme>,
    /// The client.
    pub client: Option<Client>,
}
