//! From the start of the process to its first answer, with much in the store.

use crate::{
    Outcome, Trial, load,
    plan::{Plan, grouped},
    row::{Peer, Row, Unit},
    work::MakeRepository,
};

const FILLERS: usize = 64;

pub fn rows(plan: &Plan) -> Vec<Row> {
    let work = format!("start to the first answer with {} repositories", grouped(plan.repositories));
    vec![Row::new("start", work, Unit::Milliseconds).within(300.0)]
}

pub async fn measure(trial: &mut Trial) -> Outcome<()> {
    let server = trial.start(Peer::Berth).await?;
    let clients = server.clients(FILLERS, "library/many", "pull").await?;
    load::fill(clients, trial.plan.repositories, MakeRepository { peer: Peer::Berth }).await?;
    server.stop().await?;
    for _ in 0..trial.plan.runs {
        let server = trial.resume(Peer::Berth).await?;
        trial.book.record("start", Peer::Berth, server.started_in.as_secs_f64() * 1000.0);
        server.stop().await?;
    }
    Ok(())
}
