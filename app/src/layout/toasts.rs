//! Where notes of what was done show.

use crate::{
    components::icon::{Glyph, Icon},
    context::{
        locale::use_locale,
        toast::{Toast, use_toasts},
    },
    i18n::td_string,
};
use leptos::prelude::*;

/// The notes, read out as they come.
#[component]
pub fn ToastRegion() -> impl IntoView {
    let toasts = use_toasts();
    view! {
        <div class="c-toasts" role="status" aria-live="polite">
            <For each=move || toasts.list() key=|toast| toast.id children=note />
        </div>
    }
    .into_any()
}

fn note(toast: Toast) -> AnyView {
    let locale = use_locale();
    let toasts = use_toasts();
    let Toast { id, text, undo } = toast;
    let undo = undo.map(|undo| {
        let take_back = move |_| {
            undo.run(());
            toasts.close(id);
        };
        view! {
            <button type="button" class="c-toasts__undo" on:click=take_back>
                {td_string!(locale, form.undo)}
            </button>
        }
    });
    view! {
        <div class="c-toasts__note">
            <span class="c-toasts__text">{text}</span>
            {undo}
            <button
                type="button"
                class="c-button c-button--icon c-toasts__close"
                aria-label=td_string!(locale, form.close)
                on:click=move |_| toasts.close(id)
            >
                <Icon glyph=Glyph::Close />
            </button>
        </div>
    }
    .into_any()
}
