//! What a page shows instead of its data when there is none to show.

use crate::{
    components::{icon::Glyph, page_title::PageTitle, state_panel::StatePanel},
    error::AppError,
    format,
    i18n::{Locale, t, td_string, use_i18n},
};
use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_location};
use types::ui_error::UiError;

/// What happened, what to do, and a way on.
#[component]
pub fn Problem(
    /// Why there is no data.
    error: AppError,
) -> impl IntoView {
    let i18n = use_i18n();
    let message = StoredValue::new(Message::of(&error));
    let title = Signal::derive(move || message.with_value(|message| message.title(i18n.get_locale())));
    let text = Signal::derive(move || message.with_value(|message| message.text(i18n.get_locale())));
    view! {
        <PageTitle text=title />
        <StatePanel glyph=message.with_value(Message::glyph) is_whole_page=true title=title text=text>
            <WayOn is_sign_in=message.with_value(|message| *message == Message::SignIn) />
        </StatePanel>
        {message.with_value(Message::request_id).map(|id| view! { <code class="c-code">{id}</code> })}
    }
    .into_any()
}

#[component]
fn WayOn(
    /// Whether signing in helps.
    is_sign_in: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let location = use_location();
    if is_sign_in {
        let href = move || format!("/sign-in?next={}", format::encode(&location.pathname.get()));
        view! {
            <A href=href attr:class="c-button c-button--primary">
                {t!(i18n, shell.sign_in)}
            </A>
        }
        .into_any()
    } else {
        view! {
            <A href="/projects" attr:class="c-button">
                {t!(i18n, state.to_projects)}
            </A>
        }
        .into_any()
    }
}

/// What there is to say about an error.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Message {
    Missing(String),
    SignIn,
    Forbidden,
    Refused,
    Limited(u64),
    Busy,
    Unreachable,
    Internal(String),
}

impl Message {
    fn of(error: &AppError) -> Self {
        match error {
            AppError::Unreachable => Self::Unreachable,
            AppError::Answered(error) => match error {
                UiError::NotFound { name, .. } => Self::Missing(name.clone()),
                UiError::SignIn | UiError::WrongCredentials => Self::SignIn,
                UiError::Forbidden => Self::Forbidden,
                UiError::RateLimited { retry_after_secs } => Self::Limited(*retry_after_secs),
                UiError::Unavailable => Self::Busy,
                UiError::Internal { request_id } => Self::Internal(request_id.clone()),
                UiError::Invalid { .. }
                | UiError::Conflict
                | UiError::Quota
                | UiError::ReadOnly
                | UiError::Policy
                | UiError::Precondition
                | UiError::TooLarge
                | UiError::Unsupported => Self::Refused,
            },
        }
    }

    fn glyph(&self) -> Glyph {
        match self {
            Self::Missing(_) => Glyph::Question,
            Self::SignIn | Self::Forbidden => Glyph::Lock,
            Self::Refused | Self::Limited(_) | Self::Busy | Self::Unreachable | Self::Internal(_) => {
                Glyph::Alert
            }
        }
    }

    fn title(&self, locale: Locale) -> String {
        match self {
            Self::Missing(_) => td_string!(locale, state.not_found_title),
            Self::SignIn => td_string!(locale, state.sign_in_title),
            Self::Forbidden => td_string!(locale, state.forbidden_title),
            Self::Refused => td_string!(locale, state.refused_title),
            Self::Limited(_) => td_string!(locale, state.limited_title),
            Self::Busy => td_string!(locale, state.busy_title),
            Self::Unreachable => td_string!(locale, state.unreachable_title),
            Self::Internal(_) => td_string!(locale, state.internal_title),
        }
        .to_owned()
    }

    fn text(&self, locale: Locale) -> String {
        match self {
            Self::Missing(name) => td_string!(locale, state.thing_missing_text, name = name.as_str()),
            Self::Limited(seconds) => td_string!(locale, state.limited_text, count = *seconds),
            Self::SignIn => td_string!(locale, state.sign_in_text).to_owned(),
            Self::Forbidden => td_string!(locale, state.forbidden_text).to_owned(),
            Self::Refused => td_string!(locale, state.refused_text).to_owned(),
            Self::Busy => td_string!(locale, state.busy_text).to_owned(),
            Self::Unreachable => td_string!(locale, state.unreachable_text).to_owned(),
            Self::Internal(_) => td_string!(locale, state.internal_text).to_owned(),
        }
    }

    fn request_id(&self) -> Option<String> {
        match self {
            Self::Internal(id) => Some(id.clone()),
            _ => None,
        }
    }
}
