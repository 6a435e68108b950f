//! Many clients that push small images at once.

use crate::{
    Outcome, Trial, load,
    plan::KIB,
    row::{Peer, Row, Unit},
    work::{PushImage, place},
};

const CLIENTS: usize = 200;
/// Rows by their names, and the number of repositories.
const WAYS: [(&str, usize); 2] = [("crowd-one", 1), ("crowd-many", CLIENTS)];

pub fn rows() -> Vec<Row> {
    let work = |place: &str| format!("{CLIENTS} clients push images of 1 KiB into {place}");
    let row = |id: &str, place| {
        Row::new(id, work(place), Unit::ImagesPerSecond).times(2.0, Peer::Distribution).charted()
    };
    vec![
        row("crowd-one", "one repository").times_own(0.9, "crowd-many", "into 200 repositories"),
        row("crowd-many", "200 repositories"),
    ]
}

pub async fn measure(trial: &mut Trial, peer: Peer) -> Outcome<()> {
    for (row, count) in WAYS {
        let server = trial.start(peer).await?;
        for run in 0..trial.plan.runs {
            let repositories: Vec<String> =
                (0..count).map(|at| format!("library/crowd-{run}-{at}")).collect();
            let mut clients = Vec::new();
            for turn in 0..CLIENTS {
                clients.push(server.client(place(&repositories, turn as u64), "pull,push").await?);
            }
            let work = PushImage { repositories, layer: KIB };
            let load = load::run(&server.process, clients, trial.plan.push_time, work).await?;
            trial.book.record(row, peer, load.rate());
        }
        server.stop().await?;
        trial.clear(peer)?;
    }
    Ok(())
}
