//! The pages: each owns its data and composes components.

pub mod not_found;
pub mod project;
pub mod projects;
pub mod repository;
pub mod sign_in;

use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

/// How many rows a page of a list has.
pub const PAGE_SIZE: u64 = 25;

/// The page of the list that the address asks for, from 1.
fn use_page_number() -> Memo<u64> {
    let query = use_query_map();
    Memo::new(move |_| query.read().get_str("page").and_then(|page| page.parse().ok()).unwrap_or(1).max(1))
}

/// A part of the path, by its name in the route table.
fn use_path_part(name: &'static str) -> Memo<String> {
    let params = use_params_map();
    Memo::new(move |_| params.read().get(name).unwrap_or_default())
}
