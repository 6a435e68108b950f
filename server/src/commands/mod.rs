//! What each command does; the command line itself is in [`cli`](crate::cli).
//!
//! Results go to standard output, everything else to standard error.

mod admin;
mod backup;
mod completions;
mod config;
mod fsck;
mod gc;
mod healthcheck;
mod import;
mod progress;
mod serve;
mod welcome;
mod why;

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

use rustix::fs::Mode;
use rustix::process::umask;

use crate::cli::{AdminCommand, Cli, Command, ConfigCommand};

/// What a command ends with.
pub type Outcome = Result<ExitCode, Box<dyn Error>>;

/// Runs the command that was asked for.
///
/// # Errors
/// Whatever stopped it, for [`report`].
pub async fn run(cli: Cli) -> Outcome {
    match cli.command {
        Command::Serve(settings) => serve::run(&settings).await,
        Command::Config(ConfigCommand::Check(settings)) => config::check(&settings),
        Command::Config(ConfigCommand::Show(settings)) => config::show(&settings),
        Command::Config(ConfigCommand::Import { file, output }) => import::run(&file, &output),
        Command::Admin(AdminCommand::ResetPassword { user, place }) => {
            admin::reset_password(&place, &user).await
        }
        Command::Fsck(flags) => fsck::run(&flags).await,
        Command::Why { digest, json, place } => why::run(&place, &digest, json).await,
        Command::Backup(flags) => backup::back_up(&flags).await,
        Command::Restore { folder, data, json } => backup::restore(&folder, &data, json).await,
        Command::Gc(options) => gc::run(&options).await,
        Command::Healthcheck(settings) => healthcheck::run(&settings).await,
        Command::Completions { shell } => completions::run(shell),
    }
}

/// Tells on standard error why a command failed, with all causes.
pub fn report(error: &dyn Error) {
    let mut text = format!("berth: {error}");
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    // There is nobody left to tell when standard error is gone.
    let _ = writeln!(io::stderr(), "{text}");
}

/// Prints to standard output; a reader that went away (`| head`) is no error.
fn print(text: &str) -> io::Result<()> {
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        outcome => outcome,
    }
}

/// From here on, files that this process makes are for nobody else.
fn keep_files_private() {
    umask(Mode::RWXG | Mode::RWXO);
}
