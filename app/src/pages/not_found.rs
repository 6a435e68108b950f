//! The page of every address that has none.

use crate::{
    components::{icon::Glyph, page_title::PageTitle, state_panel::StatePanel},
    context::locale::use_locale,
    i18n::td_string,
    link,
};
use leptos::prelude::*;

/// Says that there is no page, with the status that says so to machines.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::ssr::answer_not_found();

    let locale = use_locale();
    view! {
        <PageTitle text=td_string!(locale, state.not_found_title) />
        <StatePanel
            glyph=Glyph::Question
            is_whole_page=true
            title=td_string!(locale, state.not_found_title)
            text=td_string!(locale, state.page_missing_text)
        >
            <a href=link::HOME class="c-button">
                {td_string!(locale, state.to_home)}
            </a>
        </StatePanel>
    }
    .into_any()
}
