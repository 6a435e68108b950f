//! The answer of `/service/token`.
//!
//! Source: the distribution project, `docs/content/spec/auth/token.md` and `oauth.md`.

use std::fmt;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize, Serializer};

/// A token and how long it may be used. Its `Debug` form hides the tokens.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenResponse {
    /// The bearer token, for clients of the token specification.
    pub token: String,
    /// The same token, for clients of the OAuth 2 form.
    pub access_token: String,
    /// For how many seconds from `issued_at` on the token is good.
    pub expires_in: u64,
    /// When the token was made.
    #[serde(serialize_with = "whole_seconds")]
    pub issued_at: DateTime<Utc>,
    /// A token to get further tokens with; left out unless it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
}

fn whole_seconds<S: Serializer>(time: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&time.to_rfc3339_opts(SecondsFormat::Secs, true))
}

impl fmt::Debug for TokenResponse {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("TokenResponse")
            .field("expires_in", &self.expires_in)
            .field("issued_at", &self.issued_at)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer() -> TokenResponse {
        TokenResponse {
            token: "abc.def".to_owned(),
            access_token: "abc.def".to_owned(),
            expires_in: 1800,
            issued_at: "2026-11-24T03:50:45.123Z".parse().unwrap(),
            refresh_token: None,
        }
    }

    #[test]
    fn the_answer_has_the_names_clients_look_for() {
        assert_eq!(
            serde_json::to_string(&answer()).unwrap(),
            r#"{"token":"abc.def","access_token":"abc.def","expires_in":1800,"issued_at":"2026-11-24T03:50:45Z"}"#
        );
    }

    #[test]
    fn tokens_do_not_show_in_debug_output() {
        assert!(!format!("{:?}", answer()).contains("abc"));
    }
}
