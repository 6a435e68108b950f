//! `berth config import`: the file it writes, and a server that is started from it.

use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use data_encoding::BASE64;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::util::program::{Serving, run, serve};
use crate::util::raw::{self, body, exchange, header, status};

const CFG: &str = include_str!("../../fixtures/harbor-1.5.cfg");
const YML: &str = include_str!("../../fixtures/harbor-2.yml");
const PASSWORD: &str = r#"Pass"word\1#x;y"#;
/// As all secrets of the fixtures end.
const SECRET: &str = "-Secret-";

/// The fixture with other values for some keys.
fn changed(changes: &[(&str, String)]) -> String {
    let line = |line: &str| {
        let key = line.split(" =").next().unwrap_or_default();
        match changes.iter().find(|(name, _)| *name == key) {
            Some((_, value)) => format!("{key} = {value}\n"),
            None => format!("{line}\n"),
        }
    };
    CFG.lines().map(line).collect()
}

async fn imported(folder: &Path, text: &str) {
    fs::write(folder.join("harbor.cfg"), text).unwrap();
    let done = run(folder, &["config", "import", "harbor.cfg"], &[]).await;
    assert_eq!((done.code, done.stderr.as_str()), (0, ""));
}

#[tokio::test]
async fn every_key_gets_a_line_and_no_secret_is_printed() {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [("harbor.cfg", CFG), ("harbor.yml", YML)] {
        fs::write(folder.path().join(name), text).unwrap();
        let output = format!("{name}.toml");
        let done = run(folder.path(), &["config", "import", name, "--output", &output], &[]).await;
        assert_eq!((done.code, done.stderr.as_str()), (0, ""));
        assert!(!done.stdout.contains(SECRET) && !done.stdout.contains(PASSWORD), "{}", done.stdout);
        let written = folder.path().join(&output);
        assert_eq!(written.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(run(folder.path(), &["config", "check", "--config", &output], &[]).await.code, 0);
        let keys = done.stdout.lines().take_while(|line| !line.is_empty());
        assert!(keys.clone().count() > 50);
        for line in keys {
            assert!(line.split_once("  ").is_some_and(|(_, said)| !said.trim().is_empty()), "{line}");
        }
    }
}

#[tokio::test]
async fn lines_tell_what_a_key_became_or_why_it_did_not() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("harbor.cfg"), CFG).unwrap();
    let done = run(folder.path(), &["config", "import", "harbor.cfg"], &[]).await;
    let line = |key: &str| {
        let found = done.stdout.lines().find(|line| line.split("  ").next() == Some(key));
        found.unwrap_or_else(|| panic!("no line for {key}"))[key.len()..].trim().to_owned()
    };
    assert_eq!(line("hostname"), r#"external_url = "https://registry.example.org", listen = "[::]:443""#);
    assert_eq!(line("harbor_admin_password"), "admin_password = *** (used at the first start only)");
    assert_eq!(line("admiral_url"), "no counterpart: Admiral is not supported");
    assert_eq!(line("ldap_search_pwd"), "no counterpart yet: people of a directory can't sign in");
}

#[tokio::test]
async fn a_file_that_is_there_is_never_written_over() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("harbor.cfg"), CFG).unwrap();
    fs::write(folder.path().join("berth.toml"), "# mine\n").unwrap();
    let refused = run(folder.path(), &["config", "import", "harbor.cfg"], &[]).await;
    assert_eq!(refused.code, 1);
    assert!(refused.stderr.contains("berth.toml is there already"), "{}", refused.stderr);
    assert_eq!(fs::read_to_string(folder.path().join("berth.toml")).unwrap(), "# mine\n");
}

