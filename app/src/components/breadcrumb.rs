//! The way back up.

use crate::i18n::{t_string, use_i18n};
use leptos::prelude::*;
use leptos_router::components::A;

/// One step above the page.
pub struct Crumb {
    /// Where it leads.
    pub href: String,
    /// What it is called.
    pub text: Signal<String>,
}

/// The steps above this page, the topmost first.
#[component]
pub fn Breadcrumb(
    /// The steps.
    crumbs: Vec<Crumb>,
) -> impl IntoView {
    let i18n = use_i18n();
    let items = crumbs
        .into_iter()
        .map(|Crumb { href, text }| {
            view! {
                <li class="c-breadcrumb__item">
                    <A href=href>{move || text.get()}</A>
                </li>
            }
        })
        .collect_view();
    view! {
        <nav class="c-breadcrumb" aria-label=move || t_string!(i18n, shell.breadcrumb)>
            <ol class="c-breadcrumb__list">{items}</ol>
        </nav>
    }
    .into_any()
}
