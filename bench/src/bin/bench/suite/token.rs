//! Tokens, by name and password, the same every time.

use crate::{
    Outcome, Trial, load,
    row::{Peer, Row, Unit},
    work::FetchToken,
};

pub fn rows() -> Vec<Row> {
    vec![
        Row::new("token", "a token for a password, 64 connections", Unit::RequestsPerSecond).within(10_000.0),
    ]
}

pub async fn measure(trial: &mut Trial) -> Outcome<()> {
    let server = trial.start(Peer::Berth).await?;
    for _ in 0..trial.plan.runs {
        let clients = server.clients(64, "library/token", "pull,push").await?;
        let load = load::run(&server.process, clients, trial.plan.run_time, FetchToken).await?;
        trial.book.record("token", Peer::Berth, load.rate());
    }
    server.stop().await
}
