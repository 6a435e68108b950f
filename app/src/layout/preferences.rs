//! Choosing the language and the theme. Each choice is a form: it works before scripting does.

use crate::{
    components::{
        icon::{Glyph, Icon},
        menu::{Menu, MenuChoice},
    },
    context::theme::use_theme,
    i18n::{Locale, t_string, use_i18n},
    preferences::{LOCALES, Theme, lang_tag, own_name},
    server_fns::preference::{UpdateLocale, UpdateTheme},
};
use leptos::{form::ActionForm, prelude::*};

const LANGUAGE: &str = "language-menu";
const THEME: &str = "theme-menu";

/// Both menus.
#[component]
pub fn PreferenceMenus() -> impl IntoView {
    view! {
        <LanguageMenu />
        <ThemeMenu />
    }
}

#[component]
fn LanguageMenu() -> impl IntoView {
    let i18n = use_i18n();
    let update = ServerAction::<UpdateLocale>::new();
    let choice = move |locale: Locale| {
        view! {
            <MenuChoice
                menu=LANGUAGE
                name="locale"
                value=lang_tag(locale)
                is_chosen=Signal::derive(move || i18n.get_locale() == locale)
                on_choose=move || i18n.set_locale(locale)
            >
                <span lang=lang_tag(locale)>{own_name(locale)}</span>
            </MenuChoice>
        }
    };
    view! {
        <Menu
            id=LANGUAGE
            label=Signal::derive(move || t_string!(i18n, shell.language).to_owned())
            trigger=view! { <Icon glyph=Glyph::Globe /> }.into_any()
        >
            <ActionForm action=update>{LOCALES.map(choice).collect_view()}</ActionForm>
        </Menu>
    }
    .into_any()
}

#[component]
fn ThemeMenu() -> impl IntoView {
    let i18n = use_i18n();
    let theme = use_theme();
    let update = ServerAction::<UpdateTheme>::new();
    let choice = move |option: Theme| {
        let text = move || match option {
            Theme::System => t_string!(i18n, shell.theme_system),
            Theme::Light => t_string!(i18n, shell.theme_light),
            Theme::Dark => t_string!(i18n, shell.theme_dark),
        };
        view! {
            <MenuChoice
                menu=THEME
                name="theme"
                value=option.as_str()
                is_chosen=Signal::derive(move || theme.get() == option)
                on_choose=move || theme.set(option)
            >
                <Icon glyph=glyph(option) />
                <span>{text}</span>
            </MenuChoice>
        }
    };
    view! {
        <Menu
            id=THEME
            label=Signal::derive(move || t_string!(i18n, shell.theme).to_owned())
            trigger=view! { <Icon glyph=Signal::derive(move || glyph(theme.get())) /> }.into_any()
        >
            <ActionForm action=update>{Theme::ALL.map(choice).collect_view()}</ActionForm>
        </Menu>
    }
    .into_any()
}

const fn glyph(theme: Theme) -> Glyph {
    match theme {
        Theme::System => Glyph::Screen,
        Theme::Light => Glyph::Sun,
        Theme::Dark => Glyph::Moon,
    }
}
