use super::*;

const CFG: &str = include_str!("../../tests/fixtures/harbor-1.5.cfg");
const YML: &str = include_str!("../../tests/fixtures/harbor-2.yml");

fn of(form: Form, text: &str) -> Imported {
    import(&Old::parse(form, text).unwrap())
}

/// The settings as they would be written, one a line.
#[track_caller]
fn written(form: Form, text: &str) -> Vec<String> {
    let imported = of(form, text);
    assert_eq!(imported.problems().collect::<Vec<_>>(), []);
    imported.settings.iter().map(|(key, value)| format!("{key} = {value}")).collect()
}

fn fate(form: Form, text: &str, key: &str) -> Fate {
    of(form, text).lines.into_iter().find(|line| line.key == key).unwrap().fate
}

#[test]
fn every_key_of_harbor_has_a_line_that_knows_it() {
    for (form, text) in [(Form::Cfg, CFG), (Form::Yml, YML)] {
        let old = Old::parse(form, text).unwrap();
        let lines = import(&old).lines;
        for (key, _) in old.keys() {
            let line =
                lines.iter().find(|line| line.key == key).unwrap_or_else(|| panic!("no line for {key}"));
            assert!(!matches!(line.fate, Fate::Unknown | Fate::Wrong(_)), "{line:?}");
        }
    }
}

#[test]
fn the_fixture_of_1_5_has_every_key_of_1_5() {
    let old = Old::parse(Form::Cfg, CFG).unwrap();
    let names = "hostname ui_url_protocol max_job_workers customize_crt ssl_cert ssl_cert_key secretkey_path \
        admiral_url log_rotate_count log_rotate_size http_proxy https_proxy no_proxy email_identity email_server \
        email_server_port email_username email_password email_from email_ssl email_insecure harbor_admin_password \
        auth_mode ldap_url ldap_searchdn ldap_search_pwd ldap_basedn ldap_filter ldap_uid ldap_scope ldap_timeout \
        ldap_verify_cert ldap_group_basedn ldap_group_filter ldap_group_gid ldap_group_scope self_registration \
        token_expiration project_creation_restriction db_host db_password db_port db_user redis_url clair_db_host \
        clair_db_password clair_db_port clair_db_username clair_db uaa_endpoint uaa_clientid uaa_clientsecret \
        uaa_verify_cert uaa_ca_cert registry_storage_provider_name registry_storage_provider_config reload_config \
        _version";
    let mut expected: Vec<_> = names.split_whitespace().collect();
    let mut found: Vec<_> = old.keys().map(|(key, _)| key).collect();
    expected.sort_unstable();
    found.sort_unstable();
    assert_eq!(found, expected);
}

#[test]
fn a_configuration_of_1_5_becomes_these_settings() {
    assert_eq!(
        written(Form::Cfg, CFG),
        [
            r#"admin_password = 'Pass"word\1#x;y'"#,
            "auth.self_registration = true",
            r#"external_url = "https://registry.example.org""#,
            r#"listen = "[::]:443""#,
            r#"log.file = "/var/log/harbor/berth.log""#,
            "log.rotate_count = 7",
            "log.rotate_size_bytes = 1048576",
            r#"projects.creation = "admins""#,
            r#"storage.access_key = "AKIAEXAMPLE""#,
            "storage.allow_http = true",
            r#"storage.endpoint = "http://minio.example.org:9000""#,
            r#"storage.region = "eu-west-1""#,
            r#"storage.secret_key = "S3-Secret-1""#,
            r#"storage.url = "s3://images/harbor/berth""#,
            r#"tls.certificate = "/data/cert/server.crt""#,
            r#"tls.key = "/data/cert/server.key""#,
            "tokens.ttl_secs = 300",
        ]
    );
}

#[test]
fn a_configuration_of_2_becomes_these_settings() {
    assert_eq!(
        written(Form::Yml, YML),
        [
            r#"admin_password = "Admin-Secret-1""#,
            r#"data = "/data/berth""#,
            r#"external_url = "https://reg.mydomain.com:8433""#,
            r#"gc.upload_ttl = "168h""#,
            r#"listen = "0.0.0.0:8443""#,
            r#"log.file = "/var/log/harbor/berth.log""#,
            r#"log.level = "warn""#,
            "log.rotate_count = 7",
            "log.rotate_size_bytes = 104857600",
            r#"storage.access_key = "AKIAEXAMPLE""#,
            r#"storage.endpoint = "https://minio.example.org:9000""#,
            "storage.path_style = false",
            "storage.redirect = true",
            r#"storage.region = "eu-west-1""#,
            r#"storage.secret_key = "S3-Secret-1""#,
            r#"storage.url = "s3://images/harbor/berth""#,
            r#"tls.certificate = "/your/certificate/path""#,
            r#"tls.key = "/your/private/key/path""#,
        ]
    );
}

