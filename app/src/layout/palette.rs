//! The command palette: to any project, repository or page with a few letters.

use crate::{
    components::{
        dialog::Dialog,
        icon::{Glyph, Icon},
    },
    context::{
        locale::use_locale,
        navigation::use_navigator,
        session::{Session, use_session},
    },
    i18n::{Locale, td_string},
    link,
    remote::load,
    server_fns::search::Find,
};
use leptos::prelude::*;
use types::view::{Found, FoundProject};

const LIST: &str = "palette-list";

/// Something to go to.
#[derive(Clone, PartialEq, Eq)]
struct Entry {
    glyph: Glyph,
    text: String,
    note: &'static str,
    href: String,
}

/// The palette; its field has the focus, the arrow keys choose, Enter goes there.
#[component]
pub fn Palette(
    /// Whether it is open.
    is_open: RwSignal<bool>,
) -> impl IntoView {
    let locale = use_locale();
    view! {
        <Dialog id="palette" is_open=is_open title=td_string!(locale, palette.title)>
            {move || is_open.get().then(|| view! { <Chooser is_open=is_open /> })}
        </Dialog>
    }
    .into_any()
}

#[component]
fn Chooser(is_open: RwSignal<bool>) -> impl IntoView {
    let locale = use_locale();
    let session = use_session();
    let navigator = use_navigator();
    let text = RwSignal::new(String::new());
    let chosen = RwSignal::new(0_usize);
    let found = load(move || Find { text: text.get() }).raw();
    let entries = Memo::new(move |_| {
        let typed = text.get().to_lowercase();
        let answer = found.get().and_then(Result::ok).and_then(|answer| answer.read::<Found>().ok());
        let mut entries = pages(locale, session);
        entries.retain(|entry| entry.text.to_lowercase().contains(&typed));
        entries.extend(answer.into_iter().flat_map(|found| names(locale, found)));
        entries
    });
    let go = move |index: usize| {
        if let Some(entry) = entries.get_untracked().get(index) {
            is_open.set(false);
            navigator.go(&entry.href);
        }
    };
    let keys = move |event: leptos::ev::KeyboardEvent| {
        let last = entries.get_untracked().len().saturating_sub(1);
        match event.key().as_str() {
            "ArrowDown" => chosen.update(|chosen| *chosen = (*chosen + 1).min(last)),
            "ArrowUp" => chosen.update(|chosen| *chosen = chosen.saturating_sub(1)),
            "Enter" => go(chosen.get_untracked()),
            _ => return,
        }
        event.prevent_default();
    };
    let options = move || {
        let present = chosen.get();
        entries
            .get()
            .into_iter()
            .enumerate()
            .map(|(index, entry)| {
                view! {
                    <li
                        class="c-palette__option"
                        role="option"
                        id=option_id(index)
                        aria-selected=(index == present).to_string()
                        on:click=move |_| go(index)
                    >
                        <Icon glyph=entry.glyph />
                        <span class="c-palette__text">{entry.text}</span>
                        <span class="c-palette__note">{entry.note}</span>
                    </li>
                }
                .into_any()
            })
            .collect::<Vec<_>>()
    };
    let is_empty = move || entries.get().is_empty();
    view! {
        <div class="c-palette">
            <input
                type="text"
                class="c-field__input"
                role="combobox"
                aria-expanded="true"
                aria-controls=LIST
                aria-activedescendant=move || option_id(chosen.get())
                aria-label=td_string!(locale, palette.label)
                placeholder=td_string!(locale, palette.label)
                autocomplete="off"
                spellcheck="false"
                maxlength="255"
                autofocus=true
                on:input=move |event| {
                    text.set(event_target_value(&event));
                    chosen.set(0);
                }
                on:keydown=keys
            />
            <ul class="c-palette__list" id=LIST role="listbox" aria-label=td_string!(locale, palette.title)>
                {options}
            </ul>
            <p class="c-palette__empty" role="status" hidden=move || !is_empty()>
                {td_string!(locale, palette.empty)}
            </p>
        </div>
    }
    .into_any()
}

fn option_id(index: usize) -> String {
    format!("palette-option-{index}")
}

fn pages(locale: Locale, session: Session) -> Vec<Entry> {
    let page = |glyph, text: &str, href: &str| Entry {
        glyph,
        text: text.to_owned(),
        note: td_string!(locale, palette.page),
        href: href.to_owned(),
    };
    let mut pages = vec![
        page(Glyph::Home, td_string!(locale, shell.home), link::HOME),
        page(Glyph::Box, td_string!(locale, shell.projects), link::PROJECTS),
    ];
    if session.is_signed_in() {
        pages.push(page(Glyph::User, td_string!(locale, account.title), link::ACCOUNT));
    } else {
        pages.push(page(Glyph::User, td_string!(locale, shell.sign_in), link::SIGN_IN));
    }
    if session.is_admin() {
        pages.push(page(Glyph::Users, td_string!(locale, shell.users), link::USERS));
        pages.push(page(Glyph::Pulse, td_string!(locale, shell.health), link::HEALTH));
    }
    pages
}

fn names(locale: Locale, found: Found) -> Vec<Entry> {
    let project = |FoundProject { name, .. }: FoundProject| Entry {
        glyph: Glyph::Box,
        href: link::project(&name),
        text: name,
        note: td_string!(locale, palette.project),
    };
    let repository = |name: String| Entry {
        glyph: Glyph::Layers,
        href: link::repository(&name),
        text: name,
        note: td_string!(locale, palette.repository),
    };
    found.projects.into_iter().map(project).chain(found.repositories.into_iter().map(repository)).collect()
}
