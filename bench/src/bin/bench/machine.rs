//! Where the figures come from: the machine, the versions, and what each server promises of a push.

use std::{fmt, fs, path::Path, process::Command};

use chrono::{DateTime, Utc};

use crate::tools::Tools;

/// The lines above the table.
#[derive(Debug, Default)]
pub struct Machine {
    lines: Vec<(&'static str, String)>,
}

impl Machine {
    /// Asks the system and the programs themselves. What can't be found out is left out.
    pub fn look(tools: &Tools, folder: &Path, now: DateTime<Utc>) -> Self {
        let cores = std::thread::available_parallelism().map_or(0, usize::from);
        let said = [
            ("Date", Some(now.format("%Y-%m-%d").to_string())),
            ("Machine", processor().map(|name| format!("{name}, {cores} cores shared with the client"))),
            ("Memory", memory()),
            ("Kernel", line_of("/proc/sys/kernel/osrelease")),
            ("Files on", file_system(folder)),
            ("Berth", version(&tools.berth, &["--version"]).map(|version| {
                format!("{version}: checks a bearer token on every request; a push is synced, its folder and its row too")
            })),
            ("distribution", tools.distribution.as_deref().and_then(|path| version(path, &["--version"])).map(|version| {
                format!("{version}: no token; syncs files and the folders of small ones, not the rename of a layer")
            })),
            ("docker-registry", version(Path::new("dpkg-query"), &["-W", "-f=${Version}", "docker-registry"]).map(|version| {
                format!("Debian {version}: no token; syncs the data of a file, no folder")
            })),
            ("Limit of reads", version(&tools.nginx, &["-v"]).map(|version| format!("{version}, static files, no token"))),
            ("Limit of pushes", version(&tools.openssl, &["version"]).map(|version| {
                format!("{version}: `openssl dgst -sha256` while the same bytes are written to a file and synced; no network")
            })),
        ];
        Self { lines: said.into_iter().filter_map(|(name, text)| Some((name, text?))).collect() }
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lines.iter().try_for_each(|(name, text)| writeln!(f, "- {name}: {text}"))
    }
}

fn processor() -> Option<String> {
    let told = fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = told.lines().find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

fn memory() -> Option<String> {
    let told = fs::read_to_string("/proc/meminfo").ok()?;
    let kib: u64 = told.lines().next()?.split_whitespace().nth(1)?.parse().ok()?;
    Some(format!("{} GiB", kib.div_ceil(1024 * 1024)))
}

fn line_of(path: &str) -> Option<String> {
    fs::read_to_string(path).ok().map(|text| text.trim().to_owned())
}

/// The kind of file system that a folder is on: that of the longest mount point above it.
fn file_system(folder: &Path) -> Option<String> {
    let folder = folder.canonicalize().ok()?;
    let mounts = fs::read_to_string("/proc/mounts").ok()?;
    let mounts = mounts.lines().filter_map(|line| {
        let mut words = line.split(' ').skip(1);
        Some((words.next()?, words.next()?))
    });
    let (_, kind) =
        mounts.filter(|(point, _)| folder.starts_with(point)).max_by_key(|(point, _)| point.len())?;
    Some(kind.to_owned())
}

/// The first line that a program says of itself.
fn version(program: &Path, arguments: &[&str]) -> Option<String> {
    let said = Command::new(program).args(arguments).output().ok().filter(|said| said.status.success())?;
    let said = [said.stdout, said.stderr].concat();
    let line = String::from_utf8_lossy(&said).lines().next()?.trim().to_owned();
    (!line.is_empty()).then_some(line)
}
