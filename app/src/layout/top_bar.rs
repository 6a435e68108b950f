//! The bar above every page.

use super::{PreferenceMenus, account::Account};
use crate::{
    components::{
        icon::{Glyph, Icon},
        logo::Logo,
    },
    context::locale::use_locale,
    i18n::td_string,
    link,
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The id of the search field, which `/` leads to.
pub const SEARCH: &str = "search";

/// The logo, the search, the preferences and the account.
#[component]
pub fn TopBar() -> impl IntoView {
    let locale = use_locale();
    let found = use_query_map().read_untracked().get("find").unwrap_or_default();
    view! {
        <header class="l-top-bar">
            <Logo />
            <form method="get" action=link::SEARCH role="search" class="c-search-box l-top-bar__search">
                <Icon glyph=Glyph::Search />
                <label class="u-visually-hidden" for=SEARCH>
                    {td_string!(locale, search.label)}
                </label>
                <input
                    type="search"
                    id=SEARCH
                    name="find"
                    class="c-search-box__input"
                    placeholder=td_string!(locale, search.label)
                    autocomplete="off"
                    spellcheck="false"
                    maxlength="255"
                    value=found
                />
                <kbd class="c-kbd" aria-hidden="true">
                    "/"
                </kbd>
            </form>
            <div class="l-top-bar__actions">
                <PreferenceMenus />
                <Account />
            </div>
        </header>
    }
    .into_any()
}
