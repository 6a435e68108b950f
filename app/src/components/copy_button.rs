//! Taking a text along.

use crate::{
    browser,
    components::icon::{Glyph, Icon},
    i18n::{t_string, use_i18n},
};
use leptos::{either::Either, prelude::*, task::spawn_local};
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
    let i18n = use_i18n();
    let state = RwSignal::new(State::Idle);
    let caption = move || match state.get() {
        State::Idle => t_string!(i18n, copy.button),
        State::Copied => t_string!(i18n, copy.done),
        State::Failed => t_string!(i18n, copy.failed),
    };
    let label = {
        let text = text.clone();
        move || match state.get() {
            State::Idle => t_string!(i18n, copy.label, text = text.as_str()),
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
        Either::Left(view! { <Icon glyph=glyph /> })
    } else {
        Either::Right(view! { <span>{caption}</span> })
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
}
