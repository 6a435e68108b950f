//! Each client's own words.

use super::{Pick, Place, Purpose};
use crate::view::RegistryAddress;
use types::preference::Client;

type Said = Vec<(Purpose, String)>;

/// The flag, with a space after it, that lets a client speak plain HTTP; empty where it needs none.
///
/// docker and Kubernetes take no flag: their machine is configured. Source: containers/image has no exception for
/// loopback (podman, skopeo); containerd's `docker.MatchLocalhost` (nerdctl); go-containerregistry's `Registry.Scheme`
/// (crane); oras speaks plain HTTP to `localhost` by itself and to no other name; helm's `--plain-http`.
pub(super) fn flag(client: Client, registry: &RegistryAddress) -> &'static str {
    if registry.secure {
        return "";
    }
    let host = registry.host.as_str();
    match client {
        Client::Podman | Client::Skopeo => "--tls-verify=false ",
        Client::Nerdctl if !is_loopback(host) => "--insecure-registry ",
        Client::Crane if !is_plain_for_crane(host) => "--insecure ",
        Client::Oras if name_of(host) != "localhost" => "--plain-http ",
        Client::Helm => "--plain-http ",
        Client::Docker | Client::Kubernetes | Client::Nerdctl | Client::Crane | Client::Oras => "",
    }
}

/// Whether a host is this machine.
pub(super) fn is_loopback(host: &str) -> bool {
    let name = name_of(host);
    name == "localhost" || name == "[::1]" || name.starts_with("127.")
}

fn is_plain_for_crane(host: &str) -> bool {
    host.starts_with("localhost:") || host.contains("127.0.0.1") || host.contains("::1")
}

fn name_of(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|digit| digit.is_ascii_digit()) => name,
        _ => host,
    }
}

pub(super) fn sign_in(client: Client, place: &Place) -> Said {
    let (host, user, flag) = (&place.registry.host, &place.user, flag(client, &place.registry));
    let command = match client {
        Client::Docker | Client::Podman | Client::Skopeo | Client::Oras => {
            format!("{} login {flag}{host}", client.as_str())
        }
        Client::Nerdctl => format!("nerdctl {flag}login {host}"),
        Client::Helm => format!("helm registry login {flag}{host}"),
        Client::Crane => {
            let command = format!("crane auth login {flag}{host} --username {user} --password-stdin");
            return vec![(Purpose::SignInPiped, command)];
        }
        Client::Kubernetes => {
            let command = format!(
                "kubectl create secret docker-registry berth --docker-server={host} --docker-username={user} --docker-password=PASSWORD"
            );
            return vec![(Purpose::Secret, command)];
        }
    };
    vec![(Purpose::SignIn, command)]
}

pub(super) fn push(client: Client, place: &Place) -> Said {
    let (flag, image) = (flag(client, &place.registry), place.image(&Pick::any()));
    match client {
        Client::Docker | Client::Podman => {
            let own = client.as_str();
            vec![
                (Purpose::Name, format!("{own} tag IMAGE {image}")),
                (Purpose::Push, format!("{own} push {flag}{image}")),
            ]
        }
        Client::Nerdctl => vec![
            (Purpose::Name, format!("nerdctl tag IMAGE {image}")),
            (Purpose::Push, format!("nerdctl {flag}push {image}")),
        ],
        Client::Skopeo => {
            let flag = if flag.is_empty() { "" } else { "--dest-tls-verify=false " };
            vec![(Purpose::CopyIn, format!("skopeo copy --all {flag}docker://IMAGE docker://{image}"))]
        }
        Client::Crane => vec![(Purpose::PushArchive, format!("crane push {flag}IMAGE.tar {image}"))],
        Client::Oras => vec![(Purpose::PushFile, format!("oras push {flag}{image} FILE"))],
        Client::Helm => vec![
            (Purpose::Package, "helm package CHART".to_owned()),
            (
                Purpose::Push,
                format!("helm push {flag}CHART-VERSION.tgz oci://{}/{}", place.registry.host, place.parent()),
            ),
        ],
        Client::Kubernetes => Vec::new(),
    }
}

pub(super) fn pull(client: Client, place: &Place, pick: &Pick) -> Said {
    let (flag, image, name) = (flag(client, &place.registry), place.image(pick), place.short_name());
    let command = match client {
        Client::Docker | Client::Podman | Client::Oras => format!("{} pull {flag}{image}", client.as_str()),
        Client::Nerdctl => format!("nerdctl {flag}pull {image}"),
        Client::Skopeo => {
            let flag = if flag.is_empty() { "" } else { "--src-tls-verify=false " };
            let target = match pick {
                Pick::Tag(tag) => format!("oci:{name}:{tag}"),
                Pick::Digest(_) => format!("oci:{name}"),
            };
            format!("skopeo copy {flag}docker://{image} {target}")
        }
        Client::Crane => format!("crane pull {flag}{image} {name}.tar"),
        Client::Helm => helm_pull(place, pick, flag),
        Client::Kubernetes => return vec![(Purpose::Pod, pod(place, &image))],
    };
    let purpose = match pick {
        Pick::Tag(_) => Purpose::Pull,
        Pick::Digest(_) => Purpose::PullDigest,
    };
    vec![(purpose, command)]
}

/// Source: helm's documentation of OCI registries: a `+` of a version is a `_` of its tag.
fn helm_pull(place: &Place, pick: &Pick, flag: &str) -> String {
    match pick {
        Pick::Tag(tag) => {
            let chart = format!("oci://{}/{}", place.registry.host, place.repository);
            format!("helm pull {flag}{chart} --version {}", tag.replace('_', "+"))
        }
        Pick::Digest(_) => format!("helm pull {flag}oci://{}", place.image(pick)),
    }
}

fn pod(place: &Place, image: &str) -> String {
    let name = container_name(place.short_name());
    format!(
        "spec:\n  imagePullSecrets:\n    - name: berth\n  containers:\n    - name: {name}\n      image: {image}"
    )
}

/// A name that Kubernetes takes for a container. Source: RFC 1123, section 2.1: letters, digits and `-` inside.
fn container_name(name: &str) -> String {
    let plain = |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '-' };
    let label: String = name.chars().map(plain).take(63).collect();
    label.trim_matches('-').to_owned()
}
