//! Why a password stays as it is.

use crate::{
    error::AppError,
    i18n::{Locale, td_string},
    view::PasswordOutcome,
};
use leptos_router::params::ParamsMap;

const WRONG: &str = "wrong";
const SAME: &str = "same";
const INVALID: &str = "invalid";
/// The value of `problem` for too many attempts; `retry` has the seconds.
const LIMITED: &str = "limited";

/// Why the old password still holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It was not given right.
    WrongOld,
    /// The new one is no other.
    Same,
    /// The new one breaks a rule.
    Invalid,
    /// Too many attempts; seconds to wait.
    Limited(u64),
    /// The server failed.
    Failed,
}

impl Refusal {
    /// The refusal in an answer, if it is one.
    pub fn of_answer(answer: Result<PasswordOutcome, AppError>) -> Option<Self> {
        match answer {
            Ok(PasswordOutcome::Changed) => None,
            Ok(PasswordOutcome::WrongOld) => Some(Self::WrongOld),
            Ok(PasswordOutcome::Same) => Some(Self::Same),
            Ok(PasswordOutcome::Invalid) => Some(Self::Invalid),
            Ok(PasswordOutcome::RateLimited { retry_after_secs }) => Some(Self::Limited(retry_after_secs)),
            Err(_) => Some(Self::Failed),
        }
    }

    /// The refusal in the address of the page, where a form without scripting comes back to.
    pub fn of_query(query: &ParamsMap) -> Option<Self> {
        match query.get_str("problem")? {
            WRONG => Some(Self::WrongOld),
            SAME => Some(Self::Same),
            INVALID => Some(Self::Invalid),
            LIMITED => query.get_str("retry").and_then(|retry| retry.parse().ok()).map(Self::Limited),
            _ => None,
        }
    }

    /// The sentence above the form.
    pub fn text(self, locale: Locale) -> String {
        let text = match self {
            Self::WrongOld => td_string!(locale, account.wrong_old),
            Self::Same => td_string!(locale, account.same_password),
            Self::Invalid => td_string!(locale, account.weak_password),
            Self::Limited(seconds) => return td_string!(locale, sign_in.limited, count = seconds),
            Self::Failed => td_string!(locale, account.failed),
        };
        text.to_owned()
    }
}

/// Where a browser without scripting goes after `outcome`.
#[cfg(feature = "ssr")]
pub fn address_after(outcome: PasswordOutcome) -> String {
    let (problem, retry) = match outcome {
        PasswordOutcome::Changed => ("", String::new()),
        PasswordOutcome::WrongOld => (WRONG, String::new()),
        PasswordOutcome::Same => (SAME, String::new()),
        PasswordOutcome::Invalid => (INVALID, String::new()),
        PasswordOutcome::RateLimited { retry_after_secs } => (LIMITED, retry_after_secs.to_string()),
    };
    crate::link::with_query(crate::link::ACCOUNT, &[("problem", problem), ("retry", &retry)])
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_why_it_came_back() {
        for (outcome, address) in [
            (PasswordOutcome::Changed, "/account"),
            (PasswordOutcome::WrongOld, "/account?problem=wrong"),
            (PasswordOutcome::Same, "/account?problem=same"),
            (PasswordOutcome::Invalid, "/account?problem=invalid"),
            (PasswordOutcome::RateLimited { retry_after_secs: 7 }, "/account?problem=limited&retry=7"),
        ] {
            assert_eq!(address_after(outcome), address);
            let mut query = ParamsMap::new();
            for pair in address.split_once('?').map_or("", |(_, query)| query).split('&') {
                if let Some((key, value)) = pair.split_once('=') {
                    query.insert(key.to_owned(), value.to_owned());
                }
            }
            assert_eq!(Refusal::of_query(&query), Refusal::of_answer(Ok(outcome)), "{address}");
        }
    }
}
