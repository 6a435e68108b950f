//! The first start, the second, and the files between them.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::Path,
};

use service::{
    Denial, Error, FirstStart, Options, Services, SigningAlgorithm, project::ProjectRef, testing::World,
};
use tempfile::TempDir;
use types::view::SettingsChange;

use crate::util::{assert_denied, assert_error, password, secret};

async fn open(options: Options) -> Result<(Services, FirstStart), Error> {
    Services::open(options, World::anonymous().now).await
}

/// Mode and content of every key.
fn keys(data: &Path) -> BTreeMap<String, (u32, Vec<u8>)> {
    let entries = fs::read_dir(data.join("keys")).expect("a folder of keys");
    entries
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let mode = fs::metadata(&path).expect("metadata").mode() & 0o777;
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, (mode, fs::read(&path).expect("bytes")))
        })
        .collect()
}

#[tokio::test]
async fn first_start_makes_the_administrator_and_the_library() {
    let world = World::new().await;
    let admin = world.admin().await;
    assert_eq!((admin.user_id(), admin.is_admin()), (Some(1), true));
    let library = world.services.projects.get(&World::anonymous(), &ProjectRef::Id(1)).await.expect("public");
    assert_eq!((library.name.as_str(), library.project_id, library.owner_id), ("library", 1, 1));
    assert_eq!(library.metadata.public.as_deref(), Some("true"));
}

#[tokio::test]
async fn keys_are_for_their_owner_only() {
    let world = World::new().await;
    let folder = fs::metadata(world.data().join("keys")).expect("a folder of keys");
    assert_eq!(folder.mode() & 0o777, 0o700);
    let keys = keys(world.data());
    let names: Vec<_> = keys.keys().map(String::as_str).collect();
    assert_eq!(names, ["encryption.key", "token-signing.crt", "token-signing.es256.pem"]);
    for (name, (mode, _)) in keys {
        assert_eq!(mode, 0o600, "{name}");
    }
}

#[tokio::test]
async fn second_start_makes_nothing_new() {
    let folder = TempDir::new().expect("a temporary folder");
    let mut options = World::options(&folder);
    options.admin_password = None;
    let (services, first) = open(options.clone()).await.expect("opens");
    assert!(first.is_first);
    let made = first.admin_password.expect("told once");
    types::validate::password(made.expose()).expect("within the rules");
    services.close().await.expect("closes");
    let mut before = keys(folder.path());

    options.admin_password = Some(password());
    let (services, second) = open(options).await.expect("opens again");
    assert!(!second.is_first && second.admin_password.is_none());
    let mut after = keys(folder.path());
    // The certificate is made from the key at every start.
    assert_eq!(before.remove("token-signing.crt").is_some(), after.remove("token-signing.crt").is_some());
    assert_eq!(before, after);
    services.authn.password(&World::anonymous(), "admin", &made).await.expect("still the first password");
    let given = services.authn.password(&World::anonymous(), "admin", &password()).await;
    assert_denied(given, Denial::BadCredentials);
}

#[tokio::test]
async fn given_password_is_not_told() {
    let folder = TempDir::new().expect("a temporary folder");
    let (services, first) = open(World::options(&folder)).await.expect("opens");
    assert!(first.is_first && first.admin_password.is_none());
    services.authn.password(&World::anonymous(), "admin", &password()).await.expect("signs in");
}

#[tokio::test]
async fn random_passwords_differ() {
    let mut seen = Vec::new();
    for _ in 0..3 {
        let folder = TempDir::new().expect("a temporary folder");
        let options = Options { admin_password: None, ..World::options(&folder) };
        let (_, first) = open(options).await.expect("opens");
        seen.push(first.admin_password.expect("told once").into_exposed());
    }
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 3);
    assert!(seen.iter().all(|password| password.len() >= 20));
}

