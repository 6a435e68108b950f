//! What one's programs sign in with.

mod create;
mod revoke;
mod table;

use crate::{
    components::{
        icon::{Glyph, Icon},
        show::show_within,
    },
    context::locale::use_locale,
    i18n::td_string,
    remote::load,
    server_fns::access::ListAccessTokens,
};
use leptos::prelude::*;

/// A token that is about to be revoked.
#[derive(Clone)]
struct Target {
    id: i64,
    name: String,
}

/// The list of the account's access tokens, with what makes and revokes one.
#[component]
pub fn Tokens(
    /// Whose they are.
    username: String,
) -> impl IntoView {
    let locale = use_locale();
    let tokens = load(|| ListAccessTokens {});
    let is_creating = RwSignal::new(false);
    let target = RwSignal::new(None::<Target>);
    let refetch = Callback::new(move |()| tokens.refetch());
    view! {
        <div class="p-account__list">
            {show_within(tokens, move |list| table::content(locale, list, target))}
            <div>
                <button type="button" class="c-button" on:click=move |_| is_creating.set(true)>
                    <Icon glyph=Glyph::Plus />
                    {td_string!(locale, access.create)}
                </button>
            </div>
        </div>
        <create::CreateDialog username=username is_open=is_creating done=refetch />
        <revoke::RevokeDialog target=target done=refetch />
    }
    .into_any()
}
