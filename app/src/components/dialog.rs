//! A window over the page. The browser itself keeps the focus in it and gives it back.

use crate::{
    components::icon::{Glyph, Icon},
    context::locale::use_locale,
    i18n::td_string,
};
use leptos::{html, prelude::*};

/// A dialog that is open while `is_open` says so.
///
/// One that is open when the server renders it lies in the page itself, so that it works before the page is awake.
#[component]
pub fn Dialog(
    /// Its id.
    id: &'static str,
    /// Whether it is open.
    is_open: RwSignal<bool>,
    /// Its heading.
    #[prop(into)]
    title: Signal<String>,
    /// Whether it has the room for a table.
    #[prop(optional)]
    is_wide: bool,
    /// What is in it.
    children: Children,
) -> impl IntoView {
    let locale = use_locale();
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move || {
        let Some(dialog) = node.get() else { return };
        match (is_open.get(), dialog.open()) {
            // a dialog in the document can be shown
            (true, false) => drop(dialog.show_modal()),
            (true, true) if is_in_page(&dialog) => {
                // closing it would tell that somebody closed it
                drop(dialog.remove_attribute("open"));
                drop(dialog.show_modal());
            }
            (false, true) => dialog.close(),
            _ => {}
        }
    });
    let heading = format!("{id}-title");
    let labelled = heading.clone();
    view! {
        <dialog
            class="c-dialog"
            class:c-dialog--wide=is_wide
            id=id
            open=is_open.get_untracked()
            aria-labelledby=labelled
            node_ref=node
            on:close=move |_| is_open.set(false)
        >
            <div class="c-dialog__head">
                <h2 id=heading>{move || title.get()}</h2>
                <button
                    type="button"
                    class="c-button c-button--icon"
                    aria-label=td_string!(locale, form.close)
                    on:click=move |_| is_open.set(false)
                >
                    <Icon glyph=Glyph::Close />
                </button>
            </div>
            <div class="c-dialog__body">{children()}</div>
        </dialog>
    }
    .into_any()
}

/// Whether a dialog that is open lies in the page, not over it.
fn is_in_page(dialog: &web_sys::HtmlDialogElement) -> bool {
    dialog.matches(":modal").is_ok_and(|is_modal| !is_modal)
}

/// The button that closes a dialog and changes nothing.
#[component]
pub fn CancelButton(
    /// Whether the dialog is open.
    is_open: RwSignal<bool>,
) -> impl IntoView {
    let locale = use_locale();
    view! {
        <button type="button" class="c-button" on:click=move |_| is_open.set(false)>
            {td_string!(locale, form.cancel)}
        </button>
    }
    .into_any()
}
