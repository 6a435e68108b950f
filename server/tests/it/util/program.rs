//! Runs the real program.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

use super::raw::within;

/// What a finished command left behind.
pub struct Finished {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

/// The program with a clean environment, working in a folder of its own.
pub fn berth(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_berth"));
    command.args(arguments).env_clear().envs(variables.iter().copied());
    command.current_dir(folder).kill_on_drop(true).stdin(Stdio::null());
    command
}

/// Runs a command to its end.
pub async fn run(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Finished {
    let output = within(berth(folder, arguments, variables).output()).await.unwrap();
    Finished {
        code: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A running `berth serve`.
pub struct Serving {
    pub child: Child,
    /// Where it listens, as its block says.
    pub host: String,
    /// The block it printed.
    pub block: String,
    log_path: PathBuf,
    _stdout: Lines<BufReader<ChildStdout>>,
}

/// Starts the server on a free port, without metrics unless asked for, and reads its block.
pub async fn serve(folder: &Path, variables: &[(&str, &str)]) -> Serving {
    let apart = [&[("BERTH_METRICS__LISTEN", "off")], variables].concat();
    let mut command = berth(folder, &["serve", "--listen", "127.0.0.1:0"], &apart);
    let log_path = folder.join("log");
    let log = File::create(&log_path).unwrap();
    let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut block = String::new();
    while !block.contains("docker push") {
        let line = within(lines.next_line()).await.unwrap().expect("the server ended before it was ready");
        block.push_str(&line);
        block.push('\n');
    }
    let host = block
        .split("ready at ")
        .nth(1)
        .unwrap()
        .lines()
        .next()
        .unwrap()
        .split("://")
        .nth(1)
        .unwrap()
        .to_owned();
    Serving { child, host, block, log_path, _stdout: lines }
}

impl Serving {
    /// Sends a signal by name, such as `TERM`.
    pub async fn signal(&self, name: &str) {
        let id = self.child.id().unwrap().to_string();
        let status = within(Command::new("kill").args(["-s", name, &id]).status()).await.unwrap();
        assert!(status.success());
    }

    /// Everything logged so far, one object per line.
    pub fn log(&self) -> Vec<serde_json::Value> {
        let text = fs::read_to_string(&self.log_path).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Waits for the end and returns the exit code.
    pub async fn ended(&mut self) -> Option<i32> {
        within(self.child.wait()).await.unwrap().code()
    }
}
