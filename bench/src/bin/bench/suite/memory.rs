//! Memory: idle, with idle connections, and while something huge goes through. Measured once: it hardly varies.

use std::time::Duration;

use bench::Blob;
use tokio::time::sleep;

use crate::{
    Outcome, Trial,
    plan::{Plan, size},
    row::{Peer, Row, Unit},
};

const REPOSITORY: &str = "library/huge";
const CONNECTIONS: usize = 1_000;
/// After a start, for what a server does first.
const SETTLE: Duration = Duration::from_secs(3);

pub fn rows(plan: &Plan) -> Vec<Row> {
    let huge = size(plan.huge);
    let row = |id, work: String, budget| Row::new(id, work, Unit::Mib).within(budget);
    vec![
        row("memory-idle", "RSS, idle after a start".to_owned(), 40.0).charted(),
        row("memory-connections", "RSS that 1,000 idle connections add".to_owned(), 64.0),
        row("memory-push", format!("RSS that a push of {huge} adds, peak"), 64.0),
        row("memory-pull", format!("RSS that a pull of {huge} adds, peak"), 64.0),
    ]
}

pub async fn measure(trial: &mut Trial, peer: Peer) -> Outcome<()> {
    // The first start makes keys and accounts; what counts is every later one.
    trial.start(peer).await?.stop().await?;
    let server = trial.resume(peer).await?;
    sleep(SETTLE).await;
    let idle = server.process.rss_mib();
    trial.book.record("memory-idle", peer, idle);

    let mut waiting = Vec::new();
    for _ in 0..CONNECTIONS {
        let mut client = server.stranger()?;
        client.ping().await?;
        waiting.push(client);
    }
    trial.book.record("memory-connections", peer, server.process.rss_mib() - idle);
    drop(waiting);

    let blob = Blob::random(trial.plan.huge);
    let mut client = server.client(REPOSITORY, "pull,push").await?;
    let before = server.process.rss_mib();
    server.process.forget_peak()?;
    client.push_blob(REPOSITORY, &blob).await?;
    trial.book.record("memory-push", peer, server.process.peak_mib() - before);

    let before = server.process.rss_mib();
    server.process.forget_peak()?;
    client.get_blob(REPOSITORY, blob.digest(), |_| {}).await?;
    trial.book.record("memory-pull", peer, server.process.peak_mib() - before);
    server.stop().await
}
