//! A large layer pushed, in one piece and in chunks.

use std::{
    fs,
    time::{Duration, Instant},
};

use bench::{Blob, Client};

use crate::{
    Outcome, Trial, limit,
    plan::{MIB, Plan, size},
    row::{Peer, Row, Unit},
};

const REPOSITORY: &str = "library/pushed";
const CHUNK: u64 = 32 * MIB;
/// Rows by their names, and whether chunks are sent.
const WAYS: [(&str, bool); 2] = [("push-whole", false), ("push-chunks", true)];

pub fn rows(plan: &Plan) -> Vec<Row> {
    let layer = size(plan.blob);
    let budgeted = |id: &str, work: String| {
        let row = Row::new(id, work, Unit::MibPerSecond).times(1.5, Peer::Distribution);
        row.times(0.77, Peer::Limit) // 1.3 times its time
    };
    let in_chunks = format!("push {layer}, chunks of {}", size(CHUNK));
    vec![
        budgeted("push-whole", format!("push {layer}, one PUT")).charted(),
        Row::new("push-whole-cpu", format!("push {layer}, one PUT"), Unit::CpuSecondsPerGib),
        budgeted("push-chunks", in_chunks.clone()),
        Row::new("push-chunks-cpu", in_chunks, Unit::CpuSecondsPerGib),
    ]
}

pub async fn measure(trial: &mut Trial, peer: Peer) -> Outcome<()> {
    if peer == Peer::Limit {
        return measure_limit(trial).await;
    }
    for (row, is_in_chunks) in WAYS {
        let server = trial.start(peer).await?;
        for _ in 0..trial.plan.runs {
            let blob = Blob::random(trial.plan.blob);
            let mut client = server.client(REPOSITORY, "pull,push").await?;
            client.connect().await?;
            rustix::fs::sync(); // what others have left must not count
            let cpu_before = server.process.cpu_secs();
            let taken = push(&mut client, &blob, is_in_chunks).await?;
            let cpu = server.process.cpu_secs() - cpu_before;
            trial.book.record(row, peer, mib(blob.size()) / taken.as_secs_f64());
            trial.book.record(format!("{row}-cpu"), peer, cpu * 1024.0 / mib(blob.size()));
        }
        server.stop().await?;
        trial.clear(peer)?;
    }
    Ok(())
}

async fn push(client: &mut Client, blob: &Blob, is_in_chunks: bool) -> Outcome<Duration> {
    let begun = Instant::now();
    if is_in_chunks {
        client.push_blob_in_chunks(REPOSITORY, blob, CHUNK).await?;
    } else {
        client.push_blob(REPOSITORY, blob).await?;
    }
    Ok(begun.elapsed())
}

async fn measure_limit(trial: &mut Trial) -> Outcome<()> {
    let path = trial.folder(Peer::Limit);
    for _ in 0..trial.plan.runs {
        let blob = Blob::random(trial.plan.blob);
        rustix::fs::sync();
        let taken = limit::hash_and_write(&trial.tools.openssl, &blob, &path).await?;
        fs::remove_file(&path)?;
        for (row, _) in WAYS {
            trial.book.record(row, Peer::Limit, mib(blob.size()) / taken.as_secs_f64());
        }
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "a layer is far below the limit")]
fn mib(bytes: u64) -> f64 {
    bytes as f64 / MIB as f64
}