#[tokio::test]
async fn what_cant_be_understood_is_told_together_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let wrong =
        changed(&[("token_expiration", "soon".to_owned()), ("self_registration", "maybe".to_owned())]);
    fs::write(folder.path().join("harbor.cfg"), wrong).unwrap();
    let refused = run(folder.path(), &["config", "import", "harbor.cfg"], &[]).await;
    let expected = "berth: harbor.cfg cannot be taken over:\n  self_registration must be on or off\n  \
                    token_expiration must be a whole number\n";
    assert_eq!((refused.code, refused.stderr.as_str()), (1, expected));
    fs::write(folder.path().join("harbor.yml"), "a: b: Some-Secret-1\n").unwrap();
    let refused = run(folder.path(), &["config", "import", "harbor.yml"], &[]).await;
    let expected = "berth: harbor.yml can't be understood in line 1\n";
    assert_eq!((refused.code, refused.stderr.as_str()), (1, expected));
    assert!(!folder.path().join("berth.toml").exists());
}

/// Starts a server with another socket, and another file for its logs, than its configuration says.
async fn serve_into(folder: &Path, log: &Path) -> Serving {
    let log = log.display().to_string();
    serve(folder, &[("BERTH_LOG__FILE", &log), ("BERTH_LOG__LEVEL", "debug")]).await
}

/// Where a server listens, as its log tells.
async fn address(log: &Path) -> SocketAddr {
    let found = || {
        let text = fs::read_to_string(log).ok()?;
        let mut lines = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        lines.find_map(|line| line["address"].as_str()?.parse().ok())
    };
    let told = async {
        loop {
            match found() {
                Some(address) => break address,
                None => tokio::task::yield_now().await,
            }
        }
    };
    raw::within(told).await
}

/// A server that was started from what the import wrote; only the socket and the file of the logs are other ones.
struct Imported {
    folder: tempfile::TempDir,
    _server: Serving,
    address: SocketAddr,
}

impl Imported {
    async fn start(changes: impl FnOnce(&Path) -> Vec<(&'static str, String)>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut changes = changes(folder.path());
        let root = folder.path().join("layers");
        changes.extend([
            ("ui_url_protocol", "http".to_owned()),
            ("registry_storage_provider_name", "filesystem".to_owned()),
            ("registry_storage_provider_config", format!("rootdirectory: {}", root.display())),
        ]);
        imported(folder.path(), &changed(&changes)).await;
        let log = folder.path().join("logs/berth.log");
        let server = serve_into(folder.path(), &log).await;
        Self { address: address(&log).await, folder, _server: server }
    }

    async fn ask(&self, method: &str, path: &str, who: Option<(&str, &str)>, sent: &str) -> String {
        let who = who.map(|(name, password)| BASE64.encode(format!("{name}:{password}").as_bytes()));
        let authorization = who.map(|basic| format!("authorization: Basic {basic}\r\n")).unwrap_or_default();
        self.send(method, path, &authorization, sent).await
    }

    async fn send(&self, method: &str, path: &str, lines: &str, sent: &str) -> String {
        let lines = format!("{lines}content-type: application/json\r\n");
        self.exchange(method, path, &lines, sent).await
    }

    /// Sends a form as a page does.
    async fn send_form(&self, path: &str, form: &str) -> String {
        let lines = "origin: http://registry.example.org\r\naccept: application/json\r\n\
                     content-type: application/x-www-form-urlencoded\r\n";
        self.exchange("POST", path, lines, form).await
    }

    async fn exchange(&self, method: &str, path: &str, lines: &str, sent: &str) -> String {
        let length = sent.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: berth.test\r\nconnection: close\r\n{lines}\
             content-length: {length}\r\n\r\n{sent}"
        );
        exchange(self.address, &request).await
    }

    async fn get(&self, path: &str) -> Value {
        let answer = self.ask("GET", path, Some(("admin", PASSWORD)), "").await;
        assert_eq!(status(&answer), "HTTP/1.1 200 OK", "{path}");
        serde_json::from_str(body(&answer)).unwrap()
    }

    fn log(&self, end: &str) -> std::path::PathBuf {
        self.folder.path().join(format!("logs/berth.log{end}"))
    }
}

