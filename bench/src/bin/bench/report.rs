//! The table: ratios and budgets first, the figures that they come from below.

use std::fmt::{self, Write as _};

use crate::{
    book::Book,
    machine::Machine,
    plan::{Plan, grouped},
    row::{Budget, Peer, Row, Than},
    stats::Spread,
};

/// Everything that the page is made from.
pub struct Report<'a> {
    pub machine: &'a Machine,
    pub plan: &'a Plan,
    pub rows: &'a [Row],
    pub book: &'a Book,
}

impl Report<'_> {
    /// The page as Markdown.
    pub fn markdown(&self) -> Result<String, fmt::Error> {
        let mut page = String::from("# Berth beside other registries\n\n");
        self.write_heading(&mut page)?;
        self.write_ratios(&mut page)?;
        self.write_figures(&mut page)?;
        Ok(page)
    }

    fn write_heading(&self, page: &mut String) -> fmt::Result {
        let Plan { runs, run_time, push_time, .. } = self.plan;
        if self.plan.is_quick {
            page.push_str("**A quick run: small sizes, one short run each. Only a full `make bench` is worth quoting.**\n\n");
        }
        writeln!(
            page,
            "Made by `make bench`: every server in turn, driven by the same client over the loopback address."
        )?;
        let (short, long) = (run_time.as_secs(), push_time.as_secs());
        writeln!(
            page,
            "Runs of each: {runs}. A run without an end of its own takes {short} s, one of a crowd that pushes {long} s."
        )?;
        writeln!(page, "How to read it, and what is fair: [docs/benchmarks.md](../docs/benchmarks.md).\n")?;
        writeln!(page, "{}", self.machine)?;
        for remark in &self.book.remarks {
            writeln!(page, "- Not measured: {remark}")?;
        }
        Ok(())
    }

    fn write_ratios(&self, page: &mut String) -> fmt::Result {
        page.push_str("\n## Ratios\n\nBerth's figure divided by the other's: for rates more is better, for times, memory and processor less is.\n\n");
        page.push_str("| work | unit | ÷ distribution | ÷ docker-registry | ÷ limit | budget | |\n| --- | --- | --: | --: | --: | --- | --- |\n");
        for row in self.rows.iter().filter(|row| self.has_ratio(row) || !row.budgets.is_empty()) {
            write!(page, "| {} | {} |", row.work, row.unit.name())?;
            for peer in Peer::OTHERS {
                let ratio = self.book.ratio(&row.id, peer).map(times);
                write!(page, " {} |", ratio.as_deref().unwrap_or("–"))?;
            }
            let budgets: Vec<String> = row.budgets.iter().map(|budget| describe(row, budget)).collect();
            let marks: Vec<&str> = row.budgets.iter().map(|budget| self.mark(row, budget)).collect();
            writeln!(page, " {} | {} |", budgets.join("<br>"), marks.join("<br>"))?;
        }
        Ok(())
    }

    fn write_figures(&self, page: &mut String) -> fmt::Result {
        page.push_str("\n## Figures\n\nMedian, and from the least to the most in brackets.\n\n");
        page.push_str("| work | unit | Berth | distribution | docker-registry | limit |\n| --- | --- | --: | --: | --: | --: |\n");
        for row in self.rows.iter().filter(|row| self.has_figure(row)) {
            write!(page, "| {} | {} |", row.work, row.unit.name())?;
            for peer in [Peer::Berth, Peer::Distribution, Peer::DockerRegistry, Peer::Limit] {
                let figure =
                    self.book.spread(&row.id, peer).map(|spread| spread_text(spread, self.plan.runs));
                write!(page, " {} |", figure.as_deref().unwrap_or("–"))?;
            }
            page.push('\n');
        }
        Ok(())
    }

    fn has_figure(&self, row: &Row) -> bool {
        self.book.spread(&row.id, Peer::Berth).is_some() || self.has_ratio(row)
    }

    fn has_ratio(&self, row: &Row) -> bool {
        Peer::OTHERS.iter().any(|peer| self.book.ratio(&row.id, *peer).is_some())
    }

    fn mark(&self, row: &Row, budget: &Budget) -> &'static str {
        match self.book.is_met(row, budget) {
            Some(true) => "✓",
            Some(false) => "✗",
            None => "not measured",
        }
    }
}

fn describe(row: &Row, budget: &Budget) -> String {
    let sign = if row.unit.is_rate() { '≥' } else { '≤' };
    match &budget.than {
        Than::Peer(peer) => format!("{sign} {}× {}", budget.value, peer.name()),
        Than::Row(_, name) => format!("{sign} {}× {name}", budget.value),
        Than::Figure => format!("{sign} {} {}", number(budget.value).trim_end_matches(".0"), row.unit.name()),
    }
}

fn spread_text(spread: Spread, runs: usize) -> String {
    if runs == 1 {
        return number(spread.median);
    }
    format!("{} ({}–{})", number(spread.median), number(spread.min), number(spread.max))
}

/// A ratio with as many digits as it deserves.
pub fn times(ratio: f64) -> String {
    format!("{}×", number(ratio))
}

/// A figure with three significant digits, whole numbers from a hundred on.
fn number(figure: f64) -> String {
    match figure {
        _ if figure >= 100.0 =>
        {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "it is positive and far below the limit"
            )]
            grouped(figure.round() as u64)
        }
        _ if figure >= 10.0 => format!("{figure:.1}"),
        _ => format!("{figure:.2}"),
    }
}

#[cfg(test)]
mod tests;
