//! What a page shows when there is nothing to list.

use crate::components::icon::{Glyph, Icon};
use leptos::prelude::*;

/// A heading, a sentence that says what to do, and a way on.
#[component]
pub fn StatePanel(
    /// The mark above it.
    glyph: Glyph,
    /// Whether the heading is the page's own.
    #[prop(optional)]
    is_whole_page: bool,
    /// The heading.
    #[prop(into)]
    title: String,
    /// The sentence.
    #[prop(into)]
    text: String,
    /// The way on.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let heading = if is_whole_page {
        view! { <h1>{title}</h1> }.into_any()
    } else {
        view! { <h2>{title}</h2> }.into_any()
    };
    let actions = children.map(|children| view! { <div class="c-state-panel__actions">{children()}</div> });
    view! {
        <section class="c-state-panel">
            <span class="c-state-panel__icon">
                <Icon glyph=glyph />
            </span>
            {heading}
            <p class="c-state-panel__text">{text}</p>
            {actions}
        </section>
    }
    .into_any()
}