#[tokio::test]
async fn a_server_from_an_imported_file_has_the_name_the_password_and_the_rules_of_harbor() {
    let at = Imported::start(|_| Vec::new()).await;
    let challenge = at.ask("GET", "/v2/", None, "").await;
    let challenge = header(&challenge, "www-authenticate").unwrap();
    assert!(
        challenge.starts_with(r#"Bearer realm="http://registry.example.org/service/token""#),
        "{challenge}"
    );
    let info = at.get("/api/v2.0/systeminfo").await;
    assert_eq!(info["external_url"], "http://registry.example.org");
    assert_eq!(
        (&info["self_registration"], &info["project_creation_restriction"]),
        (&true.into(), &"adminonly".into())
    );
    let token = at.get("/service/token?service=harbor-registry").await;
    assert_eq!(token["expires_in"], 300);

    let form = "new[username]=ann&new[email]=ann@example.org&new[realname]=Ann&new[password]=Sea-Worthy-42";
    let made = at.send_form("/ui-fn/user/register", form).await;
    assert_eq!(status(&made), "HTTP/1.1 200 OK", "{made}");
    let project = r#"{"project_name":"team"}"#;
    let refused = at.ask("POST", "/api/v2.0/projects", Some(("ann", "Sea-Worthy-42")), project).await;
    assert_eq!(status(&refused), "HTTP/1.1 403 Forbidden");
    let made = at.ask("POST", "/api/v2.0/projects", Some(("admin", PASSWORD)), project).await;
    assert_eq!(status(&made), "HTTP/1.1 201 Created");
}

#[tokio::test]
async fn a_server_from_an_imported_file_keeps_layers_where_it_says() {
    let at = Imported::start(|_| Vec::new()).await;
    let token = at.get("/service/token?service=harbor-registry&scope=repository:library/a:push,pull").await;
    let bearer = format!("authorization: Bearer {}\r\n", token["token"].as_str().unwrap());
    let digest = data_encoding::HEXLOWER.encode(&Sha256::digest("layer"));
    let path = format!("/v2/library/a/blobs/uploads/?digest=sha256:{digest}");
    assert_eq!(status(&at.send("POST", &path, &bearer, "layer").await), "HTTP/1.1 201 Created");
    let mut folders = vec![at.folder.path().join("layers/berth")];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { found.push(fs::read(path).unwrap()) }
        }
    }
    assert!(found.iter().any(|bytes| bytes == b"layer"));
}

#[tokio::test]
async fn a_server_from_an_imported_file_puts_logs_aside_by_size_and_count() {
    let rotation =
        |_: &Path| vec![("log_rotate_size", "64k".to_owned()), ("log_rotate_count", "2".to_owned())];
    let at = Imported::start(rotation).await;
    let ask = async |until: &dyn Fn() -> bool| {
        for _ in 0..5_000 {
            if until() {
                return;
            }
            exchange(at.address, &raw::get("/healthz", &[])).await;
        }
        panic!("the logs don't grow");
    };
    ask(&|| at.log(".2").exists()).await;
    let second = fs::read(at.log(".2")).unwrap();
    ask(&|| fs::read(at.log(".2")).unwrap() != second).await;
    assert!(!at.log(".3").exists());
    for end in ["", ".1", ".2"] {
        let mode = at.log(end).metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let text = fs::read_to_string(at.log(".1")).unwrap();
    assert!((65_536..70_000).contains(&text.len()), "{}", text.len());
    assert!(text.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()));
}

#[tokio::test]
async fn a_server_from_an_imported_file_speaks_tls_with_the_certificate_of_harbor() {
    let folder = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(["registry.example.org".to_owned()]).unwrap();
    let (certificate, key) = (folder.path().join("server.crt"), folder.path().join("server.key"));
    fs::write(&certificate, made.cert.pem()).unwrap();
    fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let changes = [
        ("ssl_cert", certificate.display().to_string()),
        ("ssl_cert_key", key.display().to_string()),
        ("registry_storage_provider_name", "filesystem".to_owned()),
        ("registry_storage_provider_config", String::new()),
    ];
    imported(folder.path(), &changed(&changes)).await;
    let log = folder.path().join("berth.log");
    let server = serve_into(folder.path(), &log).await;
    assert!(server.block.contains("https://registry.example.org"), "{}", server.block);
    let listen = address(&log).await.to_string();
    let healthy = run(folder.path(), &["healthcheck", "--listen", &listen], &[]).await;
    assert_eq!((healthy.code, healthy.stdout.as_str()), (0, "ready\n"));
}
