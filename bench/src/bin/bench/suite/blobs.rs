//! Layers read: many small ones, and a large one by few and by many.

use std::fs;

use bench::Blob;

use crate::{
    Outcome, Trial, limit, load,
    plan::{KIB, Plan, size},
    row::{Peer, Row, Unit},
    server::Server,
    work::ReadBlob,
};

const REPOSITORY: &str = "library/layers";
const CROWDS: [usize; 3] = [1, 8, 64];
const SMALL: u64 = 4 * KIB;

pub fn rows(plan: &Plan) -> Vec<Row> {
    let small = "GET blob of 4 KiB, 256 connections";
    let mut rows = vec![
        Row::new("blob-small", small, Unit::RequestsPerSecond)
            .times(15.0, Peer::Distribution)
            .times(0.6, Peer::Limit)
            .charted(),
        Row::new("blob-small-cpu", small, Unit::CpuMicrosPerRequest),
    ];
    for connections in CROWDS {
        let crowd = if connections == 1 { "connection" } else { "connections" };
        let work = format!("GET blob of {}, {connections} {crowd}", size(plan.blob));
        let rate = Row::new(name(connections, "rate"), &*work, Unit::GibPerSecond)
            .times(1.0, Peer::Distribution)
            .times(0.9, Peer::Limit);
        rows.push(if connections == 8 { rate.charted() } else { rate });
        let cpu = Row::new(name(connections, "cpu"), &*work, Unit::CpuSecondsPerGib);
        rows.push(cpu.times(0.8, Peer::Distribution));
        rows.push(Row::new(name(connections, "rss"), format!("{work}, peak RSS"), Unit::Mib));
    }
    rows
}

fn name(connections: usize, figure: &str) -> String {
    format!("blob-{connections}-{figure}")
}

pub async fn measure(trial: &mut Trial, peer: Peer) -> Outcome<()> {
    let server = trial.start(peer).await?;
    let (small, large) = (Blob::random(SMALL), Blob::random(trial.plan.blob));
    for blob in [&small, &large] {
        place(trial, &server, blob).await?;
    }
    rustix::fs::sync(); // what the pushing has left must not count
    for _ in 0..trial.plan.runs {
        let load = read(trial, &server, &small, 256).await?;
        trial.book.record("blob-small", peer, load.rate());
        trial.book.record("blob-small-cpu", peer, load.cpu_micros_each());
    }
    for connections in CROWDS {
        for _ in 0..trial.plan.runs {
            server.process.forget_peak()?;
            let load = read(trial, &server, &large, connections).await?;
            trial.book.record(name(connections, "rate"), peer, load.gib_per_sec());
            trial.book.record(name(connections, "cpu"), peer, load.cpu_secs_per_gib());
            trial.book.record(name(connections, "rss"), peer, server.process.peak_mib());
        }
    }
    server.stop().await
}

/// Pushes a blob, or lays it where nginx finds it under the same path.
async fn place(trial: &Trial, server: &Server, blob: &Blob) -> Outcome<()> {
    if server.peer != Peer::Limit {
        return Ok(server.client(REPOSITORY, "pull,push").await?.push_blob(REPOSITORY, blob).await?);
    }
    let folder = trial.folder(server.peer).join("v2").join(REPOSITORY).join("blobs");
    fs::create_dir_all(&folder)?;
    limit::write(blob.content(), &folder.join(blob.digest())).await
}

async fn read(trial: &Trial, server: &Server, blob: &Blob, connections: usize) -> Outcome<load::Load> {
    let clients = server.clients(connections, REPOSITORY, "pull").await?;
    let work = ReadBlob {
        repository: REPOSITORY.to_owned(),
        digest: blob.digest().to_owned(),
        is_large: blob.size() > SMALL,
    };
    load::run(&server.process, clients, trial.plan.run_time, work).await
}
