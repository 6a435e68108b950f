//! Reading and pushing beside a collection that has work all the time, and without one.

use std::{fs, time::Duration};

use super::manifests;
use crate::{
    Outcome, Trial, load,
    row::{Peer, Row, Unit},
    server::Server,
    work::{MoveTag, ReadManifest},
};

const REPOSITORY: &str = "library/tags-1000";
const TAGS: u64 = 1_000;
const READERS: usize = 64;
const PUSHERS: usize = 16;
/// How long a collection leaves what lost its tag; longer than a push takes.
const GRACE: Duration = Duration::from_secs(2);

/// Rows by the beginning of their names, what they say, and how often a collection begins.
const WAYS: [(&str, &str, &str); 2] =
    [("quiet", "no collection", "0"), ("collecting", "one collection after the other", "1ms")];

pub fn rows() -> Vec<Row> {
    let row = |way: &str, what: &str, work: &str| {
        let work = format!("{work} while {PUSHERS} clients move tags, {what}, p99");
        Row::new(format!("{way}-p99"), work, Unit::Milliseconds)
    };
    let read = format!("GET manifest by tag, {READERS} connections,");
    WAYS.iter()
        .flat_map(|(way, what, _)| {
            [
                row(&format!("{way}-get"), what, &read),
                row(&format!("{way}-push"), what, "push an image of 1 KiB"),
            ]
        })
        .collect()
}

pub async fn measure(trial: &mut Trial) -> Outcome<()> {
    let grace = format!("{}s", GRACE.as_secs());
    for (way, _, interval) in WAYS {
        let settings = [
            ("BERTH_GC__INTERVAL", interval),
            ("BERTH_GC__GRACE", &grace),
            ("BERTH_GC__DELETE_UNTAGGED", "true"),
            ("BERTH_LOG__LEVEL", "info"),
        ];
        let server = trial.start_with(Peer::Berth, &settings).await?;
        manifests::fill(&server, TAGS).await?;
        for _ in 0..trial.plan.runs {
            run(trial, &server, way).await?;
        }
        server.stop().await?;
        let log = fs::read_to_string(trial.folder(Peer::Berth).with_extension("log"))?;
        let collected = collected(&log);
        eprintln!("    {way}: {collected} blobs collected meanwhile");
        if (collected > 0) == (way == "quiet") {
            return Err(format!("{collected} blobs were collected in the runs called {way}").into());
        }
        fs::remove_file(trial.folder(Peer::Berth).with_extension("log"))?;
        trial.clear(Peer::Berth)?;
    }
    Ok(())
}

async fn run(trial: &mut Trial, server: &Server, way: &str) -> Outcome<()> {
    // Manifests go after one grace, their blobs after another: only then a collection has all its work.
    let time = trial.plan.push_time + 3 * GRACE;
    let readers = server.clients(READERS, REPOSITORY, "pull").await?;
    let pushers = server.clients(PUSHERS, REPOSITORY, "pull,push").await?;
    let read = ReadManifest { repository: REPOSITORY.to_owned(), tags: TAGS, is_head: false };
    let push = MoveTag { repository: REPOSITORY.to_owned(), tags: PUSHERS as u64 };
    let (read, push) = tokio::join!(
        load::run(&server.process, readers, time, read),
        load::run(&server.process, pushers, time, push)
    );
    trial.book.record(format!("{way}-get-p99"), Peer::Berth, read?.p99_ms());
    trial.book.record(format!("{way}-push-p99"), Peer::Berth, push?.p99_ms());
    Ok(())
}

/// How many blobs the collections of a log removed.
fn collected(log: &str) -> u64 {
    let told = log.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    told.filter_map(|line| line.get("removed.blobs")?.as_u64()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn collections_are_added_up_from_the_log() {
        let log =
            "Berth is ready\n{\"message\":\"Listening\"}\n{\"removed.blobs\":3}\n{\"removed.blobs\":4}\n";
        assert_eq!(collected(log), 7);
    }
}
