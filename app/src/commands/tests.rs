use super::*;

const DIGEST: &str = "sha256:9f2c";

fn place(host: &str, secure: bool) -> Place {
    Place::repository(
        RegistryAddress { host: host.to_owned(), secure },
        Some("ann".to_owned()),
        "library/web",
    )
}

fn all(client: Client, place: &Place) -> Vec<String> {
    let tasks = [
        Task::SignIn,
        Task::Push,
        Task::Pull(Pick::Tag("1.0".to_owned())),
        Task::Pull(Pick::Digest(DIGEST.to_owned())),
    ];
    tasks.iter().flat_map(|task| steps(client, place, task)).map(|step| step.command).collect()
}

#[test]
fn over_tls_no_client_needs_a_flag() {
    let place = place("reg.example.org", true);
    for (client, expected) in [
        (
            Client::Docker,
            &[
                "docker login reg.example.org",
                "docker tag IMAGE reg.example.org/library/web:TAG",
                "docker push reg.example.org/library/web:TAG",
                "docker pull reg.example.org/library/web:1.0",
                "docker pull reg.example.org/library/web@sha256:9f2c",
            ][..],
        ),
        (
            Client::Podman,
            &[
                "podman login reg.example.org",
                "podman tag IMAGE reg.example.org/library/web:TAG",
                "podman push reg.example.org/library/web:TAG",
                "podman pull reg.example.org/library/web:1.0",
                "podman pull reg.example.org/library/web@sha256:9f2c",
            ],
        ),
        (
            Client::Nerdctl,
            &[
                "nerdctl login reg.example.org",
                "nerdctl tag IMAGE reg.example.org/library/web:TAG",
                "nerdctl push reg.example.org/library/web:TAG",
                "nerdctl pull reg.example.org/library/web:1.0",
                "nerdctl pull reg.example.org/library/web@sha256:9f2c",
            ],
        ),
        (
            Client::Skopeo,
            &[
                "skopeo login reg.example.org",
                "skopeo copy --all docker://IMAGE docker://reg.example.org/library/web:TAG",
                "skopeo copy docker://reg.example.org/library/web:1.0 oci:web:1.0",
                "skopeo copy docker://reg.example.org/library/web@sha256:9f2c oci:web",
            ],
        ),
        (
            Client::Crane,
            &[
                "crane auth login reg.example.org --username ann --password-stdin",
                "crane push IMAGE.tar reg.example.org/library/web:TAG",
                "crane pull reg.example.org/library/web:1.0 web.tar",
                "crane pull reg.example.org/library/web@sha256:9f2c web.tar",
            ],
        ),
        (
            Client::Oras,
            &[
                "oras login reg.example.org",
                "oras push reg.example.org/library/web:TAG FILE",
                "oras pull reg.example.org/library/web:1.0",
                "oras pull reg.example.org/library/web@sha256:9f2c",
            ],
        ),
        (
            Client::Helm,
            &[
                "helm registry login reg.example.org",
                "helm package CHART",
                "helm push CHART-VERSION.tgz oci://reg.example.org/library",
                "helm pull oci://reg.example.org/library/web --version 1.0",
                "helm pull oci://reg.example.org/library/web@sha256:9f2c",
            ],
        ),
    ] {
        assert_eq!(all(client, &place), expected, "{client:?}");
    }
}

#[test]
fn plain_http_to_another_machine_is_allowed_by_each_clients_own_flag() {
    let place = place("berth.test:8080", false);
    for (client, expected) in [
        (Client::Docker, "docker pull berth.test:8080/library/web:1.0"),
        (Client::Podman, "podman pull --tls-verify=false berth.test:8080/library/web:1.0"),
        (Client::Nerdctl, "nerdctl --insecure-registry pull berth.test:8080/library/web:1.0"),
        (
            Client::Skopeo,
            "skopeo copy --src-tls-verify=false docker://berth.test:8080/library/web:1.0 oci:web:1.0",
        ),
        (Client::Crane, "crane pull --insecure berth.test:8080/library/web:1.0 web.tar"),
        (Client::Oras, "oras pull --plain-http berth.test:8080/library/web:1.0"),
        (Client::Helm, "helm pull --plain-http oci://berth.test:8080/library/web --version 1.0"),
    ] {
        let task = Task::Pull(Pick::Tag("1.0".to_owned()));
        assert_eq!(steps(client, &place, &task)[0].command, expected);
    }
    let pushes = |client| steps(client, &place, &Task::Push).pop().unwrap().command;
    assert_eq!(
        pushes(Client::Skopeo),
        "skopeo copy --all --dest-tls-verify=false docker://IMAGE docker://berth.test:8080/library/web:TAG"
    );
    assert_eq!(pushes(Client::Nerdctl), "nerdctl --insecure-registry push berth.test:8080/library/web:TAG");
    let sign_in = |client| steps(client, &place, &Task::SignIn).pop().unwrap().command;
    assert_eq!(sign_in(Client::Skopeo), "skopeo login --tls-verify=false berth.test:8080");
    assert_eq!(sign_in(Client::Helm), "helm registry login --plain-http berth.test:8080");
}

