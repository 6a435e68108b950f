//! The commands that push to this registry and pull from it, for every client, with everything filled in that is known.
//!
//! Lives here: what to type. Not here: how it is shown. Invariant: a word in capitals is for the reader to replace;
//! everything else runs as it stands.

mod client;
#[cfg(test)]
mod tests;

use crate::view::RegistryAddress;
use types::preference::Client;

/// What a command does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Signs in.
    SignIn,
    /// Signs in with a password that ends with the end of the input.
    SignInPiped,
    /// Gives a local image its name in the registry.
    Name,
    /// Pushes what has its name.
    Push,
    /// Pushes an image that lies in a file.
    PushArchive,
    /// Pushes any file.
    PushFile,
    /// Copies from another registry.
    CopyIn,
    /// Packs a chart.
    Package,
    /// Pulls what has a tag.
    Pull,
    /// Pulls what has a digest.
    PullDigest,
    /// Gives a cluster the password.
    Secret,
    /// Lets a pod run it.
    Pod,
}

/// A command and what it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What it does.
    pub purpose: Purpose,
    /// What to type.
    pub command: String,
}

/// Where commands reach to.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    registry: RegistryAddress,
    user: String,
    repository: String,
}

impl Place {
    /// A repository by its full name, for the account `user`.
    pub fn repository(registry: RegistryAddress, user: Option<String>, name: &str) -> Self {
        let user = user.unwrap_or_else(|| "USERNAME".to_owned());
        Self { registry, user, repository: name.to_owned() }
    }

    /// A repository of a project that is yet to be named.
    pub fn project(registry: RegistryAddress, user: Option<String>, name: &str) -> Self {
        Self::repository(registry, user, &format!("{name}/REPOSITORY"))
    }

    /// What clients call an artifact of the repository.
    fn image(&self, pick: &Pick) -> String {
        let (host, name) = (&self.registry.host, &self.repository);
        match pick {
            Pick::Tag(tag) => format!("{host}/{name}:{tag}"),
            Pick::Digest(digest) => format!("{host}/{name}@{digest}"),
        }
    }

    /// The repository's name without what is above it.
    fn short_name(&self) -> &str {
        self.repository.rsplit_once('/').map_or(&self.repository, |(_, name)| name)
    }

    /// What is above the repository's own name.
    fn parent(&self) -> &str {
        self.repository.rsplit_once('/').map_or("", |(parent, _)| parent)
    }
}

/// Which artifact of a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pick {
    /// The one that has this tag.
    Tag(String),
    /// The one with this digest.
    Digest(String),
}

impl Pick {
    /// One whose tag is yet to be chosen.
    pub fn any() -> Self {
        Self::Tag("TAG".to_owned())
    }
}

/// What somebody wants to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Task {
    /// Sign in.
    SignIn,
    /// Push something.
    Push,
    /// Pull this.
    Pull(Pick),
}

/// What `client` is told to do a task; nothing where it cannot do it.
pub fn steps(client: Client, place: &Place, task: &Task) -> Vec<Step> {
    let steps = match task {
        Task::SignIn => client::sign_in(client, place),
        Task::Push => client::push(client, place),
        Task::Pull(pick) => client::pull(client, place, pick),
    };
    steps.into_iter().map(|(purpose, command)| Step { purpose, command }).collect()
}

/// The clients that know what to do with an artifact of this kind, in Harbor's words; with any, for none.
pub fn clients_for(kind: Option<&str>) -> &'static [Client] {
    match kind {
        None => &Client::ALL,
        Some("IMAGE") => &[
            Client::Docker,
            Client::Podman,
            Client::Nerdctl,
            Client::Skopeo,
            Client::Crane,
            Client::Kubernetes,
        ],
        Some("CHART") => &[Client::Helm, Client::Oras, Client::Skopeo, Client::Crane],
        Some(_) => &[Client::Oras, Client::Skopeo, Client::Crane],
    }
}

/// What a client is called.
pub const fn client_name(client: Client) -> &'static str {
    match client {
        Client::Kubernetes => "Kubernetes",
        other => other.as_str(),
    }
}

/// Attaches an SBOM to the artifact with this digest.
pub fn attach(place: &Place, digest: &str) -> String {
    let flag = client::flag(Client::Oras, &place.registry);
    let image = place.image(&Pick::Digest(digest.to_owned()));
    format!("oras attach {flag}--artifact-type application/spdx+json {image} sbom.spdx.json")
}

/// Signs the artifact with this digest.
///
/// Source: cosign reaches registries as crane does, by go-containerregistry.
pub fn sign(place: &Place, digest: &str) -> String {
    let is_plain = !client::flag(Client::Crane, &place.registry).is_empty();
    let flag = if is_plain { "--allow-http-registry " } else { "" };
    format!("cosign sign {flag}--key cosign.key {}", place.image(&Pick::Digest(digest.to_owned())))
}

/// Whether an address is plain HTTP and leaves this machine.
///
/// Source: docker's documentation of `insecure-registries`: 127.0.0.0/8 is insecure by default.
pub fn is_exposed(registry: &RegistryAddress) -> bool {
    !registry.secure && !client::is_loopback(&registry.host)
}
