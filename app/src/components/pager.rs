//! Going through a list that is longer than one page.

use crate::{
    context::locale::use_locale,
    format,
    i18n::td_string,
    listing::{Listing, PAGE_SIZE},
};
use leptos::prelude::*;

/// The place in a list of `total` things; nothing when all of them are on one page.
#[component]
pub fn Pager(
    /// The path of the list, without a query.
    #[prop(into)]
    path: String,
    /// What the address asks for.
    listing: Listing,
    /// How many things there are.
    total: u64,
) -> impl IntoView {
    let place = Place::new(listing.page, PAGE_SIZE, total)?;
    let locale = use_locale();
    let step = |page: Option<u64>, rel: &'static str, label: &'static str| {
        page.map(|page| {
            view! {
                <a href=listing.page_href(&path, page) class="c-button c-button--small" rel=rel>
                    {label}
                </a>
            }
        })
    };
    let previous = step(place.previous, "prev", td_string!(locale, pager.previous));
    let next = step(place.next, "next", td_string!(locale, pager.next));
    let position = td_string!(
        locale,
        pager.position,
        first = format::count(place.first),
        last = format::count(place.last),
        total = format::count(total)
    );
    let pager = view! {
        <nav class="c-pager" aria-label=td_string!(locale, pager.label)>
            <span>{position}</span>
            <span class="c-pager__links">{previous} {next}</span>
        </nav>
    };
    Some(pager.into_any())
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
