//! The keys that work on every page, and the dialogs they open.

use super::{palette::Palette, top_bar::SEARCH};
use crate::{
    browser,
    components::dialog::Dialog,
    context::{
        locale::use_locale,
        navigation::{Navigator, use_navigator},
    },
    i18n::td_string,
    link,
};
use leptos::{ev, prelude::*};
use web_sys::KeyboardEvent;

/// Listens for the keys of the whole page.
#[component]
pub fn Shortcuts() -> impl IntoView {
    let navigator = use_navigator();
    let is_palette_open = RwSignal::new(false);
    let is_help_open = RwSignal::new(false);
    let is_going = StoredValue::new(false);
    Effect::new(move || {
        let listener = window_event_listener(ev::keydown, move |event| {
            let went = is_going.get_value();
            is_going.set_value(false);
            match action(&event, went, browser::is_typing(&event)) {
                Some(Key::Palette) => is_palette_open.set(true),
                Some(Key::Help) => is_help_open.set(true),
                Some(Key::Search) => browser::focus(SEARCH),
                Some(Key::Go) => is_going.set_value(true),
                Some(Key::To(path)) => go(navigator, path),
                None => return,
            }
            event.prevent_default();
        });
        on_cleanup(move || listener.remove());
    });
    view! {
        <Palette is_open=is_palette_open />
        <Help is_open=is_help_open />
    }
    .into_any()
}

fn go(navigator: Navigator, path: &str) {
    navigator.go(path);
}

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Key {
    Palette,
    Help,
    Search,
    /// The first of two keys that lead somewhere.
    Go,
    To(&'static str),
}

/// What is held down with a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Held {
    Nothing,
    /// Ctrl or ⌘.
    Command,
    Alt,
}

fn action(event: &KeyboardEvent, went: bool, is_typing: bool) -> Option<Key> {
    let held = match (event.ctrl_key() || event.meta_key(), event.alt_key()) {
        (true, _) => Held::Command,
        (_, true) => Held::Alt,
        _ => Held::Nothing,
    };
    key(&event.key(), held, went, is_typing)
}

/// What a key does. While somebody types, only a key with Ctrl or ⌘ is not a letter.
fn key(name: &str, held: Held, went: bool, is_typing: bool) -> Option<Key> {
    match (name, held) {
        ("k" | "K", Held::Command) => Some(Key::Palette),
        (_, Held::Command | Held::Alt) => None,
        _ if is_typing => None,
        ("h", _) if went => Some(Key::To(link::HOME)),
        ("p", _) if went => Some(Key::To(link::PROJECTS)),
        ("a", _) if went => Some(Key::To(link::ACCOUNT)),
        ("g", _) => Some(Key::Go),
        ("/", _) => Some(Key::Search),
        ("?", _) => Some(Key::Help),
        _ => None,
    }
}

#[component]
fn Help(
    /// Whether it is open.
    is_open: RwSignal<bool>,
) -> impl IntoView {
    let locale = use_locale();
    let rows = [
        (vec!["/"], td_string!(locale, shortcut.search)),
        (vec!["Ctrl", "K"], td_string!(locale, shortcut.palette)),
        (vec!["g", "h"], td_string!(locale, shortcut.home)),
        (vec!["g", "p"], td_string!(locale, shortcut.projects)),
        (vec!["g", "a"], td_string!(locale, shortcut.account)),
        (vec!["?"], td_string!(locale, shortcut.help)),
        (vec!["Esc"], td_string!(locale, shortcut.close)),
    ];
    let rows = rows
        .into_iter()
        .map(|(keys, text)| {
            let keys = keys.into_iter().map(|key| view! { <kbd class="c-kbd">{key}</kbd> }).collect_view();
            view! {
                <div class="c-shortcuts__row">
                    <dt>{text}</dt>
                    <dd>{keys}</dd>
                </div>
            }
            .into_any()
        })
        .collect::<Vec<_>>();
    view! {
        <Dialog id="shortcuts" is_open=is_open title=td_string!(locale, shortcut.title)>
            <dl class="c-shortcuts">{rows}</dl>
        </Dialog>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_keys_lead_to_a_page() {
        assert_eq!(key("g", Held::Nothing, false, false), Some(Key::Go));
        assert_eq!(key("p", Held::Nothing, true, false), Some(Key::To(link::PROJECTS)));
        assert_eq!(key("p", Held::Nothing, false, false), None);
    }

    #[test]
    fn letters_stay_letters_while_somebody_types() {
        for name in ["/", "?", "g"] {
            assert_eq!(key(name, Held::Nothing, false, true), None, "{name}");
            assert_eq!(key(name, Held::Alt, false, false), None, "{name}");
        }
        assert_eq!(key("k", Held::Command, false, true), Some(Key::Palette));
    }
}
