//! One's own account: what it says, its password, what else signs in to it, and how the portal looks to it.

mod agent;
mod docker;
mod model;
mod password;
mod preferences;
mod profile;
mod sessions;
mod tokens;

use crate::{
    components::{page_head::PageHead, show::show},
    context::locale::use_locale,
    format::time,
    i18n::{Locale, td_string},
    remote::load,
    server_fns::user::GetAccount,
    view::Account,
};
use leptos::prelude::*;
#[cfg(feature = "ssr")]
pub use model::address_after;

/// The account of whoever is signed in.
#[component]
pub fn AccountPage() -> impl IntoView {
    let locale = use_locale();
    // read once: what is typed into the forms is the account's from then on
    let account = load(|| GetAccount {});
    show(account, move |account| page(locale, account))
}

fn page(locale: Locale, account: Account) -> AnyView {
    let since = td_string!(locale, account.since, date = time::date(locale, account.created_at));
    let name = account.username.clone();
    view! {
        <div class="l-stack">
            <PageHead title=td_string!(locale, account.title) note=since />
            <div class="p-account">
                {section(
                    td_string!(locale, account.profile),
                    None,
                    view! { <profile::Profile account=account /> }.into_any(),
                )}
                {section(
                    td_string!(locale, account.password),
                    Some(td_string!(locale, account.password_text)),
                    view! { <password::Password username=name.clone() /> }.into_any(),
                )}
                {list_section(
                    td_string!(locale, access.tokens),
                    td_string!(locale, access.tokens_text),
                    view! { <tokens::Tokens username=name.clone() /> }.into_any(),
                )}
                {list_section(
                    td_string!(locale, access.sessions),
                    td_string!(locale, access.sessions_text),
                    view! { <sessions::Sessions /> }.into_any(),
                )}
                {section(
                    td_string!(locale, account.preferences),
                    Some(td_string!(locale, account.preferences_text)),
                    view! { <preferences::Preferences /> }.into_any(),
                )}
                {section(
                    td_string!(locale, account.docker),
                    Some(td_string!(locale, account.docker_text)),
                    view! { <docker::DockerHint username=name /> }.into_any(),
                )}
            </div>
        </div>
    }
    .into_any()
}

fn section(title: &'static str, text: Option<&'static str>, body: AnyView) -> AnyView {
    let text = text.map(|text| view! { <p class="p-account__text">{text}</p> });
    view! {
        <section class="p-account__section">
            <div class="p-account__about">
                <h2>{title}</h2>
                {text}
            </div>
            <div class="p-account__body">{body}</div>
        </section>
    }
    .into_any()
}

/// A section whose body is a table, which has the whole width.
fn list_section(title: &'static str, text: &'static str, body: AnyView) -> AnyView {
    view! {
        <section class="p-account__section p-account__section--wide">
            <div class="p-account__about">
                <h2>{title}</h2>
                <p class="p-account__text">{text}</p>
            </div>
            {body}
        </section>
    }
    .into_any()
}
