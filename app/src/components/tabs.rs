//! The parts of one page, each with an address of its own.

use leptos::prelude::*;

/// A part of the page.
pub struct Tab {
    /// Its address.
    pub href: String,
    /// What it is called.
    pub label: &'static str,
    /// Whether it is the one that shows.
    pub is_current: Signal<bool>,
}

/// Links to the parts of a page.
#[component]
pub fn Tabs(
    /// What they are parts of.
    #[prop(into)]
    label: String,
    /// The parts.
    tabs: Vec<Tab>,
) -> impl IntoView {
    let links = tabs.into_iter().map(link).collect::<Vec<_>>();
    view! {
        <nav class="c-tabs" aria-label=label>
            <ul class="c-tabs__list">{links}</ul>
        </nav>
    }
    .into_any()
}

fn link(tab: Tab) -> AnyView {
    let Tab { href, label, is_current } = tab;
    let is_current = move || is_current.get().then_some("page");
    view! {
        <li>
            <a href=href class="c-tabs__link" aria-current=is_current data-noscroll="true">
                {label}
            </a>
        </li>
    }
    .into_any()
}
