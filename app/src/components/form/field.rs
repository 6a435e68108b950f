//! One line of text to fill in.

use leptos::prelude::*;

/// A labelled, required text input.
#[component]
pub fn Field(
    /// Names the value in the form; also the input's id.
    name: &'static str,
    /// What to fill in.
    #[prop(into)]
    label: Signal<String>,
    /// The input's type.
    #[prop(default = "text")]
    kind: &'static str,
    /// What a password manager may fill in.
    autocomplete: &'static str,
    /// Whether typing starts here.
    #[prop(optional)]
    is_first: bool,
    /// The longest text, in characters.
    #[prop(default = 255)]
    max_length: u32,
) -> impl IntoView {
    view! {
        <div class="c-field">
            <label class="c-field__label" for=name>
                {move || label.get()}
            </label>
            <input
                class="c-field__input"
                id=name
                name=name
                type=kind
                autocomplete=autocomplete
                autocapitalize="none"
                spellcheck="false"
                maxlength=max_length.to_string()
                autofocus=is_first
                required=true
            />
        </div>
    }
}
