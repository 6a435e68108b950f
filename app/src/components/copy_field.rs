//! A command to take to a terminal.

use crate::components::copy_button::CopyButton;
use leptos::prelude::*;

/// A text in full, with a button that copies it.
#[component]
pub fn CopyField(
    /// The text.
    text: String,
    /// Whether it lies in a panel, not on the page itself.
    #[prop(optional)]
    is_inset: bool,
) -> impl IntoView {
    view! {
        <div class="c-copy-field" class:c-copy-field--inset=is_inset>
            <code class="c-copy-field__text">{text.clone()}</code>
            <CopyButton text=text />
        </div>
    }
    .into_any()
}
