//! `berth serve` from start to stop, and the commands that go with a running server.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::util::program::{run, serve};
use crate::util::raw::{self, body, exchange, status};

#[tokio::test]
async fn the_first_start_prints_how_to_sign_in_and_the_second_keeps_the_secret() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = serve(folder.path(), &[]).await;
    assert!(first.block.contains("user admin, password "), "{}", first.block);
    assert!(first.block.contains(&format!("docker login {}", first.host)), "{}", first.block);
    first.signal("TERM").await;
    assert_eq!(first.ended().await, Some(0));
    let second = serve(folder.path(), &[]).await;
    assert!(second.block.contains("user admin and your password"), "{}", second.block);
}

#[tokio::test]
async fn a_running_server_is_alive_ready_and_healthy_until_it_is_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = serve(folder.path(), &[]).await;
    let address = server.host.replace("localhost", "127.0.0.1");
    for (path, expected) in [("/healthz", "ok\n"), ("/readyz", "ready\n")] {
        let answer = exchange(address.parse().unwrap(), &raw::get(path, &[])).await;
        assert_eq!((status(&answer), body(&answer)), ("HTTP/1.1 200 OK", expected));
    }
    let healthy = run(folder.path(), &["healthcheck", "--listen", &address], &[]).await;
    assert_eq!((healthy.code, healthy.stdout.as_str()), (0, "ready\n"));
    server.signal("INT").await;
    assert_eq!(server.ended().await, Some(0));
    let gone = run(folder.path(), &["healthcheck", "--listen", &address], &[]).await;
    assert_eq!(gone.code, 1);
}

#[tokio::test]
async fn files_in_the_data_folder_are_for_nobody_else() {
    let folder = tempfile::tempdir().unwrap();
    let _server = serve(folder.path(), &[]).await;
    let mut seen = 0;
    walk(&folder.path().join("data"), &mut |path| {
        let mode = path.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{} has mode {mode:o}", path.display());
        seen += 1;
    });
    assert!(seen > 1);
}

fn walk(path: &Path, visit: &mut impl FnMut(&Path)) {
    visit(path);
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            walk(&entry.unwrap().path(), visit);
        }
    }
}

#[tokio::test]
async fn a_healthcheck_over_tls_trusts_the_configured_certificate_alone() {
    let folder = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(["registry.example".to_owned()]).unwrap();
    fs::write(folder.path().join("certificate.pem"), made.cert.pem()).unwrap();
    fs::write(folder.path().join("key.pem"), made.signing_key.serialize_pem()).unwrap();
    let other = rcgen::generate_simple_self_signed(["registry.example".to_owned()]).unwrap();
    fs::write(folder.path().join("other.pem"), other.cert.pem()).unwrap();
    let tls = |certificate| [("BERTH_TLS__CERTIFICATE", certificate), ("BERTH_TLS__KEY", "key.pem")];
    let server = serve(folder.path(), &tls("certificate.pem")).await;
    let port = server.host.rsplit(':').next().unwrap().to_owned();
    let listen = format!("127.0.0.1:{port}");
    let asked = ["healthcheck", "--listen", &listen];
    assert_eq!(run(folder.path(), &asked, &tls("certificate.pem")).await.code, 0);
    assert_eq!(run(folder.path(), &asked, &tls("other.pem")).await.code, 1);
}

#[tokio::test]
async fn a_request_is_one_line_of_json_without_its_query() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = serve(folder.path(), &[("BERTH_LOG__LEVEL", "debug")]).await;
    let address = server.host.replace("localhost", "127.0.0.1");
    let request = raw::get("/healthz?code=hidden", &["x-request-id: seen-1", "authorization: Basic hidden"]);
    exchange(address.parse().unwrap(), &request).await;
    server.signal("TERM").await;
    server.ended().await;
    let log = server.log();
    let lines: Vec<_> = log.iter().filter(|line| line["span"]["request.id"] == "seen-1").collect();
    assert_eq!(lines.len(), 1, "{log:?}");
    assert_eq!(lines[0]["message"], "Answered GET /healthz with 200");
    assert_eq!(lines[0]["status"], 200);
    assert_eq!(lines[0]["span"]["client.ip"], "127.0.0.1");
    assert!(!format!("{log:?}").contains("hidden"));
}
