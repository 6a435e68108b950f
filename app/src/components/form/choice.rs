//! One of a few values.

use leptos::prelude::*;

/// A value to choose, with what it is called.
pub struct Choice {
    /// The value.
    pub value: String,
    /// What it is called.
    pub label: String,
    /// What it means.
    pub note: Option<String>,
}

/// A labelled list to choose from.
#[component]
pub fn Select(
    /// Names the value in the form.
    name: &'static str,
    /// The list's id.
    #[prop(into)]
    id: String,
    /// What is chosen.
    #[prop(into)]
    label: String,
    /// Whether the label is only read out.
    #[prop(optional)]
    is_bare: bool,
    /// The values.
    choices: Vec<Choice>,
    /// The value that is chosen at first.
    #[prop(into)]
    chosen: String,
    /// What happens when another one is chosen.
    #[prop(optional, into)]
    on_choose: Option<Callback<String>>,
) -> impl IntoView {
    let options = choices
        .into_iter()
        .map(|choice| {
            let is_chosen = choice.value == chosen;
            view! {
                <option value=choice.value selected=is_chosen prop:selected=is_chosen>
                    {choice.label}
                </option>
            }
        })
        .collect_view();
    let label_class = if is_bare { "u-visually-hidden" } else { "c-field__label" };
    view! {
        <div class="c-field">
            <label class=label_class for=id.clone()>
                {label}
            </label>
            <select
                class="c-field__input c-field__select"
                id=id
                name=name
                on:change=move |event| {
                    if let Some(on_choose) = on_choose {
                        on_choose.run(event_target_value(&event));
                    }
                }
            >
                {options}
            </select>
        </div>
    }
    .into_any()
}

/// A few values side by side, each with what it means.
#[component]
pub fn Radios(
    /// Names the value in the form.
    name: &'static str,
    /// What is chosen.
    #[prop(into)]
    legend: String,
    /// The values.
    choices: Vec<Choice>,
    /// The value that is chosen at first.
    #[prop(into)]
    chosen: String,
) -> impl IntoView {
    let options = choices
        .into_iter()
        .map(|choice| {
            let is_chosen = choice.value == chosen;
            let note = choice.note.map(|note| view! { <span class="c-radios__note">{note}</span> });
            view! {
                <label class="c-radios__choice">
                    <input type="radio" name=name value=choice.value checked=is_chosen />
                    <span>
                        <span class="c-radios__name">{choice.label}</span>
                        {note}
                    </span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="c-radios">
            <legend class="c-field__label">{legend}</legend>
            {options}
        </fieldset>
    }
    .into_any()
}
