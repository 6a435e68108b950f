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
        let machine = [
            ("Date", Some(now.format("%Y-%m-%d").to_string())),
            ("Machine", processor().map(|name| format!("{name}, {cores} cores shared with the client"))),
            ("Memory", memory()),
            ("Kernel", line_of("/proc/sys/kernel/osrelease")),
            ("Files on", file_system(folder)),
            ("Load before the first run", load()),
        ];
        let lines = machine.into_iter().chain(servers(tools));
        Self { lines: lines.filter_map(|(name, text)| Some((name, text?))).collect() }
    }
}

/// The versions, and what each does for a request and a push.
fn servers(tools: &Tools) -> [(&'static str, Option<String>); 5] {
    let berth = version(&tools.berth, &["--version"]);
    let reference = tools.distribution.as_deref().and_then(|path| version(path, &["--version"]));
    let debian = version(Path::new("dpkg-query"), &["-W", "-f=${Version}", "docker-registry"]);
    let nginx = version(&tools.nginx, &["-v"]);
    let openssl = version(&tools.openssl, &["version"]);
    let with = |version: Option<String>, what: &str| version.map(|version| format!("{version}; {what}"));
    [
        ("Berth", with(berth, "checks a bearer token; a push syncs the file, its folder and its rows")),
        ("distribution", with(reference, "no token; a push syncs files, and the folders of small ones")),
        ("docker-registry", with(debian, "no token; a push syncs files, no folders")),
        ("Limit of reads", with(nginx, "static files, no token")),
        (
            "Limit of pushes",
            with(openssl, "`openssl dgst` while the same bytes are written and synced; no network"),
        ),
    ]
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

/// What others ask of the processor: above zero the figures are not to be trusted.
fn load() -> Option<String> {
    line_of("/proc/loadavg")?.split(' ').next().map(|load| format!("{load} (a quiet machine has none)"))
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

/// The version in the first line that a program says of itself: the first word with a digit that is no path.
fn version(program: &Path, arguments: &[&str]) -> Option<String> {
    let said = Command::new(program).args(arguments).output().ok().filter(|said| said.status.success())?;
    let said = [said.stdout, said.stderr].concat();
    version_in(String::from_utf8_lossy(&said).lines().next()?)
}

fn version_in(line: &str) -> Option<String> {
    let is_version = |word: &&str| {
        let word = word.rsplit('/').next().unwrap_or(word);
        word.trim_start_matches('v').starts_with(|first: char| first.is_ascii_digit()) && word.contains('.')
    };
    line.split_whitespace().find(is_version).map(ToOwned::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_found_in_what_programs_say() {
        let said = [
            ("berth 0.1.0", "0.1.0"),
            ("/x-1.2/registry github.com/distribution/distribution/v3 v3.1.1+unknown", "v3.1.1+unknown"),
            ("2.8.2+ds1-1+b6", "2.8.2+ds1-1+b6"),
            ("nginx version: nginx/1.22.1", "nginx/1.22.1"),
            ("OpenSSL 3.0.22 25 Aug 2026 (Library: OpenSSL 3.0.22)", "3.0.22"),
        ];
        for (line, version) in said {
            assert_eq!(version_in(line).as_deref(), Some(version));
        }
    }
}
