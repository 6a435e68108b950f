//! One line of text to fill in.

use leptos::prelude::*;

/// What a text breaks, in words; nothing when it may be sent.
pub type Rule = Callback<String, Option<String>>;

/// A labelled text input. What is wrong with it shows under it, once the writer has left it.
#[component]
pub fn Field(
    /// Names the value in the form.
    name: &'static str,
    /// The input's id, where the name is not the only one of its kind on the page.
    #[prop(optional)]
    id: Option<&'static str>,
    /// What to fill in.
    #[prop(into)]
    label: String,
    /// What helps to fill it in.
    #[prop(optional, into)]
    hint: Option<String>,
    /// The input's type.
    #[prop(default = "text")]
    kind: &'static str,
    /// What it starts with.
    #[prop(optional, into)]
    value: String,
    /// What a password manager may fill in.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// Whether typing starts here.
    #[prop(optional)]
    is_first: bool,
    /// Whether it may stay empty.
    #[prop(optional)]
    is_optional: bool,
    /// The longest text, in characters.
    #[prop(default = 255)]
    max_length: u32,
    /// The shortest text, in characters.
    #[prop(optional)]
    min_length: Option<u32>,
    /// The rule in the browser's own words, for before the page is awake.
    #[prop(optional, into)]
    pattern: Option<String>,
    /// The id of the list of what it may be.
    #[prop(optional)]
    list: Option<&'static str>,
    /// What is checked while typing.
    #[prop(optional, into)]
    rule: Option<Rule>,
    /// What is typed, for whoever wants to know.
    #[prop(optional)]
    typed: Option<RwSignal<String>>,
) -> impl IntoView {
    let id = id.unwrap_or(name);
    let text = typed.unwrap_or_else(|| RwSignal::new(value.clone()));
    let was_left = RwSignal::new(false);
    let wrong = Memo::new(move |_| {
        let text = text.get();
        rule.filter(|_| was_left.get() && !text.is_empty()).and_then(|rule| rule.run(text))
    });
    let described = format!("{id}-about");
    let about = described.clone();
    let hint = hint.map(|hint| view! { <p class="c-field__hint">{hint}</p> });
    view! {
        <div class="c-field">
            <label class="c-field__label" for=id>
                {label}
            </label>
            <input
                class="c-field__input"
                id=id
                name=name
                type=kind
                value=value
                autocomplete=autocomplete
                autocapitalize="none"
                spellcheck="false"
                maxlength=max_length.to_string()
                minlength=min_length.map(|length| length.to_string())
                pattern=pattern
                list=list
                autofocus=is_first
                required=!is_optional
                aria-describedby=described
                aria-invalid=move || wrong.get().map(|_| "true")
                on:input=move |event| text.set(event_target_value(&event))
                on:blur=move |_| was_left.set(true)
            />
            <div id=about class="c-field__about">
                {hint}
                {move || wrong.get().map(wrong_text)}
            </div>
        </div>
    }
    .into_any()
}

fn wrong_text(text: String) -> AnyView {
    view! { <p class="c-field__error" role="alert">{text}</p> }.into_any()
}
