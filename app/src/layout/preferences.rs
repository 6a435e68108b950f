//! Choosing the language and the theme. Each choice is a form: it works before the page is awake.

use crate::{
    components::{
        form::post_form::PostForm,
        icon::{Glyph, Icon},
        menu::{Menu, MenuChoice},
    },
    context::{locale::use_locale, theme::use_theme},
    i18n::{Locale, td_string},
    preferences::{LOCALES, lang_tag, own_name},
    remote::Submission,
    server_fns::preference::{UpdateLocale, UpdateTheme},
};
use leptos::prelude::*;
use types::preference::Theme;

const LANGUAGE: &str = "language-menu";
const THEME: &str = "theme-menu";

/// Both menus.
#[component]
pub fn PreferenceMenus() -> impl IntoView {
    view! {
        <LanguageMenu />
        <ThemeMenu />
    }
    .into_any()
}

#[component]
fn LanguageMenu() -> impl IntoView {
    let locale = use_locale();
    // every text of the page is in one language: another one is another page
    let update = Submission::of::<UpdateLocale>().leaving();
    let choice = move |option: Locale| {
        view! {
            <MenuChoice
                menu=LANGUAGE
                name="locale"
                value=lang_tag(option)
                is_chosen=Signal::stored(locale == option)
                label=own_name(option)
                lang=lang_tag(option)
            />
        }
    };
    view! {
        <Menu
            id=LANGUAGE
            label=td_string!(locale, shell.language)
            trigger=view! { <Icon glyph=Glyph::Globe /> }.into_any()
        >
            <PostForm submission=update class="">
                {LOCALES.map(choice).collect_view()}
            </PostForm>
        </Menu>
    }
    .into_any()
}

#[component]
fn ThemeMenu() -> impl IntoView {
    let locale = use_locale();
    let theme = use_theme();
    let update = Submission::of::<UpdateTheme>();
    let choice = move |option: Theme| {
        view! {
            <MenuChoice
                menu=THEME
                name="theme"
                value=option.as_str()
                is_chosen=Signal::derive(move || theme.get() == option)
                on_choose=Callback::new(move |()| theme.set(option))
                glyph=glyph(option)
                label=theme_name(locale, option)
            />
        }
    };
    view! {
        <Menu
            id=THEME
            label=td_string!(locale, shell.theme)
            trigger=view! { <Icon glyph=Signal::derive(move || glyph(theme.get())) /> }.into_any()
        >
            <PostForm submission=update class="">
                {Theme::ALL.map(choice).collect_view()}
            </PostForm>
        </Menu>
    }
    .into_any()
}

/// What a theme is called.
pub fn theme_name(locale: Locale, theme: Theme) -> &'static str {
    match theme {
        Theme::System => td_string!(locale, shell.theme_system),
        Theme::Light => td_string!(locale, shell.theme_light),
        Theme::Dark => td_string!(locale, shell.theme_dark),
    }
}

const fn glyph(theme: Theme) -> Glyph {
    match theme {
        Theme::System => Glyph::Screen,
        Theme::Light => Glyph::Sun,
        Theme::Dark => Glyph::Moon,
    }
}
