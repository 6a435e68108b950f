//! `berth fsck`, `why`, `backup` and `restore`, beside a running server and without one.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use data_encoding::{BASE64, HEXLOWER};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::util::program::{Finished, Serving, run, serve};
use crate::util::raw::{body, exchange, get, status};

const PASSWORD: &str = "Harbour-12345";
const SETTINGS: &[(&str, &str)] = &[("BERTH_ADMIN_PASSWORD", PASSWORD)];
const LAYER: &str = "a layer";
const CONFIG: &str = "{}";

/// A running server with one image, `library/image:v1`.
async fn scene(folder: &Path) -> Serving {
    let server = serve(folder, SETTINGS).await;
    let address: SocketAddr = server.host.replace("localhost", "127.0.0.1").parse().unwrap();
    let basic = format!("Authorization: Basic {}", BASE64.encode(format!("admin:{PASSWORD}").as_bytes()));
    let path = "/service/token?service=harbor-registry&scope=repository:library/image:pull,push";
    let answer = exchange(address, &get(path, &[&basic])).await;
    let token: Value = serde_json::from_str(body(&answer)).unwrap();
    let bearer = format!("Authorization: Bearer {}", token["token"].as_str().unwrap());
    for blob in [LAYER, CONFIG] {
        let path = format!("/v2/library/image/blobs/uploads/?digest={}", digest(blob));
        let pushed = exchange(address, &with_body("POST", &path, &[&bearer], blob)).await;
        assert_eq!(status(&pushed), "HTTP/1.1 201 Created", "{pushed}");
    }
    let kind = "Content-Type: application/vnd.oci.image.manifest.v1+json";
    let path = "/v2/library/image/manifests/v1";
    let pushed = exchange(address, &with_body("PUT", path, &[&bearer, kind], &manifest())).await;
    assert_eq!(status(&pushed), "HTTP/1.1 201 Created", "{pushed}");
    server
}

fn with_body(method: &str, path: &str, lines: &[&str], body: &str) -> String {
    let lines = lines.iter().flat_map(|line| [line, "\r\n"]).collect::<String>();
    let len = body.len();
    format!(
        "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{lines}Content-Length: {len}\r\n\r\n{body}"
    )
}

fn digest(text: &str) -> String {
    format!("sha256:{}", HEXLOWER.encode(&Sha256::digest(text)))
}

fn manifest() -> String {
    serde_json::json!({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": {
            "mediaType": "application/vnd.example.config+json",
            "digest": digest(CONFIG), "size": CONFIG.len(),
        },
        "layers": [{
            "mediaType": "application/vnd.oci.image.layer.v1.tar",
            "digest": digest(LAYER), "size": LAYER.len(),
        }],
    })
    .to_string()
}

fn json(finished: &Finished) -> Value {
    serde_json::from_str(&finished.stdout)
        .unwrap_or_else(|_| panic!("{}{}", finished.stdout, finished.stderr))
}

/// The file of the layer below a data folder.
fn layer_file(data: &Path) -> PathBuf {
    let digest = digest(LAYER);
    let hex = digest.strip_prefix("sha256:").unwrap();
    let shard = data.join("storage/blobs/sha256").join(&hex[..2]);
    fs::read_dir(shard).unwrap().next().unwrap().unwrap().path()
}

#[tokio::test]
async fn damage_is_found_beside_a_running_server_and_repaired() {
    let folder = tempfile::tempdir().unwrap();
    let _server = scene(folder.path()).await;
    let clean = run(folder.path(), &["fsck"], &[]).await;
    assert_eq!(clean.code, 0, "{}{}", clean.stdout, clean.stderr);
    assert!(clean.stdout.ends_with("no problems.\n"), "{}", clean.stdout);
    fs::write(layer_file(&folder.path().join("data")), "a lager").unwrap();
    assert_eq!(run(folder.path(), &["fsck", "--quick"], &[]).await.code, 0);
    let found = run(folder.path(), &["fsck", "--json"], &[]).await;
    assert_eq!(found.code, 1);
    assert_eq!(json(&found)["problems"][0]["kind"], "blob_digest");
    assert_eq!(json(&found)["problems"][0]["subject"], digest(LAYER));
    let repaired = run(folder.path(), &["fsck", "--repair"], &[]).await;
    assert_eq!(repaired.code, 1);
    assert!(repaired.stdout.contains("1 problems, 1 repaired"), "{}", repaired.stdout);
    let why = run(folder.path(), &["why", &digest(LAYER)], &[]).await;
    assert_eq!(why.code, 0);
    assert!(why.stdout.contains("damaged"), "{}", why.stdout);
}

