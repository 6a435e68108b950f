//! The top of a page.

use leptos::prelude::*;

/// The page's one heading, and a line about it.
#[component]
pub fn PageHead(
    /// The heading.
    #[prop(into)]
    title: Signal<String>,
    /// The line under it.
    #[prop(into)]
    note: Signal<String>,
    /// What stands beside the heading.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="c-page-head">
            <div class="c-page-head__title">
                <h1>{move || title.get()}</h1>
                {children.map(|children| children())}
            </div>
            <p class="c-page-head__note">{move || note.get()}</p>
        </div>
    }
    .into_any()
}
