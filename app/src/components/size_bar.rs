//! How much of a whole something takes.

use leptos::prelude::*;

/// The length of the whole bar, in units of its own grid.
const WHOLE: i64 = 1000;

/// A bar whose filled part is `part` of `whole`. Decoration: the size itself stands beside it.
#[component]
pub fn SizeBar(
    /// The part.
    part: i64,
    /// The whole.
    whole: i64,
) -> impl IntoView {
    view! {
        <svg class="c-size-bar" viewBox="0 0 1000 1" preserveAspectRatio="none" aria-hidden="true">
            <rect class="c-size-bar__part" width=length(part, whole).to_string() height="1" />
        </svg>
    }
    .into_any()
}

/// The length of the filled part; whatever is not nothing can be seen.
fn length(part: i64, whole: i64) -> i64 {
    if part <= 0 || whole <= 0 {
        return 0;
    }
    let length = i128::from(part) * i128::from(WHOLE) / i128::from(whole);
    i64::try_from(length).unwrap_or(WHOLE).clamp(4, WHOLE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_filled_part_is_in_proportion_and_can_be_seen() {
        for (part, whole, expected) in [
            (0, 100, 0),
            (-1, 100, 0),
            (1, 0, 0),
            (50, 100, 500),
            (100, 100, 1000),
            (200, 100, 1000),
            (1, 1_000_000, 4),
            (i64::MAX, i64::MAX, 1000),
        ] {
            assert_eq!(length(part, whole), expected, "{part} of {whole}");
        }
    }
}
