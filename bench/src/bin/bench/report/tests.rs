use super::*;
use crate::row::Unit;

fn page(plan: &Plan, rows: &[Row], book: &Book) -> String {
    Report { machine: &Machine::default(), plan, rows, book }.markdown().unwrap()
}

fn figures(row: &str, figures: &[(Peer, f64)]) -> Book {
    let mut book = Book::default();
    for (peer, figure) in figures {
        book.record(row, *peer, *figure);
    }
    book
}

#[test]
fn a_row_shows_its_ratios_and_whether_each_budget_is_met() {
    let row = Row::new("get", "GET blob of 4 KiB", Unit::RequestsPerSecond)
        .times(15.0, Peer::Distribution)
        .times(0.6, Peer::Limit);
    let book =
        figures("get", &[(Peer::Berth, 9_000.0), (Peer::Distribution, 1_000.0), (Peer::Limit, 10_000.0)]);
    let page = page(&Plan::full(), &[row], &book);
    let line =
        "| GET blob of 4 KiB | req/s | 9.00× | – | 0.90× | ≥ 15× distribution<br>≥ 0.6× limit | ✗<br>✓ |";
    assert!(page.contains(line), "{page}");
}

#[test]
fn figures_show_how_far_runs_went_apart() {
    let row = Row::new("push", "push 1 GiB", Unit::MibPerSecond);
    let book = figures("push", &[(Peer::Berth, 1_234.4), (Peer::Berth, 98.76), (Peer::Berth, 12_345.0)]);
    let page = page(&Plan::full(), &[row], &book);
    assert!(page.contains("| push 1 GiB | MiB/s | 1,234 (98.8–12,345) | – | – | – |"), "{page}");
}

#[test]
fn a_single_run_has_no_spread() {
    let row = Row::new("start", "start", Unit::Milliseconds).within(300.0);
    let page = page(&Plan::quick(), &[row], &figures("start", &[(Peer::Berth, 27.3)]));
    assert!(page.contains("| start | ms | 27.3 | – | – | – |"), "{page}");
    assert!(page.contains("| start | ms | – | – | – | ≤ 300 ms | ✓ |"), "{page}");
    assert!(page.contains("A quick run"), "{page}");
}

#[test]
fn a_budget_without_figures_is_said_to_be_unmeasured() {
    let row = Row::new("idle", "memory", Unit::Mib).within(40.0);
    let mut book = Book::default();
    book.remarks.push("distribution: it can't be built here".to_owned());
    let page = page(&Plan::full(), &[row], &book);
    assert!(page.contains("| memory | MiB | – | – | – | ≤ 40 MiB | not measured |"), "{page}");
    assert!(page.contains("- Not measured: distribution: it can't be built here"), "{page}");
}

#[test]
fn a_whole_table_has_the_same_columns_in_each_line() {
    let rows = [Row::new("a", "a", Unit::Mib), Row::new("b", "b", Unit::Mib).within(1.0)];
    let page = page(&Plan::full(), &rows, &figures("a", &[(Peer::Berth, 1.0), (Peer::Limit, 2.0)]));
    for table in page.split("\n\n").filter(|part| part.starts_with('|')) {
        let columns: Vec<usize> = table.lines().map(|line| line.matches('|').count()).collect();
        assert!(columns.windows(2).all(|pair| pair[0] == pair[1]), "{table}");
    }
}
