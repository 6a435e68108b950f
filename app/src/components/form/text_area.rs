//! Several lines of text to fill in.

use leptos::prelude::*;

/// A labelled text of several lines, which may stay empty.
#[component]
pub fn TextArea(
    /// Names the value in the form, and is the input's id.
    name: &'static str,
    /// What to fill in.
    #[prop(into)]
    label: String,
    /// What it starts with.
    value: String,
    /// The longest text, in characters.
    max_length: u32,
) -> impl IntoView {
    view! {
        <div class="c-field">
            <label class="c-field__label" for=name>
                {label}
            </label>
            <textarea
                class="c-field__input c-field__area"
                id=name
                name=name
                rows="5"
                maxlength=max_length.to_string()
            >
                {value}
            </textarea>
        </div>
    }
    .into_any()
}
