//! Taking a text along.

use crate::{
    browser,
    components::icon::{Glyph, Icon},
    context::locale::use_locale,
    i18n::td_string,
};
use leptos::{prelude::*, task::spawn_local};
use std::time::Duration;

/// How long the button says what became of it.
const SHOWN: Duration = Duration::from_secs(2);

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Idle,
    Copied,
    Failed,
}

/// A button that copies `text`.
#[component]
pub fn CopyButton(
    /// What is copied.
    text: String,
    /// Whether the button shows a mark in place of words.
    #[prop(optional)]
    is_mark: bool,
) -> impl IntoView {
    let locale = use_locale();
    let state = RwSignal::new(State::Idle);
    let caption = move || match state.get() {
        State::Idle => td_string!(locale, copy.button),
        State::Copied => td_string!(locale, copy.done),
        State::Failed => td_string!(locale, copy.failed),
    };
    let label = {
        let text = text.clone();
        move || match state.get() {
            State::Idle => td_string!(locale, copy.label, text = text.as_str()),
            State::Copied | State::Failed => caption().to_owned(),
        }
    };
    let said = move || if state.get() == State::Idle { "" } else { caption() };
    let copy = move |_| {
        let text = text.clone();
        spawn_local(async move {
            state.set(if browser::copy(&text).await { State::Copied } else { State::Failed });
            set_timeout(
                move || {
                    // the button may be gone by then
                    let _ = state.try_set(State::Idle);
                },
                SHOWN,
            );
        });
    };
    let glyph = Signal::derive(move || if state.get() == State::Copied { Glyph::Check } else { Glyph::Copy });
    let face = if is_mark {
        view! { <Icon glyph=glyph /> }.into_any()
    } else {
        view! { <span>{caption}</span> }.into_any()
    };
    view! {
        <button
            type="button"
            class="c-copy-button c-button c-button--small"
            class:c-copy-button--mark=is_mark
            aria-label=label.clone()
            title=label
            on:click=copy
        >
            {face}
        </button>
        <span class="u-visually-hidden" role="status">
            {said}
        </span>
    }
    .into_any()
}
