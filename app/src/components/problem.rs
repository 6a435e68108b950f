//! What a page shows instead of its data when there is none to show.

use crate::{
    components::{page_title::PageTitle, state_panel::StatePanel},
    context::locale::use_locale,
    error::AppError,
    format::problem::problem,
    i18n::td_string,
    link,
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// What happened, what to do, and a way on.
#[component]
pub fn Problem(
    /// Why there is no data.
    error: AppError,
    /// Whether the page keeps its own heading.
    #[prop(optional)]
    is_within: bool,
) -> impl IntoView {
    let locale = use_locale();
    let told = problem(locale, &error);
    let (href, label, class) = if told.needs_sign_in {
        let next = use_location().pathname.get_untracked();
        (link::sign_in_for(&next), td_string!(locale, shell.sign_in), "c-button c-button--primary")
    } else {
        (link::HOME.to_owned(), td_string!(locale, state.to_home), "c-button")
    };
    view! {
        {(!is_within).then(|| view! { <PageTitle text=told.title /> })}
        <StatePanel glyph=told.glyph is_whole_page=!is_within title=told.title text=told.text>
            <a href=href class=class>
                {label}
            </a>
        </StatePanel>
        {told.request_id.map(|id| view! { <code class="c-code c-code--centred">{id}</code> })}
    }
    .into_any()
}
