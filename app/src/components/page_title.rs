//! What a tab and a bookmark are called.

use crate::i18n::{t_string, use_i18n};
use leptos::prelude::*;
use leptos_meta::Title;

/// Names the page, in front of the product.
///
/// The server writes the head last, when a page's own values may be gone: there the name is taken at once.
#[component]
pub fn PageTitle(
    /// The page's name.
    #[prop(into)]
    text: Signal<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let title = move || t_string!(i18n, brand.page_title, page = text.get());
    let fixed = cfg!(feature = "ssr").then(|| untrack(title));
    view! { <Title text=move || fixed.clone().unwrap_or_else(title) /> }
}
