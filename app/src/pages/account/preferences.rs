//! How the portal looks to an account. Each choice is a form of its own: it applies at once, and works before the page
//! is awake.

use crate::{
    commands::client_name,
    components::{
        form::post_form::PostForm,
        icon::{Glyph, Icon},
    },
    context::{client::use_client, locale::use_locale, theme::use_theme},
    i18n::td_string,
    layout::theme_name,
    preferences::{LOCALES, lang_tag, own_name},
    remote::Submission,
    server_fns::preference::{UpdateClient, UpdateLocale, UpdateTheme},
};
use leptos::prelude::*;
use types::preference::{Client, Theme};

/// The choices of language, theme and client.
#[component]
pub fn Preferences() -> impl IntoView {
    let locale = use_locale();
    let (theme, client) = (use_theme(), use_client());
    // every text of the page is in one language: another one is another page
    let language_form = Submission::of::<UpdateLocale>().leaving();
    let theme_form = Submission::of::<UpdateTheme>();
    let client_form = Submission::of::<UpdateClient>();
    let languages = LOCALES.map(|option| Choice {
        value: lang_tag(option),
        label: own_name(option),
        lang: Some(lang_tag(option)),
        is_chosen: Signal::stored(option == locale),
        choose: Callback::new(|()| ()),
    });
    let themes = Theme::ALL.map(|option| Choice {
        value: option.as_str(),
        label: theme_name(locale, option),
        lang: None,
        is_chosen: Signal::derive(move || theme.get() == option),
        choose: Callback::new(move |()| theme.set(option)),
    });
    let clients = Client::ALL.map(|option| Choice {
        value: option.as_str(),
        label: client_name(option),
        lang: None,
        is_chosen: Signal::derive(move || client.get() == option),
        choose: Callback::new(move |()| client.set(option)),
    });
    view! {
        <div class="c-form">
            {choices("locale", td_string!(locale, shell.language), language_form, languages.to_vec())}
            {choices("theme", td_string!(locale, shell.theme), theme_form, themes.to_vec())}
            {choices("client", td_string!(locale, account.client), client_form, clients.to_vec())}
        </div>
    }
    .into_any()
}

/// One value to choose.
#[derive(Clone)]
struct Choice {
    value: &'static str,
    label: &'static str,
    lang: Option<&'static str>,
    is_chosen: Signal<bool>,
    choose: Callback<()>,
}

fn choices(name: &'static str, label: &'static str, submission: Submission, choices: Vec<Choice>) -> AnyView {
    let id = format!("preference-{name}");
    let buttons = choices
        .into_iter()
        .map(|Choice { value, label, lang, is_chosen, choose }| {
            let tick = move || is_chosen.get().then(|| view! { <Icon glyph=Glyph::Check /> });
            view! {
                <button
                    type="submit"
                    class="p-account__choice"
                    name=name
                    value=value
                    lang=lang
                    aria-pressed=move || is_chosen.get().to_string()
                    on:click=move |_| choose.run(())
                >
                    {tick}
                    {label}
                </button>
            }
            .into_any()
        })
        .collect::<Vec<_>>();
    view! {
        <PostForm submission=submission class="c-field">
            <span class="c-field__label" id=id.clone()>
                {label}
            </span>
            <div class="p-account__choices" role="group" aria-labelledby=id>
                {buttons}
            </div>
        </PostForm>
    }
    .into_any()
}
