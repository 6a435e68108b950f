//! What is measured, in groups that share a server and what is in it.
//!
//! A row is added in one file: its line in `rows`, and `book.record` with its name where it is measured.

mod blobs;
mod collection;
mod crowd;
mod manifests;
mod memory;
mod pushes;
mod start;
mod token;

use clap::ValueEnum;

use crate::{
    Outcome, Trial,
    plan::Plan,
    row::{Peer, Row},
};

/// A group of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Suite {
    /// Manifests by tag, and lists of tags
    Manifests,
    /// Small and large layers, read
    Blobs,
    /// A large layer, pushed
    Pushes,
    /// Many clients that push small images
    Crowd,
    /// Reading and pushing beside a collection
    Collection,
    /// Tokens
    Token,
    /// The time until the first answer
    Start,
    /// Memory, idle and at work
    Memory,
}

impl Suite {
    /// The rows, in the order of the table.
    pub fn rows(self, plan: &Plan) -> Vec<Row> {
        match self {
            Self::Manifests => manifests::rows(plan),
            Self::Blobs => blobs::rows(plan),
            Self::Pushes => pushes::rows(plan),
            Self::Crowd => crowd::rows(),
            Self::Collection => collection::rows(),
            Self::Token => token::rows(),
            Self::Start => start::rows(plan),
            Self::Memory => memory::rows(plan),
        }
    }

    /// Who takes part.
    pub fn peers(self) -> &'static [Peer] {
        const ALL: [Peer; 4] = [Peer::Berth, Peer::Distribution, Peer::DockerRegistry, Peer::Limit];
        match self {
            Self::Manifests | Self::Crowd | Self::Memory => &Peer::REGISTRIES,
            Self::Blobs | Self::Pushes => &ALL,
            Self::Collection | Self::Token | Self::Start => &[Peer::Berth],
        }
    }

    /// Measures one peer.
    pub async fn measure(self, trial: &mut Trial, peer: Peer) -> Outcome<()> {
        match self {
            Self::Manifests => manifests::measure(trial, peer).await,
            Self::Blobs => blobs::measure(trial, peer).await,
            Self::Pushes => pushes::measure(trial, peer).await,
            Self::Crowd => crowd::measure(trial, peer).await,
            Self::Collection => collection::measure(trial).await,
            Self::Token => token::measure(trial).await,
            Self::Start => start::measure(trial).await,
            Self::Memory => memory::measure(trial, peer).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::row::Than;

    fn all(plan: &Plan) -> Vec<Row> {
        Suite::value_variants().iter().flat_map(|suite| suite.rows(plan)).collect()
    }

    #[test]
    fn every_row_has_a_name_of_its_own() {
        for plan in [Plan::full(), Plan::quick()] {
            let rows = all(&plan);
            let names: BTreeSet<&str> = rows.iter().map(|row| row.id.as_str()).collect();
            assert_eq!(names.len(), rows.len());
        }
    }

    #[test]
    fn budgets_only_compare_with_rows_that_exist() {
        for plan in [Plan::full(), Plan::quick()] {
            let rows = all(&plan);
            for budget in rows.iter().flat_map(|row| &row.budgets) {
                let Than::Row(other, _) = &budget.than else { continue };
                assert!(rows.iter().any(|row| row.id == *other), "{other}");
            }
        }
    }
}