#[test]
fn what_is_written_can_be_read_again() {
    for (form, text) in [(Form::Cfg, CFG), (Form::Yml, YML)] {
        let imported = of(form, text);
        let loaded = crate::config::check_text("berth.toml".as_ref(), &imported.toml("harbor")).unwrap();
        let given = loaded.settings.iter().filter(|setting| setting.origin != crate::config::Origin::Default);
        assert_eq!(given.count(), imported.count());
    }
}

#[test]
fn the_address_is_that_of_harbor() {
    for (form, text, url, listen) in [
        (Form::Cfg, "hostname = reg.lan", "http://reg.lan", "[::]:80"),
        (Form::Cfg, "hostname = reg.lan:8080\nui_url_protocol = http", "http://reg.lan:8080", "[::]:8080"),
        (Form::Cfg, "hostname = reg.lan\nui_url_protocol = https", "https://reg.lan", "[::]:443"),
        (Form::Cfg, "hostname = [fd00::1]\nui_url_protocol = https", "https://[fd00::1]", "[::]:443"),
        (Form::Yml, "hostname: reg.lan\nhttp:\n  port: 8080", "http://reg.lan:8080", "0.0.0.0:8080"),
        (Form::Yml, "hostname: reg.lan\nhttps:\n  port: 443", "https://reg.lan", "0.0.0.0:443"),
        (Form::Yml, "hostname: reg.lan\nip_family:\n  ipv6:\n    enabled: true", "http://reg.lan", "[::]:80"),
    ] {
        let expected = [format!("external_url = {url:?}"), format!("listen = {listen:?}")];
        assert_eq!(written(form, text), expected, "{text}");
    }
}

#[test]
fn layers_go_where_harbor_keeps_them_into_a_folder_of_their_own() {
    let of = |driver: &str, parameters: &str| {
        let text = format!(
            "registry_storage_provider_name = {driver}\nregistry_storage_provider_config = {parameters}"
        );
        written(Form::Cfg, &text).join("; ")
    };
    assert_eq!(of("filesystem", ""), "");
    assert_eq!(of("filesystem", "rootdirectory: /storage"), "");
    assert_eq!(
        of("filesystem", "rootdirectory: /mnt/images/"),
        r#"storage.url = "file:///mnt/images/berth""#
    );
    assert_eq!(
        of("azure", "accountname: a, accountkey: k==, container: c, realm: core.chinacloudapi.cn"),
        r#"storage.access_key = "a"; storage.endpoint = "https://a.blob.core.chinacloudapi.cn"; storage.secret_key = "k=="; storage.url = "az://c/berth""#
    );
    assert_eq!(of("gcs", "bucket: b, keyfile: /not/here.json"), r#"storage.url = "gs://b/berth""#);
    assert_eq!(of("swift", "container: c"), "");
}

#[test]
fn the_key_of_a_google_account_is_taken_over_from_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key.json");
    std::fs::write(&file, r#"{"type":"service_account"}"#).unwrap();
    let text = format!("storage_service:\n  gcs:\n    bucket: b\n    keyfile: {}\n", file.display());
    assert_eq!(
        written(Form::Yml, &text),
        [r#"storage.secret_key = '{"type":"service_account"}'"#, r#"storage.url = "gs://b/berth""#]
    );
}

#[test]
fn a_value_that_cant_be_understood_is_named_and_not_quoted() {
    for (key, value) in [
        ("token_expiration", "half an hour"),
        ("self_registration", "perhaps"),
        ("project_creation_restriction", "nobody"),
        ("log_rotate_size", "much"),
        ("log_rotate_count", "-1"),
        ("registry_storage_provider_config", "everywhere"),
        ("hostname", "reg:port"),
    ] {
        let Fate::Wrong(why) = fate(Form::Cfg, &format!("{key} = {value}"), key) else {
            panic!("{key} = {value} was understood");
        };
        assert!(!why.contains(value), "{why}");
    }
}

#[test]
fn a_key_that_nobody_knows_is_told_as_one() {
    assert_eq!(fate(Form::Cfg, "hostnam = a", "hostnam"), Fate::Unknown);
    assert_eq!(fate(Form::Yml, "log:\n  lokal: 1", "log.lokal"), Fate::Unknown);
}

#[test]
fn a_file_is_read_as_harbor_reads_it() {
    let old = Old::parse(Form::Cfg, "# remark\n; remark\n[configuration]\nA = 1 ; remark\nb: 'x'\na = 2\n")
        .unwrap();
    assert_eq!(old.keys().collect::<Vec<_>>(), [("b", "'x'"), ("a", "2")]);
    assert_eq!(Old::parse(Form::Yml, "a: 1\nb: [secret\n").unwrap_err(), 2);
    assert!(Old::parse(Form::Cfg, "a = 1\nsecret\n").is_err());
}
