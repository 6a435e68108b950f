//! What the address of a list asks for: which page of it, in which order, and narrowed to what.

use crate::{
    components::data_table::{Order, SortLink},
    link,
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use serde::{Deserialize, Serialize};

/// How many rows a page of a list has.
pub const PAGE_SIZE: u64 = 25;

/// What a list is asked for; everything else is its default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Listing {
    /// The page, from 1; 0 is the first one too.
    pub page: u64,
    /// The key that orders it, with a `-` in front for the largest first; empty for the list's own order.
    pub sort: String,
    /// What names must contain.
    pub q: String,
    /// Which of the list's own groups is shown; empty for all.
    pub filter: String,
}

/// What the present address asks for.
pub fn use_listing() -> Memo<Listing> {
    let query = use_query_map();
    Memo::new(move |_| {
        let query = query.read();
        let text = |name: &str| query.get_str(name).unwrap_or_default().to_owned();
        Listing {
            page: query.get_str("page").and_then(|page| page.parse().ok()).unwrap_or(1).max(1),
            sort: text("sort"),
            q: text("q"),
            filter: text("filter"),
        }
    })
}

impl Listing {
    /// The address of the list at `path` in this state.
    pub fn href(&self, path: &str) -> String {
        let page = if self.page > 1 { self.page.to_string() } else { String::new() };
        let values = [("q", &*self.q), ("filter", &*self.filter), ("sort", &*self.sort), ("page", &*page)];
        link::with_query(path, &values)
    }

    /// The address of another page of the same list.
    pub fn page_href(&self, path: &str, page: u64) -> String {
        Self { page, ..self.clone() }.href(path)
    }

    /// The address of another group of the list, from its first page.
    pub fn filter_href(&self, path: &str, filter: &str) -> String {
        Self { page: 1, filter: filter.to_owned(), ..self.clone() }.href(path)
    }

    /// What a column's head does: orders by `key`, and turns the order around when it is this one already.
    ///
    /// `own` is the list's own order, which shows while the address names none.
    pub fn sort_link(&self, path: &str, key: &str, own: &str) -> SortLink {
        let present = if self.sort.is_empty() { own } else { &self.sort };
        let state = match present.strip_prefix('-') {
            Some(rest) if rest == key => Some(Order::Descending),
            None if present == key => Some(Order::Ascending),
            _ => None,
        };
        let sort = if state == Some(Order::Ascending) { format!("-{key}") } else { key.to_owned() };
        let sort = if sort == own { String::new() } else { sort };
        SortLink { href: Self { page: 1, sort, ..self.clone() }.href(path), state }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_turns_its_own_order_around_and_starts_at_the_first_page() {
        let listing = Listing { page: 3, sort: "name".to_owned(), q: "web".to_owned(), ..Listing::default() };
        let name = listing.sort_link("/projects", "name", "-push_time");
        assert_eq!((name.href.as_str(), name.state), ("/projects?q=web&sort=-name", Some(Order::Ascending)));
        let other = listing.sort_link("/projects", "push_time", "-push_time");
        assert_eq!((other.href.as_str(), other.state), ("/projects?q=web&sort=push_time", None));
    }

    #[test]
    fn the_lists_own_order_stays_out_of_the_address() {
        let listing = Listing::default();
        let time = listing.sort_link("/p", "push_time", "-push_time");
        assert_eq!((time.href.as_str(), time.state), ("/p?sort=push_time", Some(Order::Descending)));
        let turned = Listing { sort: "push_time".to_owned(), ..Listing::default() };
        assert_eq!(turned.sort_link("/p", "push_time", "-push_time").href, "/p");
    }

    #[test]
    fn another_group_starts_at_the_first_page() {
        let listing = Listing { page: 2, ..Listing::default() };
        assert_eq!(listing.filter_href("/projects", "public"), "/projects?filter=public");
        assert_eq!(listing.page_href("/projects", 3), "/projects?page=3");
    }
}
