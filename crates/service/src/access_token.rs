//! Access tokens: what programs of a user sign in with in place of the password, each with a name, an end of its own and
//! all the rights of its owner, or only those that change nothing.
//!
//! ```text
//!  berth_pat_ │ 43 random letters and digits (256 bits) │ 6 of a checksum
//! ```
//! Prefix and checksum let a scanner tell a lost token from any other text without asking, and a mistyped one be refused
//! without a look into the database. A new password leaves them as they are: each ends by itself, or when its owner
//! revokes it. Harbor has none; its users of OpenID Connect have one secret without a name or an end.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use db::query::access_token::{self, AccessToken, NewAccessToken};
use futures::FutureExt;
pub use types::view::{AccessTokenView, NewToken};
use types::{secret::Secret, validate};

use crate::{
    Error, Kind, OpCtx,
    artifact::time,
    core::Core,
    journal::{Act, Origin},
    secrets::{self, ALPHABET, SECRET_LENGTH},
    uses::Used,
};

/// What every token begins with.
pub const PREFIX: &str = "berth_pat_";
const CHECKSUM_LENGTH: usize = 6;
/// The most tokens that one user has.
const MOST: usize = 100;
/// The longest life of a token that ends, in days.
const MAX_DAYS: u32 = 3650;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Access tokens.
#[derive(Clone)]
pub struct AccessTokens {
    pub(crate) core: Arc<Core>,
}

impl AccessTokens {
    /// The tokens of the user who asks, newest first; never their secrets.
    pub async fn list(&self, cx: &OpCtx) -> Result<Vec<AccessTokenView>, Error> {
        let id = cx.user_id().ok_or_else(Error::anonymous)?;
        let rows = access_token::of_user(&self.core.db, id).await?;
        Ok(rows.into_iter().map(|row| self.show(row, cx.now)).collect())
    }

    /// Makes a token for the user who asks, and returns its secret, which is told once.
    ///
    /// A program can't: whoever got hold of a token could live on by it. Errors: `Forbidden` then, `Invalid` with the rule
    /// that a value breaks, `AlreadyExists`, `Precondition` when there are too many.
    pub async fn create(&self, cx: &OpCtx, new: NewToken) -> Result<Secret<String>, Error> {
        let user_id = Core::require_person(cx)?;
        validate::token_name(&new.name)
            .map_err(|error| Error::Invalid { field: "name", reason: error.to_string() })?;
        let expires_at = new.days.map(|days| end(days, cx.now_ms())).transpose()?;
        if access_token::of_user(&self.core.db, user_id).await?.len() >= MOST {
            return Err(Error::Precondition(format!("you have {MOST} access tokens: revoke one first")));
        }
        let secret = random()?;
        let row = NewAccessToken {
            user_id,
            name: new.name.clone(),
            secret_hash: secrets::hash(secret.expose()),
            is_read_only: new.is_read_only,
            expires_at,
            now: cx.now_ms(),
        };
        let (origin, act) = (Origin::from(cx), act("create", cx, &new.name));
        self.core
            .write_rights(move |tx| {
                async move {
                    access_token::insert(tx, row).await.map_err(|error| match error {
                        db::Error::AlreadyExists(_) => {
                            Error::AlreadyExists("an access token of this name".to_owned())
                        }
                        error => error.into(),
                    })?;
                    origin.audit(tx, act, true).await
                }
                .boxed()
            })
            .await?;
        Ok(secret)
    }

    /// Ends a token of the user who asks; what was made of it ends with the answer. Errors: `NotFound`.
    pub async fn delete(&self, cx: &OpCtx, id: i64) -> Result<(), Error> {
        let user_id = Core::require_person(cx)?;
        let missing = move || Error::NotFound(Kind::AccessToken, id.to_string());
        let row = access_token::find(&self.core.db, id).await?.filter(|row| row.user_id == user_id);
        let (origin, act) = (Origin::from(cx), act("delete", cx, &row.ok_or_else(missing)?.name));
        self.core
            .write_rights(move |tx| {
                async move {
                    if !access_token::delete(tx, id).await? {
                        return Err(missing());
                    }
                    origin.audit(tx, act, true).await
                }
                .boxed()
            })
            .await
    }

    fn show(&self, row: AccessToken, now: DateTime<Utc>) -> AccessTokenView {
        AccessTokenView {
            id: row.id,
            name: row.name,
            is_read_only: row.is_read_only,
            is_expired: row.expires_at.is_some_and(|end| end <= now.timestamp_millis()),
            expires_at: row.expires_at.map(time),
            created_at: time(row.created_at),
            last_used_at: self.core.uses.last(Used::AccessToken(row.id), row.last_used_at).map(time),
        }
    }
}

fn end(days: u32, now: i64) -> Result<i64, Error> {
    match days {
        1..=MAX_DAYS => Ok(now.saturating_add(i64::from(days) * DAY_MS)),
        _ => Err(Error::Invalid { field: "days", reason: format!("it must be 1 to {MAX_DAYS}") }),
    }
}

fn act(operation: &'static str, cx: &OpCtx, name: &str) -> Act {
    let resource = format!("{}/{name}", cx.actor());
    Act { operation, resource_type: "access-token", resource, project_id: None }
}

fn random() -> Result<Secret<String>, Error> {
    let body = secrets::random_text(SECRET_LENGTH)?;
    Ok(Secret::new(format!("{PREFIX}{body}{}", checksum(&body))))
}

/// Whether a text has the form of a token, with the right checksum.
pub(crate) fn is_one(text: &str) -> bool {
    let Some(body) = text.strip_prefix(PREFIX) else { return false };
    if !body.is_ascii() || body.len() != SECRET_LENGTH + CHECKSUM_LENGTH {
        return false;
    }
    let (body, stated) = body.split_at(SECRET_LENGTH);
    checksum(body) == stated
}

/// The CRC-32 (of IEEE 802.3) in base 62, with zeros in front.
fn checksum(body: &str) -> String {
    let mut rest = u64::from(crc32fast::hash(body.as_bytes()));
    let mut digits = [char::from(ALPHABET[0]); CHECKSUM_LENGTH];
    for digit in digits.iter_mut().rev() {
        let value = usize::try_from(rest % 62).unwrap_or_default();
        *digit = ALPHABET.get(value).copied().map_or(*digit, char::from);
        rest /= 62;
    }
    digits.iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_known_by_its_form() {
        let token = random().unwrap().into_exposed();
        assert!(token.starts_with("berth_pat_"));
        assert_eq!(token.len(), 59);
        assert!(is_one(&token));
        let mut mistyped = token.clone().into_bytes();
        mistyped[20] = if mistyped[20] == b'a' { b'b' } else { b'a' };
        assert!(!is_one(&String::from_utf8(mistyped).unwrap()));
        for other in ["", "berth_pat_", &token[1..], &format!("{token}0"), "berth_pat_é", "Harbour-12345"] {
            assert!(!is_one(other), "{other}");
        }
    }

    #[test]
    fn the_checksum_is_the_one_that_scanners_compute() {
        // CRC-32 of "123456789" is cbf43926, which is 3 45 35 27 22 14 in base 62
        assert_eq!(checksum("123456789"), "3jZRME");
        assert_eq!(checksum("123456789").len(), CHECKSUM_LENGTH);
    }
}
