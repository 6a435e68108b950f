use std::fs;

use super::*;

fn environment(variables: &[(&str, &str)]) -> Inputs {
    let environment =
        variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Inputs { environment, ..Inputs::default() }
}

fn file(text: &str) -> (tempfile::TempDir, Inputs) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("berth.toml");
    fs::write(&path, text).unwrap();
    (folder, Inputs { file: Some(path), ..Inputs::default() })
}

#[track_caller]
fn problems(inputs: Inputs) -> String {
    load(inputs).unwrap_err().to_string()
}

fn setting<'a>(loaded: &'a Loaded, key: &str) -> &'a Setting {
    loaded.settings.iter().find(|setting| setting.key == key).unwrap()
}

#[test]
fn a_flag_wins_over_the_environment_which_wins_over_the_file() {
    let (_folder, mut inputs) = file("listen = '127.0.0.1:1'\ndata = '/file'\n[limits]\ndrain_secs = 7\n");
    inputs.environment = environment(&[("BERTH_LISTEN", "127.0.0.1:2"), ("BERTH_DATA", "/env")]).environment;
    inputs.flags = vec![Flag { name: "--listen", key: "listen", value: "127.0.0.1:3".to_owned() }];
    let path = inputs.file.clone().unwrap();
    let loaded = load(inputs).unwrap();
    let origins: Vec<_> = ["listen", "data", "limits.drain_secs", "log.level"]
        .map(|key| setting(&loaded, key))
        .map(|setting| (setting.value.clone(), setting.origin.clone()))
        .to_vec();
    assert_eq!(
        origins,
        [
            ("127.0.0.1:3".to_owned(), Origin::Flag("--listen")),
            ("/env".to_owned(), Origin::Environment("BERTH_DATA".to_owned())),
            ("7".to_owned(), Origin::File(path)),
            ("info".to_owned(), Origin::Default),
        ]
    );
    assert_eq!(loaded.config.listen.port(), 3);
}

#[test]
fn an_unknown_key_is_refused_with_the_nearest_name() {
    let (folder, mut inputs) = file("[limits]\ndrain_sec = 7\n");
    inputs.environment = environment(&[("BERTH_TOKENS__TTL", "60"), ("BERTH_QQQQ", "1")]).environment;
    let shown = problems(inputs).replace(&folder.path().display().to_string(), "");
    assert_eq!(
        shown,
        "the configuration cannot be used:\n  \
         /berth.toml does not know the key limits.drain_sec; did you mean limits.drain_secs?\n  \
         BERTH_QQQQ is not a setting\n  \
         BERTH_TOKENS__TTL is not a setting; did you mean BERTH_TOKENS__TTL_SECS?"
    );
}

#[test]
fn all_problems_are_reported_together() {
    let (_folder, mut inputs) = file("listen = 'here'\n[tls]\nkey = 'key.pem'\n[log]\nformat = 'xml'\n");
    inputs.environment = environment(&[("BERTH_LIMITS__DRAIN_SECS", "0")]).environment;
    let shown = problems(inputs);
    for part in ["listen", "tls.certificate is missing", "log.format", "limits.drain_secs must be at least 1"]
    {
        assert!(shown.contains(part), "{part} is not in {shown}");
    }
}

#[test]
fn a_secret_is_read_from_the_file_that_its_variable_names() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("password");
    fs::write(&path, "Secret12345\n").unwrap();
    let loaded = load(environment(&[("BERTH_ADMIN_PASSWORD_FILE", path.to_str().unwrap())])).unwrap();
    assert_eq!(loaded.config.admin_password.as_ref().unwrap().expose(), "Secret12345");
    let shown = setting(&loaded, "admin_password");
    assert_eq!(shown.value, "***");
    assert_eq!(shown.origin, Origin::SecretFile("BERTH_ADMIN_PASSWORD_FILE".to_owned()));
    assert!(!format!("{loaded:?}").contains("Secret12345"));
}

#[test]
fn a_secret_given_twice_is_refused() {
    let shown =
        problems(environment(&[("BERTH_ADMIN_PASSWORD", "a"), ("BERTH_ADMIN_PASSWORD_FILE", "/dev/null")]));
    assert!(shown.contains("admin_password is set by BERTH_ADMIN_PASSWORD and by"), "{shown}");
}

#[test]
fn only_secrets_are_read_from_files() {
    let shown = problems(environment(&[("BERTH_DATA_FILE", "/dev/null")]));
    assert!(shown.contains("BERTH_DATA_FILE is not a setting"), "{shown}");
}

#[test]
fn a_broken_file_is_reported_without_its_text() {
    let (_folder, inputs) = file("data = 'x'\nadmin_password = \"Hidden1234\n");
    let shown = problems(inputs);
    assert!(shown.contains("in line 2"), "{shown}");
    assert!(!shown.contains("Hidden1234"), "{shown}");
}

#[test]
fn a_named_file_that_is_missing_is_an_error() {
    let inputs = Inputs { file: Some(PathBuf::from("/does/not/exist.toml")), ..Inputs::default() };
    assert!(problems(inputs).contains("/does/not/exist.toml cannot be read"));
}

#[test]
fn numbers_and_words_are_read_alike_from_the_environment() {
    let loaded = load(environment(&[
        ("BERTH_ADMIN_PASSWORD", "12345678"),
        ("BERTH_REGISTRY__SPARSE_MANIFESTS", "true"),
        ("BERTH_TOKENS__ALGORITHM", "RS256"),
    ]))
    .unwrap();
    assert_eq!(loaded.config.admin_password.unwrap().expose(), "12345678");
    assert!(loaded.config.registry.sparse_manifests);
    assert_eq!(loaded.config.tokens.algorithm, Algorithm::Rs256);
}

#[test]
fn an_object_store_needs_a_whole_key_and_a_word_to_go_without_tls() {
    let shown = problems(environment(&[
        ("BERTH_STORAGE__URL", "s3://bucket"),
        ("BERTH_STORAGE__ENDPOINT", "http://127.0.0.1:9000"),
        ("BERTH_STORAGE__ACCESS_KEY", "id"),
        ("BERTH_STORAGE__BUFFER_BYTES", "1"),
    ]));
    for part in [
        "storage.access_key and storage.secret_key are set together",
        "storage.endpoint is without TLS",
        "storage.buffer_bytes must be at least 16777216",
    ] {
        assert!(shown.contains(part), "{part} is not in {shown}");
    }
}

#[test]
fn the_documentation_lists_exactly_the_known_keys() {
    let settings = load(environment(&[])).unwrap().settings;
    let known: Vec<_> = settings
        .iter()
        .map(|setting| {
            let default =
                if setting.default.is_empty() { String::new() } else { format!("`{}`", setting.default) };
            format!("| `{}` | `{}` | {default} |", setting.key, setting.variable()).replace("|  |", "| |")
        })
        .collect();
    let text = include_str!("../../../docs/config.md");
    let listed: Vec<_> = text
        .lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| line.split_inclusive('|').take(4).collect::<String>())
        .collect();
    assert_eq!(listed, known);
}

#[test]
fn the_scrub_is_read_from_its_section_and_its_variables() {
    let (_folder, mut inputs) = file("[scrub]\ninterval = '0'\nbytes = 7\n");
    inputs.environment = environment(&[("BERTH_SCRUB__BYTES_PER_SEC", "0")]).environment;
    let options = load(inputs).unwrap().config.service_options().scrub;
    assert!(options.interval.is_zero());
    assert_eq!(options.budget, service::scrub::Budget { bytes: 7, bytes_per_sec: None });
}
