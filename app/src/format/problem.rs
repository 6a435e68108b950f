//! What there is to say about an error.

use crate::{
    components::icon::Glyph,
    error::AppError,
    i18n::{Locale, td_string},
};
use types::ui_error::UiError;

/// An error as a page tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Its mark.
    pub glyph: Glyph,
    /// What happened.
    pub title: &'static str,
    /// What to do.
    pub text: String,
    /// What to quote when it is reported.
    pub request_id: Option<String>,
    /// Whether signing in helps.
    pub needs_sign_in: bool,
}

/// What happened, for the head of a page and for the sentence under it.
pub fn problem(locale: Locale, error: &AppError) -> Problem {
    let told = |glyph, title, text: &str| Problem {
        glyph,
        title,
        text: text.to_owned(),
        request_id: None,
        needs_sign_in: false,
    };
    let AppError::Answered(error) = error else {
        let text = td_string!(locale, state.unreachable_text);
        return told(Glyph::Alert, td_string!(locale, state.unreachable_title), text);
    };
    match error {
        UiError::NotFound { name, .. } => Problem {
            text: td_string!(locale, state.thing_missing_text, name = name.as_str()),
            ..told(Glyph::Question, td_string!(locale, state.not_found_title), "")
        },
        UiError::SignIn | UiError::WrongCredentials => Problem {
            needs_sign_in: true,
            ..told(
                Glyph::Lock,
                td_string!(locale, state.sign_in_title),
                td_string!(locale, state.sign_in_text),
            )
        },
        UiError::Forbidden => told(
            Glyph::Lock,
            td_string!(locale, state.forbidden_title),
            td_string!(locale, state.forbidden_text),
        ),
        UiError::RateLimited { retry_after_secs } => Problem {
            text: td_string!(locale, state.limited_text, count = *retry_after_secs),
            ..told(Glyph::Alert, td_string!(locale, state.limited_title), "")
        },
        UiError::Unavailable => {
            told(Glyph::Alert, td_string!(locale, state.busy_title), td_string!(locale, state.busy_text))
        }
        UiError::Internal { request_id } => Problem {
            request_id: Some(request_id.clone()),
            ..told(
                Glyph::Alert,
                td_string!(locale, state.internal_title),
                td_string!(locale, state.internal_text),
            )
        },
        UiError::ReadOnly => told(
            Glyph::Alert,
            td_string!(locale, state.refused_title),
            td_string!(locale, state.read_only_text),
        ),
        UiError::Conflict => told(
            Glyph::Alert,
            td_string!(locale, state.refused_title),
            td_string!(locale, state.conflict_text),
        ),
        UiError::Invalid { .. }
        | UiError::Quota
        | UiError::Policy
        | UiError::Precondition
        | UiError::TooLarge
        | UiError::Unsupported => told(
            Glyph::Alert,
            td_string!(locale, state.refused_title),
            td_string!(locale, state.refused_text),
        ),
    }
}

/// One sentence about an error, for a form or a note.
pub fn sentence(locale: Locale, error: &AppError) -> String {
    let problem = problem(locale, error);
    match problem.request_id {
        Some(id) => td_string!(locale, state.internal_sentence, id = id.as_str()),
        None => problem.text,
    }
}
