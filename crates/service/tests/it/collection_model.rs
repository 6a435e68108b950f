//! Everything at once, against a model: whatever clients, collections, crashes and the clock do, a manifest that was
//! acknowledged is whole, whoever was told of a blob may use it for as long as the grace lasts, and in the end nothing
//! is left that nothing needs.
//!
//! The same cases run every time; `PROPTEST_CASES` and `COLLECTION_SEED` choose more and others.

mod model;
mod step;

use std::{path::Path, time::Duration};

use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use service::testing::Rows;
use tokio::runtime::Runtime;

use self::{
    model::Model,
    step::{Actors, GRACE, Op, Step, UPLOAD_TTL, step},
};

/// The world of one case, with the runtime that dies in a crash.
struct Machine {
    runtime: Runtime,
    actors: Actors,
    model: Model,
    /// What may have been left without a row by crashes.
    torn: usize,
}

fn runtime() -> Runtime {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.worker_threads(2).enable_all().build().expect("a runtime")
}

impl Machine {
    fn new() -> Self {
        let runtime = runtime();
        let actors = runtime.block_on(Actors::new());
        let model = Model::at(actors.hand.now().timestamp());
        Self { runtime, actors, model, torn: 0 }
    }

    fn take(&mut self, step: &Step) {
        match step {
            Step::One(op) => self.together(std::slice::from_ref(op)),
            Step::Together(ops) => self.together(ops),
            Step::Advance(secs) => {
                self.actors.hand.advance(*secs);
                self.model.now += secs;
                return;
            }
            Step::Crash { ops, after } => self.crash(ops, *after),
        }
        self.runtime.block_on(self.model.check(&self.actors.world.services));
    }

    fn together(&mut self, ops: &[Op]) {
        let done = self.runtime.block_on(self.actors.run(ops));
        self.runtime.block_on(self.model.learn(&self.actors.world.services, &done));
    }

    /// The process ends in the middle of what it does.
    fn crash(&mut self, ops: &[Op], after: u32) {
        let tasks = self.actors.spawn(&self.runtime, ops);
        self.runtime.block_on(async {
            for _ in 0..after {
                tokio::time::sleep(Duration::from_micros(200)).await;
            }
        });
        self.torn += ops.len();
        std::mem::replace(&mut self.runtime, runtime()).shutdown_timeout(Duration::from_secs(5));
        drop(tasks);
        self.runtime.block_on(self.actors.reopen());
        self.runtime.block_on(self.model.relearn(&self.actors.world.services, ops, &[]));
        // A collection that died is taken over when its lease is over.
        self.actors.hand.advance(31);
        self.model.now += 31;
    }

    /// Nobody does anything any more, and every grace ends.
    fn rest(mut self) {
        for round in 0..5 {
            let secs = if round == 0 { UPLOAD_TTL + 1 } else { GRACE + 1 };
            self.take(&Step::Advance(secs));
            self.take(&Step::One(Op::Collect { delete_untagged: true }));
        }
        let left = self.runtime.block_on(self.actors.world.rows());
        let (manifests, links, blobs) = self.model.size();
        assert_eq!(left, Rows { blobs, links, manifests, uploads: 0, removals: 0 }, "{:?}", self.model);
        let files = files(&self.actors.world.data().join("storage"));
        let blobs = usize::try_from(blobs).expect("few");
        assert!((blobs..=blobs + self.torn).contains(&files), "{files} files for {blobs} blobs");
        self.runtime.shutdown_timeout(Duration::from_secs(5));
    }
}

fn files(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).expect("a folder");
    entries
        .map(|entry| entry.expect("an entry").path())
        .map(|path| if path.is_dir() { files(&path) } else { 1 })
        .sum()
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn whatever_happens_what_is_needed_stays_and_what_is_not_goes() {
    let cases = number("PROPTEST_CASES").unwrap_or(12);
    let mut seed = [7; 32];
    seed[..8].copy_from_slice(&number("COLLECTION_SEED").unwrap_or(1).to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    let mut runner = TestRunner::new_with_rng(Config { failure_persistence: None, ..Config::default() }, rng);
    let steps = proptest::collection::vec(step(), 30..60);
    for case in 0..cases {
        let steps = steps.new_tree(&mut runner).expect("steps").current();
        eprintln!("case {case}");
        let mut machine = Machine::new();
        for (number, step) in steps.iter().enumerate() {
            eprintln!("{number}: {step:?}");
            machine.take(step);
        }
        machine.rest();
    }
}
