//! A crowd of clients, each with one connection, that do the same work over and over.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use bench::{Client, Error};
use tokio::{
    task::JoinSet,
    time::{sleep_until, timeout_at},
};

use crate::{Outcome, plan::GIB, process::Process, stats::percentile_ms};

/// How long a server may finish what is under way at the end of a run, lest the next run find it busy.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a client does again and again.
pub trait Work: Send + Sync + 'static {
    /// Whether it may be given up half way, because its bytes are what counts.
    fn counts_bytes(&self) -> bool {
        false
    }

    /// Does it once. No two calls have the same `turn`; bytes are counted in `bytes` as they come.
    fn once(
        &self,
        client: &mut Client,
        turn: u64,
        bytes: &AtomicU64,
    ) -> impl Future<Output = Result<(), Error>> + Send;
}

/// What came of a time of load.
#[derive(Debug, Default)]
pub struct Load {
    /// How long each piece of work took that was begun in time.
    latencies: Vec<Duration>,
    /// How many of them were done in time.
    done: usize,
    bytes: u64,
    secs: f64,
    cpu_secs: f64,
}

#[expect(clippy::cast_precision_loss, reason = "counts of a few seconds are far below the limit")]
impl Load {
    /// Pieces of work per second.
    pub fn rate(&self) -> f64 {
        self.done as f64 / self.secs
    }

    /// The 99th of a hundred times, in milliseconds. None when nothing was done.
    pub fn p99_ms(&mut self) -> Option<f64> {
        percentile_ms(&mut self.latencies, 0.99)
    }

    pub fn gib_per_sec(&self) -> f64 {
        self.gib() / self.secs
    }

    /// The server's processor time for a GiB, in seconds.
    pub fn cpu_secs_per_gib(&self) -> f64 {
        self.cpu_secs / self.gib()
    }

    /// The server's processor time for a piece of work, in microseconds. None when nothing was done in time.
    pub fn cpu_micros_each(&self) -> Option<f64> {
        (self.done > 0).then(|| self.cpu_secs * 1e6 / self.done as f64)
    }

    fn gib(&self) -> f64 {
        self.bytes as f64 / GIB as f64
    }
}

/// Connects all clients, then lets them work for `time`. What is under way at the end is waited for and not counted, or
/// given up where bytes count.
pub async fn run<W: Work>(
    process: &Process,
    mut clients: Vec<Client>,
    time: Duration,
    work: W,
) -> Outcome<Load> {
    for client in &mut clients {
        client.connect().await?;
    }
    let (work, bytes) = (Arc::new(work), Arc::new(AtomicU64::new(0)));
    let cpu_before = process.cpu_secs();
    let end = Instant::now() + time;
    let mut crowd = JoinSet::new();
    for (turns, client) in turns_of(clients) {
        let (work, bytes) = (Arc::clone(&work), Arc::clone(&bytes));
        crowd.spawn(async move { until(end, client, turns, &*work, &bytes).await });
    }
    sleep_until(end.into()).await;
    let mut load = Load {
        bytes: bytes.load(Ordering::Relaxed),
        secs: time.as_secs_f64(),
        cpu_secs: process.cpu_secs() - cpu_before,
        ..Load::default()
    };
    while let Some(done) = crowd.join_next().await {
        let (mut latencies, done) = done??;
        load.latencies.append(&mut latencies);
        load.done += done;
    }
    Ok(load)
}

/// Lets the clients do the work of all turns below `total`, once each.
pub async fn fill<W: Work>(clients: Vec<Client>, total: u64, work: W) -> Outcome<()> {
    let work = Arc::new(work);
    let mut crowd = JoinSet::new();
    for (turns, mut client) in turns_of(clients) {
        let work = Arc::clone(&work);
        crowd.spawn(async move {
            let bytes = AtomicU64::new(0);
            for turn in turns.take_while(|turn| *turn < total) {
                work.once(&mut client, turn, &bytes).await?;
            }
            Ok::<_, Error>(())
        });
    }
    while let Some(done) = crowd.join_next().await {
        done??;
    }
    Ok(())
}

/// Each client with turns of its own: with three clients the first has 0, 3, 6 …
fn turns_of(
    clients: Vec<Client>,
) -> impl Iterator<Item = (impl Iterator<Item = u64> + Send + 'static, Client)> {
    let step = clients.len().max(1);
    (0..).zip(clients).map(move |(first, client)| ((first..).step_by(step), client))
}

/// Works until the end has come. Returns how long each piece took, and how many were done in time.
async fn until(
    end: Instant,
    mut client: Client,
    turns: impl Iterator<Item = u64> + Send,
    work: &impl Work,
    bytes: &AtomicU64,
) -> Result<(Vec<Duration>, usize), Error> {
    let (mut latencies, mut done) = (Vec::new(), 0);
    let working = async {
        for turn in turns {
            let begun = Instant::now();
            if begun >= end {
                break;
            }
            work.once(&mut client, turn, bytes).await?;
            latencies.push(begun.elapsed());
            done += usize::from(begun + begun.elapsed() <= end);
        }
        Ok(())
    };
    let last = if work.counts_bytes() { end } else { end + PATIENCE };
    match timeout_at(last.into(), working).await {
        Ok(Err(error)) => Err(error),
        Ok(Ok(())) | Err(_) => Ok((latencies, done)),
    }
}
