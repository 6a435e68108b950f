//! A button of the top bar with choices under it.

use crate::{
    browser,
    components::icon::{Glyph, Icon},
};
use leptos::prelude::*;

/// A button that opens a panel. The browser itself opens and closes it, with scripting off as well.
#[component]
pub fn Menu(
    /// The panel's id.
    id: &'static str,
    /// What the button is called.
    #[prop(into)]
    label: String,
    /// Whether the button is round.
    #[prop(optional)]
    is_round: bool,
    /// What the button shows.
    trigger: AnyView,
    /// The panel's content.
    children: Children,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="c-button c-button--icon"
            class:c-button--round=is_round
            popovertarget=id
            aria-label=label.clone()
            title=label
        >
            {trigger}
        </button>
        <div class="c-menu" id=id popover="auto">
            {children()}
        </div>
    }
    .into_any()
}

/// One of several choices: a submit button, so that the form around it works before scripting does.
#[component]
pub fn MenuChoice(
    /// The id of the menu it is in.
    menu: &'static str,
    /// The value's name in the form.
    name: &'static str,
    /// The value.
    value: &'static str,
    /// Whether it is the present choice.
    #[prop(into)]
    is_chosen: Signal<bool>,
    /// What happens at once in the browser.
    #[prop(optional, into)]
    on_choose: Option<Callback<()>>,
    /// Its mark.
    #[prop(optional)]
    glyph: Option<Glyph>,
    /// What it is called.
    label: &'static str,
    /// The language it is written in, where that is another one.
    #[prop(optional)]
    lang: Option<&'static str>,
) -> impl IntoView {
    let choose = move |_| {
        if let Some(on_choose) = on_choose {
            on_choose.run(());
        }
        browser::close_popover(menu);
    };
    view! {
        <button
            type="submit"
            class="c-menu__item"
            name=name
            value=value
            aria-pressed=move || is_chosen.get().to_string()
            on:click=choose
        >
            {glyph.map(|glyph| view! { <Icon glyph=glyph /> })}
            <span lang=lang>{label}</span>
            <span class="c-menu__tick">
                <Icon glyph=Glyph::Check />
            </span>
        </button>
    }
    .into_any()
}
