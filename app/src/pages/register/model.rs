//! Why an account was not made, and where making one leads.

use crate::{
    error::AppError,
    i18n::{Locale, td_string},
    view::RegisterOutcome,
};
use leptos_router::params::ParamsMap;

const TAKEN: &str = "taken";
const INVALID: &str = "invalid";
const OFF: &str = "off";
/// The value of `problem` for too many attempts; `retry` has the seconds.
const LIMITED: &str = "limited";

/// Why there is no account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Somebody has the name or the address; which of them is not told.
    Taken,
    /// A value breaks its rule.
    Invalid,
    /// People do not make accounts for themselves here.
    Off,
    /// Too many attempts; seconds to wait.
    Limited(u64),
    /// The server failed.
    Failed,
}

impl Refusal {
    /// The refusal in an answer, if it is one.
    pub fn of_answer(answer: Result<RegisterOutcome, AppError>) -> Option<Self> {
        match answer {
            Ok(RegisterOutcome::Registered) => None,
            Ok(RegisterOutcome::Taken) => Some(Self::Taken),
            Ok(RegisterOutcome::Invalid) => Some(Self::Invalid),
            Ok(RegisterOutcome::Off) => Some(Self::Off),
            Ok(RegisterOutcome::RateLimited { retry_after_secs }) => Some(Self::Limited(retry_after_secs)),
            Err(_) => Some(Self::Failed),
        }
    }

    /// The refusal in the address of the page, where a form without scripting comes back to.
    pub fn of_query(query: &ParamsMap) -> Option<Self> {
        match query.get_str("problem")? {
            TAKEN => Some(Self::Taken),
            INVALID => Some(Self::Invalid),
            OFF => Some(Self::Off),
            LIMITED => query.get_str("retry").and_then(|retry| retry.parse().ok()).map(Self::Limited),
            _ => None,
        }
    }

    /// The sentence under the form's heading.
    pub fn text(self, locale: Locale) -> String {
        let text = match self {
            Self::Taken => td_string!(locale, register.taken),
            Self::Invalid => td_string!(locale, register.invalid),
            Self::Off => td_string!(locale, register.closed_text),
            Self::Limited(seconds) => return td_string!(locale, register.limited, count = seconds),
            Self::Failed => td_string!(locale, register.failed),
        };
        text.to_owned()
    }
}

/// Where a browser goes after `outcome`; the form itself without scripting.
#[cfg(feature = "ssr")]
pub fn address_after(outcome: RegisterOutcome) -> String {
    let problem = match outcome {
        RegisterOutcome::Registered => return crate::link::HOME.to_owned(),
        RegisterOutcome::Taken => TAKEN,
        RegisterOutcome::Invalid => INVALID,
        RegisterOutcome::Off => OFF,
        RegisterOutcome::RateLimited { .. } => LIMITED,
    };
    let retry = match outcome {
        RegisterOutcome::RateLimited { retry_after_secs } => retry_after_secs.to_string(),
        _ => String::new(),
    };
    crate::link::with_query(crate::link::REGISTER, &[("problem", problem), ("retry", &retry)])
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    fn query(address: &str) -> ParamsMap {
        let mut map = ParamsMap::new();
        for pair in address.split_once('?').map_or("", |(_, query)| query).split('&') {
            if let Some((key, value)) = pair.split_once('=') {
                map.insert(key.to_owned(), value.to_owned());
            }
        }
        map
    }

    #[test]
    fn an_address_says_why_it_came_back() {
        for outcome in [
            RegisterOutcome::Taken,
            RegisterOutcome::Invalid,
            RegisterOutcome::Off,
            RegisterOutcome::RateLimited { retry_after_secs: 7 },
        ] {
            let refusal = Refusal::of_query(&query(&address_after(outcome)));
            assert!(refusal.is_some() && refusal == Refusal::of_answer(Ok(outcome)), "{outcome:?}");
        }
    }

    #[test]
    fn an_account_leads_home() {
        assert_eq!(address_after(RegisterOutcome::Registered), "/");
        assert_eq!(Refusal::of_answer(Ok(RegisterOutcome::Registered)), None);
        assert_eq!(Refusal::of_query(&query("/register?problem=%3Cb%3E")), None);
    }
}