#[test]
fn to_this_machine_only_some_clients_speak_plain_http_by_themselves() {
    for (host, without) in [
        (
            "localhost:8080",
            &[Client::Docker, Client::Nerdctl, Client::Crane, Client::Oras, Client::Kubernetes][..],
        ),
        ("localhost", &[Client::Docker, Client::Nerdctl, Client::Oras, Client::Kubernetes]),
        ("127.0.0.1:8080", &[Client::Docker, Client::Nerdctl, Client::Crane, Client::Kubernetes]),
        ("[::1]:8080", &[Client::Docker, Client::Nerdctl, Client::Crane, Client::Kubernetes]),
        ("berth.test", &[Client::Docker, Client::Kubernetes]),
    ] {
        let registry = RegistryAddress { host: host.to_owned(), secure: false };
        let bare: Vec<Client> =
            Client::ALL.into_iter().filter(|client| client::flag(*client, &registry).is_empty()).collect();
        assert_eq!(bare, without, "{host}");
    }
}

#[test]
fn an_address_is_exposed_unless_it_is_encrypted_or_stays_on_this_machine() {
    for (host, secure, expected) in [
        ("localhost:8080", false, false),
        ("127.0.0.1:8080", false, false),
        ("[::1]:8080", false, false),
        ("[::1]", false, false),
        ("berth.test:8080", false, true),
        ("registry.example.org", false, true),
        ("registry.example.org", true, false),
    ] {
        let registry = RegistryAddress { host: host.to_owned(), secure };
        assert_eq!(is_exposed(&registry), expected, "{host}");
    }
}

#[test]
fn kubernetes_gets_a_secret_and_a_pod_and_pushes_nothing() {
    let registry = RegistryAddress { host: "reg.example.org".to_owned(), secure: true };
    let place = Place::repository(registry, None, "library/team/Web_api.");
    assert_eq!(
        all(Client::Kubernetes, &place)[..2],
        [
            "kubectl create secret docker-registry berth --docker-server=reg.example.org \
             --docker-username=USERNAME --docker-password=PASSWORD",
            "spec:\n  imagePullSecrets:\n    - name: berth\n  containers:\n    - name: web-api\n      \
             image: reg.example.org/library/team/Web_api.:1.0",
        ]
    );
    assert_eq!(steps(Client::Kubernetes, &place, &Task::Push), []);
}

#[test]
fn a_chart_version_has_its_plus_back() {
    let task = Task::Pull(Pick::Tag("1.0.0_build.7".to_owned()));
    let command = &steps(Client::Helm, &place("reg.example.org", true), &task)[0].command;
    assert!(command.ends_with("--version 1.0.0+build.7"), "{command}");
}

#[test]
fn a_project_leaves_the_repository_to_the_reader() {
    let registry = RegistryAddress { host: "reg.example.org".to_owned(), secure: true };
    let place = Place::project(registry, None, "library");
    assert_eq!(
        steps(Client::Docker, &place, &Task::Pull(Pick::any()))[0].command,
        "docker pull reg.example.org/library/REPOSITORY:TAG"
    );
}

#[test]
fn only_clients_that_understand_a_kind_are_offered() {
    assert_eq!(clients_for(None), Client::ALL);
    assert_eq!(clients_for(Some("CHART"))[0], Client::Helm);
    assert!(!clients_for(Some("IMAGE")).contains(&Client::Helm));
    assert!(!clients_for(Some("UNKNOWN")).contains(&Client::Docker));
}

#[test]
fn attaching_and_signing_name_the_digest() {
    let (open, safe) = (place("berth.test", false), place("reg.example.org", true));
    assert_eq!(
        attach(&open, DIGEST),
        "oras attach --plain-http --artifact-type application/spdx+json berth.test/library/web@sha256:9f2c sbom.spdx.json"
    );
    assert_eq!(sign(&safe, DIGEST), "cosign sign --key cosign.key reg.example.org/library/web@sha256:9f2c");
    assert_eq!(
        sign(&open, DIGEST),
        "cosign sign --allow-http-registry --key cosign.key berth.test/library/web@sha256:9f2c"
    );
}
