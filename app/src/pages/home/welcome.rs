//! What a visitor without an account sees first.

use crate::{
    components::page_title::PageTitle,
    context::session::use_session,
    i18n::{Locale, td_string},
    link,
};
use leptos::prelude::*;

/// What this is, and the ways in.
pub fn welcome(locale: Locale) -> AnyView {
    let session = use_session().view();
    let register = session.self_registration.then(|| {
        view! {
            <a href=link::REGISTER class="c-button">
                {td_string!(locale, sign_in.register)}
            </a>
        }
    });
    view! {
        <PageTitle text=td_string!(locale, home.title) />
        <section class="p-home__welcome">
            <h1>{td_string!(locale, home.welcome_title)}</h1>
            <p class="p-home__text">
                {td_string!(locale, home.welcome_text, host = session.registry.host.as_str())}
            </p>
            <div class="p-home__ways">
                <a href=link::SIGN_IN class="c-button c-button--primary">
                    {td_string!(locale, shell.sign_in)}
                </a>
                {register}
            </div>
        </section>
    }
    .into_any()
}
