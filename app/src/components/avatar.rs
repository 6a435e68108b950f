//! The round mark of an account.

use leptos::prelude::*;

/// The first two letters of a name. Decoration: whoever uses it says the name.
#[component]
pub fn Avatar(
    /// The account's name.
    name: String,
) -> impl IntoView {
    let letters: String = name.chars().filter(|letter| letter.is_alphanumeric()).take(2).collect();
    view! {
        <span class="c-avatar" aria-hidden="true">
            {letters}
        </span>
    }
}
