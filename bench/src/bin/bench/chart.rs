//! The chart: how many times better Berth is, as bars on a logarithmic scale.
//!
//! Its colours are legible on a light and on a dark page, and it needs no font besides the reader's own.

use std::fmt::{self, Write as _};

use crate::report::times;

const LABELS: f64 = 390.0;
const BARS: f64 = 430.0;
const MARGIN: f64 = 70.0;
const TOP: f64 = 64.0;
const PITCH: f64 = 30.0;
const GREY: &str = "#7a828e";

/// One bar. `gain` is above one where Berth is better, `budget` where it should be.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    pub label: String,
    pub gain: f64,
    pub budget: Option<f64>,
}

/// Draws the bars below a title.
pub fn svg(title: &str, bars: &[Bar]) -> Result<String, fmt::Error> {
    let scale = Scale::of(bars);
    #[expect(clippy::cast_precision_loss, reason = "a chart has few bars")]
    let height = TOP + PITCH * bars.len() as f64 + 34.0;
    let width = LABELS + BARS + MARGIN;
    let mut svg = String::new();
    writeln!(
        svg,
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" aria-label="{0}" font-family="system-ui, sans-serif" font-size="13">
<title>{0}</title>
<text x="12" y="26" font-size="16" font-weight="600" fill="{GREY}">{0}</text>"#,
        escaped(title)
    )?;
    write_grid(&mut svg, &scale, height)?;
    let mut y = TOP;
    for bar in bars {
        write_bar(&mut svg, &scale, bar, y)?;
        y += PITCH;
    }
    let x = scale.x(1.0);
    writeln!(
        svg,
        r#"<line x1="{x:.1}" y1="{:.1}" x2="{x:.1}" y2="{y:.1}" stroke="{GREY}" stroke-width="2"/>"#,
        TOP - 6.0
    )?;
    writeln!(
        svg,
        r#"<text x="12" y="{:.1}" font-size="12" fill="{GREY}">Right of 1×: Berth is better. The thin mark is the budget.</text>"#,
        height - 10.0
    )?;
    svg.push_str("</svg>\n");
    Ok(svg)
}

fn write_grid(svg: &mut String, scale: &Scale, height: f64) -> fmt::Result {
    for gain in scale.ticks() {
        let x = scale.x(gain);
        writeln!(
            svg,
            r#"<line x1="{x:.1}" y1="{:.1}" x2="{x:.1}" y2="{:.1}" stroke="{GREY}" stroke-opacity="0.25"/><text x="{x:.1}" y="{:.1}" text-anchor="middle" font-size="11" fill="{GREY}">{gain}×</text>"#,
            TOP - 6.0,
            height - 34.0,
            TOP - 12.0,
        )?;
    }
    Ok(())
}

fn write_bar(svg: &mut String, scale: &Scale, bar: &Bar, y: f64) -> fmt::Result {
    let (one, end) = (scale.x(1.0), scale.x(bar.gain));
    let colour = if bar.gain >= 1.0 { "#2f81c7" } else { "#c9702b" };
    writeln!(
        svg,
        r#"<text x="{:.1}" y="{:.1}" text-anchor="end" fill="{GREY}">{}</text><rect x="{:.1}" y="{:.1}" width="{:.1}" height="18" rx="2" fill="{colour}"/>"#,
        LABELS - 12.0,
        y + 17.0,
        escaped(&bar.label),
        one.min(end),
        y + 4.0,
        (end - one).abs().max(1.0),
    )?;
    if let Some(budget) = bar.budget {
        let x = scale.x(budget);
        writeln!(
            svg,
            r#"<line x1="{x:.1}" y1="{:.1}" x2="{x:.1}" y2="{:.1}" stroke="{GREY}" stroke-width="2"/>"#,
            y + 1.0,
            y + 25.0
        )?;
    }
    let after = end.max(one).max(bar.budget.map_or(0.0, |budget| scale.x(budget)));
    writeln!(
        svg,
        r#"<text x="{:.1}" y="{:.1}" font-weight="600" fill="{GREY}">{}</text>"#,
        after + 6.0,
        y + 17.0,
        times(bar.gain)
    )
}

/// Where a gain lies across.
struct Scale {
    least: f64,
    most: f64,
}

impl Scale {
    fn of(bars: &[Bar]) -> Self {
        let gains = || bars.iter().flat_map(|bar| [Some(bar.gain), bar.budget]).flatten();
        Self { least: gains().fold(0.5, f64::min), most: gains().fold(2.0, f64::max) }
    }

    fn x(&self, gain: f64) -> f64 {
        let share = (gain / self.least).ln() / (self.most / self.least).ln();
        LABELS + BARS * share.clamp(0.0, 1.0)
    }

    fn ticks(&self) -> impl Iterator<Item = f64> {
        let all = [0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0];
        all.into_iter().filter(|tick| (self.least..=self.most).contains(tick))
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(gain: f64) -> Bar {
        Bar { label: format!("work & {gain}"), gain, budget: None }
    }

    #[test]
    fn a_bar_grows_to_the_right_where_berth_is_better() {
        let scale = Scale::of(&[bar(0.1), bar(30.0)]);
        assert!(scale.x(0.1) < scale.x(1.0) && scale.x(1.0) < scale.x(5.0) && scale.x(5.0) < scale.x(30.0));
        assert!((scale.x(0.1) - LABELS).abs() < 0.01 && (scale.x(30.0) - LABELS - BARS).abs() < 0.01);
    }

    #[test]
    fn equal_steps_of_the_ratio_are_equally_long() {
        let scale = Scale::of(&[bar(0.1), bar(30.0)]);
        assert!((scale.x(2.0) - scale.x(1.0) - (scale.x(4.0) - scale.x(2.0))).abs() < 0.01);
    }

    #[test]
    fn every_bar_is_drawn_with_its_ratio_and_escaped_label() {
        let drawn = svg("Berth <beside>", &[bar(0.5), bar(12.34)]).unwrap();
        assert_eq!(drawn.matches("<rect").count(), 2);
        for text in ["12.3×", "0.50×", "work &amp; 12.34", "Berth &lt;beside&gt;"] {
            assert!(drawn.contains(text), "{text} is missing in {drawn}");
        }
    }

    #[test]
    fn a_chart_without_bars_is_still_a_picture() {
        assert!(svg("Nothing", &[]).unwrap().ends_with("</svg>\n"));
    }
}
