//! Manifests by tag and pages of tags, with few and with many tags in the repository.

use bench::Image;

use crate::{
    Outcome, Trial, load,
    plan::{Plan, grouped},
    row::{Peer, Row, Unit},
    server::Server,
    work::{PushTag, ReadManifest, ReadTagPage},
};

const CROWDS: [usize; 2] = [64, 1_024];
const FILLERS: usize = 64;

pub fn rows(plan: &Plan) -> Vec<Row> {
    let mut rows = Vec::new();
    for (is_head, connections) in [(false, 64), (false, 1_024), (true, 64), (true, 1_024)] {
        for (at, tags) in plan.tags.iter().enumerate() {
            let few = plan.tags.first().filter(|_| at > 0).copied();
            rows.extend(pair(is_head, connections, *tags, few, at + 1 == plan.tags.len()));
        }
    }
    let most = plan.tags.last().copied().unwrap_or_default();
    let work = format!("manifest by tag, {} tags, 64 connections", grouped(most));
    rows.push(Row::new("manifest-cpu", format!("GET {work}"), Unit::CpuMicrosPerRequest));
    let work = format!("a page of 100 of {} tags, 1 connection, p99", grouped(most));
    rows.push(Row::new("tag-page", work, Unit::Milliseconds).within(20.0));
    rows
}

/// The rate and the slowest hundredth of one measurement.
fn pair(is_head: bool, connections: usize, tags: u64, few: Option<u64>, is_last: bool) -> [Row; 2] {
    let method = if is_head { "HEAD" } else { "GET" };
    let crowd = grouped(connections as u64);
    let work = format!("{method} manifest by tag, {} tags, {crowd} connections", grouped(tags));
    let rate_id = name(is_head, connections, tags, "rate");
    let mut rate = Row::new(rate_id, &*work, Unit::RequestsPerSecond).times(5.0, Peer::Distribution);
    if let Some(few) = few {
        rate = rate.times_own(0.9, name(is_head, connections, few, "rate"), "with the fewest tags");
    }
    let slow_id = name(is_head, connections, tags, "p99");
    let mut slow = Row::new(slow_id, format!("{work}, p99"), Unit::Milliseconds);
    if connections == 1_024 {
        slow = slow.times(0.3, Peer::Distribution);
    }
    if is_last && !is_head && connections == 64 {
        rate = rate.charted();
    } else if is_last && !is_head {
        slow = slow.charted();
    }
    [rate, slow]
}

fn name(is_head: bool, connections: usize, tags: u64, figure: &str) -> String {
    let method = if is_head { "head" } else { "get" };
    format!("manifest-{method}-{tags}-{connections}-{figure}")
}

fn repository(tags: u64) -> String {
    format!("library/tags-{tags}")
}

pub async fn measure(trial: &mut Trial, peer: Peer) -> Outcome<()> {
    let server = trial.start(peer).await?;
    for tags in trial.plan.tags.clone() {
        fill(&server, tags).await?;
    }
    rustix::fs::sync(); // what the filling has left must not count
    for tags in trial.plan.tags.clone() {
        for connections in CROWDS {
            for is_head in [false, true] {
                read(trial, &server, tags, connections, is_head).await?;
            }
        }
    }
    list(trial, &server).await?;
    server.stop().await
}

pub(super) async fn fill(server: &Server, tags: u64) -> Outcome<()> {
    let repository = repository(tags);
    let image = Image::random(&[1024]);
    server.client(&repository, "pull,push").await?.push_image(&repository, "latest", &image).await?;
    let clients = server.clients(FILLERS, &repository, "pull,push").await?;
    load::fill(clients, tags, PushTag { repository, image }).await
}

async fn read(
    trial: &mut Trial,
    server: &Server,
    tags: u64,
    connections: usize,
    is_head: bool,
) -> Outcome<()> {
    let is_heaviest = Some(&tags) == trial.plan.tags.last() && !is_head && connections == 64;
    for _ in 0..trial.plan.runs {
        let repository = repository(tags);
        let clients = server.clients(connections, &repository, "pull").await?;
        let work = ReadManifest { repository, tags, is_head };
        let mut load = load::run(&server.process, clients, trial.plan.run_time, work).await?;
        trial.book.record(name(is_head, connections, tags, "rate"), server.peer, load.rate());
        trial.book.record(name(is_head, connections, tags, "p99"), server.peer, load.p99_ms());
        if is_heaviest {
            trial.book.record("manifest-cpu", server.peer, load.cpu_micros_each());
        }
    }
    Ok(())
}

async fn list(trial: &mut Trial, server: &Server) -> Outcome<()> {
    let tags = trial.plan.tags.last().copied().unwrap_or_default();
    for _ in 0..trial.plan.runs {
        let repository = repository(tags);
        let clients = server.clients(1, &repository, "pull").await?;
        let work = ReadTagPage { repository, tags };
        let mut load = load::run(&server.process, clients, trial.plan.run_time, work).await?;
        trial.book.record("tag-page", server.peer, load.p99_ms());
    }
    Ok(())
}