#[tokio::test]
async fn what_cannot_be_checked_is_told_from_what_is_well() {
    let folder = tempfile::tempdir().unwrap();
    let nothing = run(folder.path(), &["fsck"], &[]).await;
    assert_eq!(nothing.code, 2, "{}{}", nothing.stdout, nothing.stderr);
    assert!(!folder.path().join("data").exists(), "a check makes nothing");
    let mut server = serve(folder.path(), SETTINGS).await;
    server.signal("TERM").await;
    assert_eq!(server.ended().await, Some(0));
    fs::rename(folder.path().join("data/storage"), folder.path().join("elsewhere")).unwrap();
    let unmounted = run(folder.path(), &["fsck", "--repair"], &[]).await;
    assert_eq!(unmounted.code, 2);
    assert!(unmounted.stderr.contains("there is no blob store in"), "{}", unmounted.stderr);
}

#[tokio::test]
async fn the_way_from_a_tag_to_a_layer_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let _server = scene(folder.path()).await;
    let told = run(folder.path(), &["why", &digest(LAYER)], &[]).await;
    let way = format!("kept by library/image:v1 → {} → {}\n", digest(&manifest()), digest(LAYER));
    assert!(told.stdout.contains(&way), "{}{}", told.stdout, told.stderr);
    let told = run(folder.path(), &["why", &digest(&manifest()), "--json"], &[]).await;
    assert_eq!(json(&told)["kept_by"][0]["tag"], "v1");
    let unknown = run(folder.path(), &["why", &digest("unknown")], &[]).await;
    assert_eq!((unknown.code, unknown.stdout), (1, format!("{} is unknown.\n", digest("unknown"))));
}

#[tokio::test]
async fn a_backup_of_a_running_server_is_restored_and_serves() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = scene(folder.path()).await;
    let made = run(folder.path(), &["backup", "backup", "--json"], &[]).await;
    assert_eq!(made.code, 0, "{}{}", made.stdout, made.stderr);
    assert_eq!(json(&made)["backup"]["blobs"], 2);
    let again = run(folder.path(), &["backup", "backup"], &[]).await;
    assert!(again.stdout.contains("2 blobs (0 new, 0 bytes)"), "{}{}", again.stdout, again.stderr);
    server.signal("TERM").await;
    assert_eq!(server.ended().await, Some(0));
    let refused = run(folder.path(), &["restore", "backup", "--data", "data"], &[]).await;
    assert_eq!((refused.code, refused.stderr.contains("is not empty")), (1, true), "{}", refused.stderr);
    fs::remove_dir_all(folder.path().join("data")).unwrap();
    let restored = run(folder.path(), &["restore", "backup", "--data", "data"], &[]).await;
    assert_eq!(restored.code, 0, "{}{}", restored.stdout, restored.stderr);
    assert_eq!(run(folder.path(), &["fsck"], &[]).await.code, 0);
    let server = serve(folder.path(), &[]).await;
    assert!(server.block.contains("user admin and your password"), "{}", server.block);
    let address: SocketAddr = server.host.replace("localhost", "127.0.0.1").parse().unwrap();
    let basic = format!("Authorization: Basic {}", BASE64.encode(format!("admin:{PASSWORD}").as_bytes()));
    let path = "/service/token?service=harbor-registry&scope=repository:library/image:pull";
    let answer = exchange(address, &get(path, &[&basic])).await;
    let token: Value = serde_json::from_str(body(&answer)).unwrap();
    let bearer = format!("Authorization: Bearer {}", token["token"].as_str().unwrap());
    let path = format!("/v2/library/image/blobs/{}", digest(LAYER));
    let pulled = exchange(address, &get(&path, &[&bearer])).await;
    assert_eq!(body(&pulled), LAYER);
}
