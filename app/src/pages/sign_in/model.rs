//! Why signing in was refused, and where it leads.

use crate::{
    error::AppError,
    i18n::{Locale, td_string},
    view::SignInOutcome,
};
use leptos_router::params::ParamsMap;

/// Where a visitor goes who did not come from anywhere.
const HOME: &str = crate::link::HOME;
/// The value of `problem` for a wrong name or password.
const WRONG: &str = "wrong";
/// The value of `problem` for too many attempts; `retry` has the seconds.
const LIMITED: &str = "limited";

/// Why the visitor is not signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No account has this name and this password.
    Wrong,
    /// Too many attempts; seconds to wait.
    Limited(u64),
    /// The server failed.
    Failed,
}

impl Refusal {
    /// The refusal in an answer, if it is one.
    pub fn of_answer(answer: Result<SignInOutcome, AppError>) -> Option<Self> {
        match answer {
            Ok(SignInOutcome::SignedIn) => None,
            Ok(SignInOutcome::WrongCredentials) => Some(Self::Wrong),
            Ok(SignInOutcome::RateLimited { retry_after_secs }) => Some(Self::Limited(retry_after_secs)),
            Err(_) => Some(Self::Failed),
        }
    }

    /// The refusal in the address of the page, where a form without scripting comes back to.
    pub fn of_query(query: &ParamsMap) -> Option<Self> {
        match query.get_str("problem") {
            Some(WRONG) => Some(Self::Wrong),
            Some(LIMITED) => query.get_str("retry").and_then(|retry| retry.parse().ok()).map(Self::Limited),
            // what a server function puts there when it fails altogether
            _ => query.get_str("__err").map(|_| Self::Failed),
        }
    }

    /// The sentence under the form's heading.
    pub fn text(self, locale: Locale) -> String {
        match self {
            Self::Wrong => td_string!(locale, sign_in.wrong).to_owned(),
            Self::Limited(seconds) => td_string!(locale, sign_in.limited, count = seconds),
            Self::Failed => td_string!(locale, sign_in.failed).to_owned(),
        }
    }
}

/// `next` when it is a path of this site, else home.
///
/// Browsers read a backslash as a slash and skip control characters, so `/\evil.example` would leave.
pub fn safe_path(next: &str) -> String {
    let leaves = next.starts_with("//") || next.chars().any(|c| c == '\\' || c.is_control());
    if next.starts_with('/') && !leaves { next.to_owned() } else { HOME.to_owned() }
}

/// The address of the form after `outcome`, for a browser without scripting.
#[cfg(feature = "ssr")]
pub fn address_after(outcome: &SignInOutcome, next: &str) -> String {
    let next_query = format!("next={}", crate::format::encode(next));
    match outcome {
        SignInOutcome::SignedIn => next.to_owned(),
        SignInOutcome::WrongCredentials => format!("/sign-in?problem={WRONG}&{next_query}"),
        SignInOutcome::RateLimited { retry_after_secs } => {
            format!("/sign-in?problem={LIMITED}&retry={retry_after_secs}&{next_query}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_site_are_followed() {
        for path in ["/", "/projects/library", "/projects?page=2"] {
            assert_eq!(safe_path(path), path);
        }
        for path in [
            "",
            "projects",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/\tx",
            "javascript:1",
        ] {
            assert_eq!(safe_path(path), HOME, "{path}");
        }
    }

    #[test]
    fn an_address_says_why_it_came_back() {
        let query = |text: &[(&str, &str)]| {
            let mut map = ParamsMap::new();
            for (key, value) in text {
                map.insert((*key).to_owned(), (*value).to_owned());
            }
            Refusal::of_query(&map)
        };
        assert_eq!(query(&[]), None);
        assert_eq!(query(&[("problem", "wrong")]), Some(Refusal::Wrong));
        assert_eq!(query(&[("problem", "limited"), ("retry", "7")]), Some(Refusal::Limited(7)));
        assert_eq!(query(&[("problem", "limited"), ("retry", "<b>")]), None);
        assert_eq!(query(&[("__err", "x")]), Some(Refusal::Failed));
    }
}
