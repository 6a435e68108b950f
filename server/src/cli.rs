//! The command line: what can be asked for, not how it is done.

use std::{path::PathBuf, time::Duration};

use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;
use types::digest::Digest;

use crate::config::{Flag, Inputs, parse_duration};

/// A private container registry in one binary.
#[derive(Debug, Parser)]
#[command(
    name = "berth",
    version,
    propagate_version = true,
    after_help = "Example:\n  berth serve --data /var/lib/berth --listen 127.0.0.1:8080"
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the server until it is told to stop (SIGTERM or Ctrl-C)
    #[command(after_help = "Example:\n  berth serve --config /etc/berth/berth.toml --data /var/lib/berth")]
    Serve(Settings),
    /// Look at the configuration
    #[command(subcommand, after_help = "Example:\n  berth config show")]
    Config(ConfigCommand),
    /// Look after accounts while the server runs or not
    #[command(subcommand, after_help = "Example:\n  berth admin reset-password")]
    Admin(AdminCommand),
    /// Compare rows and bytes while the server runs; exit code 0 if all is well, 1 if not, 2 if it could not check
    #[command(
        after_help = "Examples:\n  berth fsck --data /var/lib/berth\n  berth fsck --repair --data /var/lib/berth"
    )]
    Fsck(FsckFlags),
    /// Tell what keeps a blob or a manifest; exit code 1 if it is unknown
    #[command(after_help = "Example:\n  berth why sha256:9c27… --data /var/lib/berth")]
    Why {
        /// The digest.
        digest: Digest,
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
        /// Where it is.
        #[command(flatten)]
        place: Place,
    },
    /// Back up database, keys and blobs while the server runs; exit code 1 if a blob is missing
    #[command(
        after_help = "Example:\n  berth backup /backup/berth --data /var/lib/berth\n\nAnother backup into the same folder copies what is new."
    )]
    Backup(BackupFlags),
    /// Make a new data folder out of a backup; exit code 1 if something is damaged
    #[command(after_help = "Example:\n  berth restore /backup/berth --data /var/lib/berth")]
    Restore {
        /// Folder of the backup.
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        /// The new data folder: empty or not there yet.
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Remove what nothing needs: the server may run meanwhile
    #[command(
        after_help = "Examples:\n  berth gc --dry-run\n  berth gc --data /var/lib/berth --grace 0s --delete-untagged"
    )]
    Gc(Gc),
    /// Ask the server of this machine whether it is ready; exit code 0 if so, 1 if not
    #[command(after_help = "Example:\n  berth healthcheck --listen 127.0.0.1:8080")]
    Healthcheck(Settings),
    /// Print completions for a shell
    #[command(after_help = "Example:\n  berth completions bash > /etc/bash_completion.d/berth")]
    Completions {
        /// The shell.
        shell: Shell,
    },
}

/// What to do with the configuration.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Check the configuration and report everything that is wrong with it
    #[command(after_help = "Example:\n  berth config check --config berth.toml")]
    Check(Settings),
    /// Print every setting with its value and where the value comes from; secrets are hidden
    #[command(after_help = "Example:\n  BERTH_LOG__LEVEL=debug berth config show")]
    Show(Settings),
    /// Turn Harbor's harbor.cfg (1.x) or harbor.yml (2.x) into a berth.toml, and tell what became of every key
    #[command(
        after_help = "Example:\n  berth config import /opt/harbor/harbor.yml --output /etc/berth/berth.toml"
    )]
    Import {
        /// Harbor's file; one that ends in .yml or .yaml is of 2.x.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// The file to write; it must not be there yet.
        #[arg(long, value_name = "FILE", default_value = "berth.toml")]
        output: PathBuf,
    },
}

/// What to do with accounts.
#[derive(Debug, Subcommand)]
pub enum AdminCommand {
    /// Give an account a new random password and print it once
    #[command(
        after_help = "Examples:\n  berth admin reset-password\n  berth admin reset-password ann --data /var/lib/berth"
    )]
    ResetPassword {
        /// The account.
        #[arg(default_value = "admin")]
        user: String,
        /// Where the account is.
        #[command(flatten)]
        place: Place,
    },
}

/// How to check.
#[derive(Args, Clone, Debug)]
pub struct FsckFlags {
    /// Repair what can be repaired; manifests and good bytes are never removed.
    #[arg(long)]
    pub repair: bool,
    /// Leave the bytes of blobs unread; their sizes are compared all the same.
    #[arg(long)]
    pub quick: bool,
    /// Print one JSON object.
    #[arg(long)]
    pub json: bool,
    /// What to check.
    #[command(flatten)]
    pub place: Place,
}

/// What to back up, and where to.
#[derive(Args, Clone, Debug)]
pub struct BackupFlags {
    /// Folder of the backup: new, or that of an earlier backup.
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// List the blobs without copying their bytes.
    #[arg(long)]
    pub no_blobs: bool,
    /// Print one JSON object.
    #[arg(long)]
    pub json: bool,
    /// What to back up.
    #[command(flatten)]
    pub place: Place,
}

/// How to collect.
#[derive(Args, Clone, Debug)]
pub struct Gc {
    /// Only say what would go, and why.
    #[arg(long)]
    pub dry_run: bool,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
    /// How long something stays after the last thing that needed it is gone [default: `gc.grace`]. Less than a push takes
    /// makes pushes fail that are under way.
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    pub grace: Option<Duration>,
    /// Remove manifests that have no tag, are in no index and are about nothing that is there [default:
    /// `gc.delete_untagged`].
    #[arg(long)]
    pub delete_untagged: bool,
    /// Where the configuration and the data are.
    #[command(flatten)]
    pub place: Place,
}

/// Where the configuration and the data are.
#[derive(Args, Clone, Debug, Default)]
pub struct Place {
    /// Configuration file [default: ./berth.toml or /etc/berth/berth.toml where present].
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Folder of everything that is kept [default: ./data].
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
}

/// All settings that can be given as flags; there is none for a secret, on purpose.
#[derive(Args, Clone, Debug, Default)]
pub struct Settings {
    /// Where the configuration and the data are.
    #[command(flatten)]
    pub place: Place,
    /// Socket to listen on.
    #[arg(long, value_name = "ADDR", help = "Socket to listen on [default: [::]:8080]")]
    pub listen: Option<String>,
    /// Address that clients use, without a path [default: as each request says].
    #[arg(long, value_name = "URL")]
    pub external_url: Option<String>,
}

impl Place {
    /// The inputs of the configuration: these flags and the process environment.
    pub fn inputs(&self) -> Inputs {
        let data = self.data.as_ref().map(|path| path.display().to_string());
        Inputs {
            file: self.config.clone(),
            environment: environment(),
            flags: flag("--data", "data", data).into_iter().collect(),
        }
    }
}

impl Settings {
    /// The inputs of the configuration: these flags and the process environment.
    pub fn inputs(&self) -> Inputs {
        let mut inputs = self.place.inputs();
        inputs.flags.extend(flag("--listen", "listen", self.listen.clone()));
        inputs.flags.extend(flag("--external-url", "external_url", self.external_url.clone()));
        inputs
    }
}

fn flag(name: &'static str, key: &'static str, value: Option<String>) -> Option<Flag> {
    value.map(|value| Flag { name, key, value })
}

/// Variables that are no text are left out: no setting could be made of them.
fn environment() -> Vec<(String, String)> {
    let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
        Some((name.into_string().ok()?, value.into_string().ok()?))
    };
    std::env::vars_os().filter_map(text).collect()
}
