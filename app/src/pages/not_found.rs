//! The page of every address that has none.

use crate::{
    components::{icon::Glyph, page_title::PageTitle, state_panel::StatePanel},
    i18n::{t, t_string, use_i18n},
};
use leptos::prelude::*;
use leptos_router::components::A;

/// Says that there is no page, with the status that says so to machines.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::ssr::answer_not_found();

    let i18n = use_i18n();
    let title = Signal::derive(move || t_string!(i18n, state.not_found_title).to_owned());
    view! {
        <PageTitle text=title />
        <StatePanel
            glyph=Glyph::Question
            is_whole_page=true
            title=title
            text=Signal::derive(move || t_string!(i18n, state.page_missing_text).to_owned())
        >
            <A href="/projects" attr:class="c-button">
                {t!(i18n, state.to_projects)}
            </A>
        </StatePanel>
    }
    .into_any()
}
