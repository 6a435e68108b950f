//! The S3 server, one per test.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::proxy::{get, request};

pub const BUCKET: &str = "blobs-of-the-tests";

const START_DEADLINE: Duration = Duration::from_mins(1);

/// A running server with an empty bucket; it ends with the test.
pub struct Moto {
    pub url: String,
    child: Child,
}

impl Moto {
    pub async fn start() -> Self {
        let program = program();
        assert!(
            program.exists(),
            "{} is missing: run scripts/setup-python, or let BERTH_TEST_MOTO name a moto_server",
            program.display()
        );
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let child = Command::new(program)
            .args(["-H", "127.0.0.1", "-p", &port.to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let moto = Self { url: format!("http://127.0.0.1:{port}"), child };
        let end = Instant::now() + START_DEADLINE;
        while request("PUT", &format!("{}/{BUCKET}", moto.url)).await.is_err() {
            assert!(Instant::now() < end, "moto_server did not start");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        moto
    }

    /// How many multipart uploads are unfinished.
    pub async fn multiparts(&self) -> usize {
        let listing = get(&format!("{}/{BUCKET}?uploads", self.url)).await;
        String::from_utf8(listing).unwrap().matches("<UploadId>").count()
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ended = self.child.kill().and_then(|()| self.child.wait());
    }
}

/// Where the set-up of the tests puts it.
fn program() -> PathBuf {
    if let Some(named) = std::env::var_os("BERTH_TEST_MOTO") {
        return named.into();
    }
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let home = || PathBuf::from(std::env::var_os("HOME").unwrap_or_default()).join(".cache");
    cache.unwrap_or_else(home).join("berth-tests/moto/bin/moto_server")
}
