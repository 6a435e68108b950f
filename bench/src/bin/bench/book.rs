//! Everything that was measured.

use std::collections::BTreeMap;

use crate::{
    row::{Budget, Peer, Row, Than},
    stats::Spread,
};

/// The figures of all runs, by row and peer, and what went wrong.
#[derive(Debug, Default)]
pub struct Book {
    runs: BTreeMap<(String, Peer), Vec<f64>>,
    /// Sentences for the reader: who could not be measured, and why.
    pub remarks: Vec<String>,
}

impl Book {
    /// Adds one run's figure, if there is one.
    pub fn record(&mut self, row: impl Into<String>, peer: Peer, figure: impl Into<Option<f64>>) {
        let (row, Some(figure)) = (row.into(), figure.into()) else { return };
        eprintln!("    {row}  {figure:.2}");
        self.runs.entry((row, peer)).or_default().push(figure);
    }

    pub fn spread(&self, row: &str, peer: Peer) -> Option<Spread> {
        Spread::of(self.runs.get(&(row.to_owned(), peer))?)
    }

    /// Berth's figure as a multiple of a peer's.
    pub fn ratio(&self, row: &str, peer: Peer) -> Option<f64> {
        let ours = self.spread(row, Peer::Berth)?.median;
        let theirs = self.spread(row, peer)?.median;
        (theirs > 0.0).then(|| ours / theirs)
    }

    /// Whether Berth keeps a budget. None where one of the figures is missing.
    pub fn is_met(&self, row: &Row, budget: &Budget) -> Option<bool> {
        let ours = self.spread(&row.id, Peer::Berth)?.median;
        let theirs = match &budget.than {
            Than::Peer(peer) => self.spread(&row.id, *peer)?.median,
            Than::Row(other, _) => self.spread(other, Peer::Berth)?.median,
            Than::Figure => 1.0,
        };
        if theirs <= 0.0 {
            return None;
        }
        let bound = budget.value * theirs;
        Some(if row.unit.is_rate() { ours >= bound } else { ours <= bound })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::Unit;

    fn book(figures: &[(&str, Peer, f64)]) -> Book {
        let mut book = Book::default();
        for (row, peer, figure) in figures {
            book.record(*row, *peer, *figure);
        }
        book
    }

    fn met(book: &Book, row: &Row) -> Option<bool> {
        book.is_met(row, &row.budgets[0])
    }

    #[test]
    fn a_rate_must_reach_its_multiple() {
        let row = Row::new("r", "", Unit::RequestsPerSecond).times(5.0, Peer::Distribution);
        let theirs = ("r", Peer::Distribution, 100.0);
        assert_eq!(met(&book(&[("r", Peer::Berth, 500.0), theirs]), &row), Some(true));
        assert_eq!(met(&book(&[("r", Peer::Berth, 499.0), theirs]), &row), Some(false));
    }

    #[test]
    fn a_time_must_stay_below_its_multiple() {
        let row = Row::new("r", "", Unit::Milliseconds).times(0.3, Peer::Distribution);
        let theirs = ("r", Peer::Distribution, 100.0);
        assert_eq!(met(&book(&[("r", Peer::Berth, 30.0), theirs]), &row), Some(true));
        assert_eq!(met(&book(&[("r", Peer::Berth, 31.0), theirs]), &row), Some(false));
    }

    #[test]
    fn a_row_may_be_held_against_another_of_ours_or_a_number() {
        let book = book(&[("one", Peer::Berth, 89.0), ("many", Peer::Berth, 100.0)]);
        let against = Row::new("one", "", Unit::ImagesPerSecond).times_own(0.9, "many", "many repositories");
        assert_eq!(met(&book, &against), Some(false));
        assert_eq!(met(&book, &Row::new("many", "", Unit::Mib).within(100.0)), Some(true));
    }

    #[test]
    fn what_was_not_measured_is_neither_met_nor_missed() {
        let row = Row::new("r", "", Unit::Mib).times(1.0, Peer::Distribution);
        assert_eq!(met(&book(&[("r", Peer::Berth, 1.0)]), &row), None);
        assert_eq!(book(&[("r", Peer::Berth, 1.0)]).ratio("r", Peer::Distribution), None);
        let stuck = book(&[("r", Peer::Berth, 1.0), ("r", Peer::Distribution, 0.0)]);
        assert_eq!((met(&stuck, &row), stuck.ratio("r", Peer::Distribution)), (None, None));
    }

    #[test]
    fn a_ratio_is_that_of_the_medians() {
        let berth = [3.0, 100.0, 4.0].map(|figure| ("r", Peer::Berth, figure));
        let mut figures = berth.to_vec();
        figures.push(("r", Peer::Limit, 2.0));
        assert_eq!(book(&figures).ratio("r", Peer::Limit), Some(2.0));
    }
}
