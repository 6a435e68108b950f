//! A form that changes something.

use crate::{
    components::notice::{Notice, Tone},
    context::locale::use_locale,
    error::AppError,
    format::problem::sentence,
    remote::Submission,
};
use leptos::prelude::*;

/// A form around its fields and its buttons; what is refused shows above them, and everything typed stays.
#[component]
pub fn PostForm(
    /// What it sends.
    submission: Submission,
    /// Whether the page itself says why it was refused.
    #[prop(optional)]
    is_mute: bool,
    /// Its class.
    #[prop(default = "c-form")]
    class: &'static str,
    /// The fields and the buttons.
    children: Children,
) -> impl IntoView {
    let locale = use_locale();
    let refusal = move || {
        let error = submission.error().filter(|_| !is_mute)?;
        Some(refusal(sentence(locale, &error)))
    };
    view! {
        <form method="post" action=submission.path() class=class on:submit=move |event| submission.submit(&event)>
            {refusal}
            {children()}
        </form>
    }
    .into_any()
}

fn refusal(text: String) -> AnyView {
    view! { <Notice tone=Tone::Danger>{text}</Notice> }.into_any()
}

/// The button that sends the form it is in.
#[component]
pub fn SubmitButton(
    /// What it does.
    #[prop(into)]
    label: String,
    /// What the form sends; the button rests while it is under way.
    submission: Submission,
    /// Its class.
    #[prop(default = "c-button c-button--primary")]
    class: &'static str,
) -> impl IntoView {
    view! {
        <button type="submit" class=class aria-busy=move || submission.is_pending().to_string()>
            {label}
        </button>
    }
    .into_any()
}

/// Whether an error says that a name or an address is in use.
pub fn is_taken(error: &AppError) -> bool {
    matches!(error, AppError::Answered(types::ui_error::UiError::Conflict))
}
