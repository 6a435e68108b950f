//! Whose password a form is about.

use leptos::prelude::*;

/// A field that shows nowhere and tells password managers which account the form belongs to.
#[component]
pub fn Whose(
    /// Names the value in the form; nothing where the form does not send it.
    #[prop(optional)]
    name: Option<&'static str>,
    /// The account's name.
    #[prop(into)]
    username: Signal<String>,
) -> impl IntoView {
    view! {
        <input
            type="text"
            name=name
            autocomplete="username"
            aria-hidden="true"
            tabindex="-1"
            hidden=true
            readonly=true
            value=move || username.get()
        />
    }
    .into_any()
}
