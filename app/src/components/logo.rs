//! The name of the product.

use crate::{context::locale::use_locale, i18n::td_string, link};
use leptos::prelude::*;

/// The mark and the name; leads home.
#[component]
pub fn Logo() -> impl IntoView {
    view! {
        <a href=link::HOME class="c-logo">
            <svg class="c-logo__mark" viewBox="0 0 32 32" fill="none" aria-hidden="true">
                <rect x="3" y="5" width="12" height="8" rx="1.6" fill="currentColor" />
                <rect x="17" y="5" width="12" height="8" rx="1.6" fill="currentColor" opacity=".45" />
                <rect x="10" y="15" width="12" height="8" rx="1.6" fill="currentColor" opacity=".72" />
                <path
                    d="M3 27c2.2 0 2.2-1.6 4.4-1.6S9.6 27 11.8 27s2.2-1.6 4.2-1.6 2.2 1.6 4.4 1.6 2.2-1.6 4.4-1.6S26.8 27 29 27"
                    stroke="currentColor"
                    stroke-width="2.2"
                    stroke-linecap="round"
                />
            </svg>
            {td_string!(use_locale(), brand.name)}
        </a>
    }
    .into_any()
}
