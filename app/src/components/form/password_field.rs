//! A password to choose, with the rules it must keep.

use crate::{
    components::icon::{Glyph, Icon},
    context::locale::use_locale,
    format::validation::{self, PasswordRule},
    i18n::{Locale, td_string},
};
use leptos::{html, prelude::*};
use types::validate::{MAX_PASSWORD_BYTES, MIN_PASSWORD_BYTES};

/// The rules of [`PasswordRule`] in the browser's own words, for before the page is awake.
const PATTERN: &str = "(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9]).{8,128}";

/// A labelled input for a new password. Under it stand the rules, and which of them it keeps so far.
#[component]
pub fn PasswordField(
    /// Names the value in the form.
    name: &'static str,
    /// The input's id.
    id: &'static str,
    /// What to fill in.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    let locale = use_locale();
    let text = RwSignal::new(String::new());
    let was_left = RwSignal::new(false);
    let is_shown = RwSignal::new(false);
    // without scripting nothing can be shown: the button comes when the page wakes
    let is_awake = RwSignal::new(false);
    let node = NodeRef::<html::Input>::new();
    Effect::new(move || {
        is_awake.set(true);
        if let Some(input) = node.get() {
            // what was typed before that counts too
            text.set(input.value());
        }
    });
    let wrong = Memo::new(move |_| {
        let text = text.get();
        validation::password(locale, &text).filter(|_| was_left.get() && !text.is_empty())
    });
    let caption = move || {
        if is_shown.get() {
            td_string!(locale, form.hide_password)
        } else {
            td_string!(locale, form.show_password)
        }
    };
    let rules = PasswordRule::ALL.into_iter().map(|each| rule(locale, each, text)).collect::<Vec<_>>();
    let described = format!("{id}-about");
    let about = described.clone();
    view! {
        <div class="c-field c-password-field">
            <label class="c-field__label" for=id>
                {label}
            </label>
            <div class="c-password-field__line">
                <input
                    class="c-field__input"
                    node_ref=node
                    id=id
                    name=name
                    type=move || if is_shown.get() { "text" } else { "password" }
                    autocomplete="new-password"
                    autocapitalize="none"
                    spellcheck="false"
                    minlength=MIN_PASSWORD_BYTES.to_string()
                    maxlength=MAX_PASSWORD_BYTES.to_string()
                    pattern=PATTERN
                    title=td_string!(locale, form.password_rules, min = MIN_PASSWORD_BYTES, max = MAX_PASSWORD_BYTES)
                    required
                    aria-describedby=described
                    aria-invalid=move || wrong.get().map(|_| "true")
                    on:input=move |event| text.set(event_target_value(&event))
                    on:blur=move |_| was_left.set(true)
                />
                <button
                    type="button"
                    class="c-button"
                    aria-controls=id
                    hidden=move || !is_awake.get()
                    on:click=move |_| is_shown.update(|is_shown| *is_shown = !*is_shown)
                >
                    {caption}
                </button>
            </div>
            <div id=about class="c-field__about">
                <ul class="c-password-field__rules">{rules}</ul>
                {move || wrong.get().map(|text| view! { <p class="c-field__error">{text}</p> })}
            </div>
        </div>
    }
    .into_any()
}

fn rule(locale: Locale, rule: PasswordRule, text: RwSignal<String>) -> AnyView {
    let is_met = Memo::new(move |_| text.with(|text| rule.is_met(text)));
    let glyph = Signal::derive(move || if is_met.get() { Glyph::Check } else { Glyph::Circle });
    let state = move || {
        let state =
            if is_met.get() { td_string!(locale, form.rule_met) } else { td_string!(locale, form.rule_open) };
        text.with(|text| if text.is_empty() { "" } else { state })
    };
    view! {
        <li class="c-password-field__rule" class:is-met=move || is_met.get()>
            <Icon glyph=glyph />
            <span>{rule.text(locale)}</span>
            <span class="u-visually-hidden">{state}</span>
        </li>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browser_is_told_the_same_lengths() {
        assert!(PATTERN.ends_with(&format!(".{{{MIN_PASSWORD_BYTES},{MAX_PASSWORD_BYTES}}}")));
    }
}
