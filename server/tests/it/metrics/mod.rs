//! What a running server tells Prometheus.

use std::collections::BTreeSet;
use std::net::{SocketAddr, TcpListener};

use crate::util::program::{Serving, serve};
use crate::util::raw::{self, body, exchange, header, status};

const DOCUMENTATION: &str = include_str!("../../../../docs/metrics.md");

/// A server that chose the port of its metrics itself, and where that is.
async fn watched() -> (tempfile::TempDir, Serving, SocketAddr) {
    let folder = tempfile::tempdir().unwrap();
    let server = serve(folder.path(), &[("BERTH_METRICS__LISTEN", "127.0.0.1:0")]).await;
    let said = said(&server, "Metrics are at http://").expect("it says where its metrics are");
    let address = said.trim_end_matches("/metrics").parse().unwrap();
    (folder, server, address)
}

/// The rest of the first log line that begins like this.
fn said(server: &Serving, beginning: &str) -> Option<String> {
    server.log().iter().find_map(|line| {
        let message = line["message"].as_str()?;
        message.strip_prefix(beginning).map(str::to_owned)
    })
}

async fn scraped(address: SocketAddr) -> String {
    let answer = exchange(address, &raw::get("/metrics", &[])).await;
    assert_eq!(status(&answer), "HTTP/1.1 200 OK");
    assert_eq!(header(&answer, "content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
    body(&answer).to_owned()
}

#[track_caller]
fn assert_line(text: &str, line: &str) {
    assert!(text.lines().any(|it| it == line), "{line} is not in {text}");
}

#[tokio::test]
async fn documentation_lists_exactly_the_metrics_and_their_labels() {
    let (_folder, _server, address) = watched().await;
    let text = scraped(address).await;
    let mut told = BTreeSet::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (name, rest) = line.split_at(line.find(['{', ' ']).unwrap());
        let name =
            ["_bucket", "_sum", "_count"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
        let labels = rest.strip_prefix('{').and_then(|rest| rest.split('}').next()).unwrap_or_default();
        let labels = labels.split(',').filter_map(|label| label.split('=').next());
        let labels: Vec<_> = labels.filter(|label| !label.is_empty() && *label != "le").collect();
        told.insert((name.to_owned(), labels.join(", ")));
    }
    // This one comes with the first collection, which a new server may not have ended yet.
    told.insert(("berth_collection_last_end_timestamp_seconds".to_owned(), String::new()));
    let rows = DOCUMENTATION.lines().filter(|line| line.starts_with("| `berth_"));
    let listed: BTreeSet<_> = rows
        .map(|row| {
            let cells: Vec<_> = row.split('|').map(|cell| cell.trim().replace('`', "")).collect();
            (cells[1].clone(), cells[2].clone())
        })
        .collect();
    assert_eq!(listed, told);
}

#[tokio::test]
async fn what_clients_do_is_counted() {
    let (_folder, server, address) = watched().await;
    let door = server.host.replace("localhost", "127.0.0.1").parse().unwrap();
    let wrong = "authorization: Basic YWRtaW46d3Jvbmc=";
    let answer = exchange(door, &raw::get("/api/v2.0/users/current", &[wrong])).await;
    assert_eq!(status(&answer), "HTTP/1.1 401 Unauthorized");
    exchange(door, &raw::get("/v2/", &[])).await;
    let text = scraped(address).await;
    assert_line(&text, r#"berth_http_requests_total{door="harbor",method="GET",status="4xx"} 1"#);
    assert_line(&text, r#"berth_http_requests_total{door="registry",method="GET",status="4xx"} 1"#);
    assert_line(&text, r#"berth_http_request_duration_seconds_count{door="harbor",method="GET"} 1"#);
    assert_line(&text, r#"berth_sign_ins_total{outcome="refused"} 1"#);
    assert!(!text.contains("berth_writer_commits_total 0"), "{text}");
}

#[tokio::test]
async fn metrics_are_at_their_own_socket_alone() {
    let (_folder, server, address) = watched().await;
    let door = server.host.replace("localhost", "127.0.0.1").parse().unwrap();
    let answer = exchange(door, &raw::get("/metrics", &[])).await;
    assert!(!answer.contains("berth_http"), "{answer}");
    let answer = exchange(address, &raw::get("/v2/", &[])).await;
    assert_eq!(status(&answer), "HTTP/1.1 404 Not Found");
}

#[tokio::test]
async fn a_taken_port_leaves_a_server_without_metrics() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let folder = tempfile::tempdir().unwrap();
    let mut server = serve(folder.path(), &[("BERTH_METRICS__LISTEN", &address)]).await;
    let why = said(&server, "No metrics: ").expect("it says that there are none");
    assert!(why.contains(&address) && why.contains("metrics.listen"), "{why}");
    let door = server.host.replace("localhost", "127.0.0.1").parse().unwrap();
    let answer = exchange(door, &raw::get("/readyz", &[])).await;
    assert_eq!(body(&answer), "ready\n");
    server.signal("TERM").await;
    assert_eq!(server.ended().await, Some(0));
}
