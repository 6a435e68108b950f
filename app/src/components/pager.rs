//! Going through a list that is longer than one page.

use crate::{
    format,
    i18n::{t, t_string, use_i18n},
};
use leptos::prelude::*;
use leptos_router::components::A;

/// The place in a list of `total` things; nothing when all of them are on one page.
#[component]
pub fn Pager(
    /// The path of the list, without a query.
    path: String,
    /// This page, from 1.
    page: u64,
    /// How many things a full page holds.
    size: u64,
    /// How many things there are.
    total: u64,
) -> impl IntoView {
    let place = Place::new(page, size, total)?;
    let i18n = use_i18n();
    let link = move |page: u64| format!("{path}?page={page}");
    let previous = place.previous.map(|page| {
        view! {
            <A href=link(page) attr:class="c-button c-button--small" attr:rel="prev">
                {t!(i18n, pager.previous)}
            </A>
        }
    });
    let next = place.next.map(|page| {
        view! {
            <A href=link(page) attr:class="c-button c-button--small" attr:rel="next">
                {t!(i18n, pager.next)}
            </A>
        }
    });
    let position = t!(
        i18n,
        pager.position,
        first = format::count(place.first),
        last = format::count(place.last),
        total = format::count(total)
    );
    Some(view! {
        <nav class="c-pager" aria-label=move || t_string!(i18n, pager.label)>
            <span>{position}</span>
            <span class="c-pager__links">{previous} {next}</span>
        </nav>
    })
}

/// Where a page lies in its list.
#[derive(Debug, PartialEq, Eq)]
struct Place {
    first: u64,
    last: u64,
    previous: Option<u64>,
    next: Option<u64>,
}

impl Place {
    /// None when one page holds everything, or when this page is past the end.
    fn new(page: u64, size: u64, total: u64) -> Option<Self> {
        let before = page.checked_sub(1)?.checked_mul(size)?;
        if total <= size || before >= total {
            return None;
        }
        let last = before.saturating_add(size).min(total);
        Some(Self {
            first: before + 1,
            last,
            previous: (page > 1).then(|| page - 1),
            next: (last < total).then_some(page + 1),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_page_leads_on_only() {
        let place = Place::new(1, 20, 45).unwrap();
        assert_eq!(place, Place { first: 1, last: 20, previous: None, next: Some(2) });
    }

    #[test]
    fn the_last_page_leads_back_only() {
        let place = Place::new(3, 20, 45).unwrap();
        assert_eq!(place, Place { first: 41, last: 45, previous: Some(2), next: None });
    }

    #[test]
    fn a_list_of_one_page_has_no_pager() {
        assert_eq!(Place::new(1, 20, 20), None);
        assert_eq!(Place::new(1, 20, 0), None);
    }

    #[test]
    fn a_page_past_the_end_has_no_place() {
        for page in [0, 4, u64::MAX] {
            assert_eq!(Place::new(page, 20, 45), None, "{page}");
        }
    }
}
