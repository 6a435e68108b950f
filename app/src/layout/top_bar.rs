//! The bar above every page.

use super::{PreferenceMenus, account::Account};
use crate::components::logo::Logo;
use leptos::prelude::*;

/// The logo, the preferences and the account.
#[component]
pub fn TopBar() -> impl IntoView {
    view! {
        <header class="l-top-bar">
            <Logo />
            <div class="l-top-bar__actions">
                <PreferenceMenus />
                <Account />
            </div>
        </header>
    }
    .into_any()
}
