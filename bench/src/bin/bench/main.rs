//! Measures Berth beside other registries on this machine.
//!
//! ```text
//! suite/    what is measured: rows and the work behind them
//! server    starts a peer        load, work   drives it with a crowd of `bench::Client`
//! book      keeps every figure   report, chart   make the page and the picture of them
//! ```

#![forbid(unsafe_code)]

mod book;
mod chart;
mod limit;
mod load;
mod machine;
mod plan;
mod process;
mod report;
mod row;
mod server;
mod stats;
mod suite;
mod tools;
mod work;

use std::{
    error::Error,
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Parser, ValueEnum};
use tokio::signal::{
    ctrl_c,
    unix::{SignalKind, signal},
};

use book::Book;
use machine::Machine;
use plan::Plan;
use row::{Peer, Row, Than};
use server::Server;
use suite::Suite;
use tools::Tools;

/// What every step can fail with: a sentence for the person at the terminal.
type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// Measures Berth beside other registries on this machine, and writes a table and a chart of the ratios.
#[derive(Debug, Parser)]
#[command(after_help = "Example:\n  bench --quick --only manifests --only blobs")]
struct Arguments {
    /// One short run of each, with small sizes
    #[arg(long)]
    quick: bool,
    /// Measure only this group; may be given again for more
    #[arg(long, value_enum)]
    only: Vec<Suite>,
    /// The server to measure
    #[arg(long, default_value = "target/release/berth")]
    berth: PathBuf,
    /// distribution's `registry`; left out when it isn't given
    #[arg(long)]
    distribution: Option<PathBuf>,
    /// Debian's docker-registry
    #[arg(long, default_value = "docker-registry")]
    docker_registry: PathBuf,
    /// nginx, the limit of reads
    #[arg(long, default_value = "nginx")]
    nginx: PathBuf,
    /// openssl, half of the limit of pushes
    #[arg(long, default_value = "openssl")]
    openssl: PathBuf,
    /// Where results.md and ratios.svg go
    #[arg(long, default_value = "bench")]
    results: PathBuf,
}

/// One call of the command: what it measures with, and what it has measured.
struct Trial {
    tools: Tools,
    plan: Plan,
    book: Book,
    work: tempfile::TempDir,
}

impl Trial {
    /// Starts a peer with nothing in it.
    async fn start(&self, peer: Peer) -> Outcome<Server> {
        self.start_with(peer, &[]).await
    }

    /// As [`start`](Self::start), with settings of Berth.
    async fn start_with(&self, peer: Peer, settings: &[(&str, &str)]) -> Outcome<Server> {
        self.clear(peer)?;
        Server::start(&self.tools, peer, &self.folder(peer), settings).await
    }

    /// Starts a peer with what it had when it was stopped.
    async fn resume(&self, peer: Peer) -> Outcome<Server> {
        Server::start(&self.tools, peer, &self.folder(peer), &[]).await
    }

    /// The files of a peer.
    fn folder(&self, peer: Peer) -> PathBuf {
        self.work.path().join(peer.name())
    }

    /// Removes the files of a peer.
    fn clear(&self, peer: Peer) -> io::Result<()> {
        match fs::remove_dir_all(self.folder(peer)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    async fn measure(&mut self, suites: &[Suite]) -> Outcome<()> {
        if self.tools.distribution.is_none() {
            self.book.remarks.push("distribution, whose module can't be built here".to_owned());
        }
        for suite in suites {
            for peer in suite.peers() {
                if !self.tools.has(*peer) {
                    continue;
                }
                eprintln!("==> {suite:?}: {}", peer.name());
                if let Err(error) = suite.measure(self, *peer).await {
                    let remark = format!("{} in {suite:?}: {}", peer.name(), chain(&*error));
                    eprintln!("    {remark}");
                    self.book.remarks.push(remark);
                }
                self.clear(*peer)?;
            }
        }
        Ok(())
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let outcome = tokio::select! {
        outcome = measure(Arguments::parse()) => outcome,
        told = told_to_stop() => told, // what is running ends with its handle
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", chain(&*error));
            ExitCode::FAILURE
        }
    }
}

/// Waits for Ctrl-C or a polite kill.
async fn told_to_stop() -> Outcome<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        told = ctrl_c() => told?,
        _ = terminate.recv() => {}
    }
    Err("stopped".into())
}

async fn measure(arguments: Arguments) -> Outcome<()> {
    let plan = if arguments.quick { Plan::quick() } else { Plan::full() };
    let tools = Tools {
        berth: fs::canonicalize(&arguments.berth)
            .map_err(|error| format!("{}: {error}", arguments.berth.display()))?,
        distribution: arguments.distribution,
        docker_registry: arguments.docker_registry,
        nginx: arguments.nginx,
        openssl: arguments.openssl,
    };
    let work = tempfile::Builder::new().prefix("berth-bench-").tempdir()?;
    let machine = Machine::look(&tools, work.path(), now());
    let suites = if arguments.only.is_empty() { Suite::value_variants() } else { &arguments.only };
    let mut trial = Trial { tools, plan, book: Book::default(), work };
    trial.measure(suites).await?;
    let rows: Vec<Row> = suites.iter().flat_map(|suite| suite.rows(&trial.plan)).collect();
    publish(&arguments.results, &machine, &trial, &rows)
}

fn publish(folder: &Path, machine: &Machine, trial: &Trial, rows: &[Row]) -> Outcome<()> {
    let report = report::Report { machine, plan: &trial.plan, rows, book: &trial.book };
    let page = report.markdown()?;
    fs::create_dir_all(folder)?;
    fs::write(folder.join("results.md"), &page)?;
    let bars: Vec<chart::Bar> = rows.iter().filter_map(|row| bar(row, &trial.book)).collect();
    let title = "Berth beside distribution, times better";
    let title = if trial.plan.is_quick { format!("{title} (a quick run)") } else { title.to_owned() };
    fs::write(folder.join("ratios.svg"), chart::svg(&title, &bars)?)?;
    Ok(io::stdout().write_all(page.as_bytes())?)
}

/// The bar of a row that the chart shows: how many times better than distribution.
fn bar(row: &Row, book: &Book) -> Option<chart::Bar> {
    let better = |ratio: f64| if row.unit.is_rate() { ratio } else { 1.0 / ratio };
    let ratio = book.ratio(&row.id, Peer::Distribution).filter(|_| row.is_charted)?;
    let budget = row.budgets.iter().find(|budget| budget.than == Than::Peer(Peer::Distribution));
    Some(chart::Bar {
        label: row.work.clone(),
        gain: better(ratio),
        budget: budget.map(|budget| better(budget.value)),
    })
}

fn now() -> chrono::DateTime<chrono::Utc> {
    #[expect(clippy::disallowed_methods, reason = "this is where the time comes in")]
    chrono::Utc::now()
}

/// An error with what caused it.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
