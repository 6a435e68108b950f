//! What a tab and a bookmark are called.

use crate::{context::locale::use_locale, i18n::td_string};
use leptos::prelude::*;
use leptos_meta::Title;

/// Names the page, in front of the product.
#[component]
pub fn PageTitle(
    /// The page's name.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    let title = td_string!(use_locale(), brand.page_title, page = text.as_str());
    view! { <Title text=title /> }.into_any()
}