#[tokio::test]
async fn key_that_others_may_read_is_refused() {
    for name in ["encryption.key", "token-signing.es256.pem"] {
        let folder = TempDir::new().expect("a temporary folder");
        let (services, _) = open(World::options(&folder)).await.expect("opens");
        services.close().await.expect("closes");
        let key = folder.path().join("keys").join(name);
        for mode in [0o640, 0o604, 0o660] {
            fs::set_permissions(&key, fs::Permissions::from_mode(mode)).expect("chmod");
            let refused = open(World::options(&folder)).await;
            let Err(Error::Internal(source)) = refused else { panic!("{name} at {mode:o} is taken") };
            assert!(
                source.to_string().contains(name) && source.to_string().contains("chmod 600"),
                "{source}"
            );
        }
        fs::set_permissions(&key, fs::Permissions::from_mode(0o400)).expect("chmod");
        open(World::options(&folder)).await.expect("read-only for the owner is fine");
    }
}

#[tokio::test]
async fn damaged_signing_key_is_refused_and_kept() {
    let folder = TempDir::new().expect("a temporary folder");
    let (services, _) = open(World::options(&folder)).await.expect("opens");
    services.close().await.expect("closes");
    let key = folder.path().join("keys/token-signing.es256.pem");
    for text in ["", "not a key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"] {
        fs::write(&key, text).expect("written");
        assert_error!(open(World::options(&folder)).await, Error::Internal(_));
        assert_eq!(fs::read_to_string(&key).expect("text"), text);
    }
}

#[tokio::test]
async fn algorithm_can_be_changed_and_each_keeps_its_key() {
    let folder = TempDir::new().expect("a temporary folder");
    let with = |algorithm| {
        let mut options = World::options(&folder);
        options.tokens.algorithm = algorithm;
        options
    };
    let mut ids = Vec::new();
    for algorithm in [SigningAlgorithm::Es256, SigningAlgorithm::Rs256, SigningAlgorithm::Es256] {
        let (services, _) = open(with(algorithm)).await.expect("opens");
        ids.push(services.tokens.key_set()["keys"][0]["kid"].clone());
        services.close().await.expect("closes");
    }
    assert_eq!(ids[0], ids[2]);
    assert_ne!(ids[0], ids[1]);
}

#[tokio::test]
async fn database_that_is_not_served_is_refused_with_the_reason() {
    let folder = TempDir::new().expect("a temporary folder");
    let mut options = World::options(&folder);
    options.database_url = Some("mysql://localhost/berth".to_owned());
    let Err(Error::Internal(source)) = open(options).await else { panic!("taken") };
    assert!(source.to_string().contains("mysql"), "{source}");
}

#[tokio::test]
async fn health_is_told() {
    let world = World::new().await;
    world.services.check_database().await.expect("the database answers");
    world.services.check_storage().await.expect("the store can be written");
}

#[tokio::test]
async fn secrets_are_never_printed() {
    let folder = TempDir::new().expect("a temporary folder");
    let mut options = World::options(&folder);
    options.admin_password = Some(secret("Very-Secret-1"));
    assert!(!format!("{options:?}").contains("Very-Secret-1"));
    let (services, _) = open(options).await.expect("opens");
    let database = fs::read(folder.path().join("berth.db")).expect("a database");
    services.close().await.expect("closes");
    let log = fs::read(folder.path().join("berth.db-wal")).unwrap_or_default();
    for bytes in [database, log, fs::read(folder.path().join("berth.db")).expect("a database")] {
        assert!(!bytes.windows(13).any(|window| window == b"Very-Secret-1"));
    }
}

#[tokio::test]
async fn people_may_register_from_the_first_start_on_until_an_administrator_decides_otherwise() {
    let mut world = World::with(|options| options.self_registration = true).await;
    assert!(world.services.settings.get().await.expect("settings").self_registration);
    let admin = world.admin().await;
    let change = SettingsChange { self_registration: Some(false), ..SettingsChange::default() };
    world.services.settings.update(&admin, change).await.expect("decided");
    world.reopen().await;
    assert!(!world.services.settings.get().await.expect("settings").self_registration);
}
