//! What people do about their own account: make it, and choose how things look.

use db::query::user::{self, User};
use futures::FutureExt;
use types::{harbor, preference::UserPreferences, validate};

use super::Users;
use crate::{Error, OpCtx, core::Core, journal::Origin};

impl Users {
    /// Makes an account for whoever asks, while the settings allow it, and returns its id. Rights in the request are
    /// ignored.
    ///
    /// A taken name and a taken address are told alike, and after the time that a new account takes. Errors: `Forbidden`
    /// while it is not allowed, `Invalid` and `InvalidName` with the rule that a value breaks, `RateLimited` after many
    /// from one address, `AlreadyExists`.
    pub async fn register(&self, cx: &OpCtx, new: harbor::UserCreationReq) -> Result<i64, Error> {
        if !self.core.settings().await?.self_registration {
            return Err(Error::Forbidden("people can't make an account for themselves here".to_owned()));
        }
        let checked = super::check(new)?;
        self.authn.count_registration(cx)?;
        let origin = Origin::from(cx).named(checked.username.as_str());
        self.insert(origin, checked, cx.now_ms()).await
    }

    /// What the user who asks chose; nothing for nobody. It is looked up for a page, not for every request of a client.
    pub async fn preferences(&self, cx: &OpCtx) -> Result<UserPreferences, Error> {
        let Some(id) = cx.user_id() else { return Ok(UserPreferences::default()) };
        Ok(self.core.user(id).await?.as_deref().map(preferences).unwrap_or_default())
    }

    /// Chooses for the user who asks; what is `None` stays as it is.
    ///
    /// It leaves no row in the audit log: it changes nobody's data and nobody's rights, only how one sees them.
    /// Errors: `Invalid` when the language is no tag of one.
    pub async fn update_preferences(&self, cx: &OpCtx, new: UserPreferences) -> Result<(), Error> {
        let id = cx.user_id().ok_or_else(Error::anonymous)?;
        Core::require_writer(cx)?;
        new.locale
            .as_deref()
            .map_or(Ok(()), validate::locale)
            .map_err(|error| super::invalid("locale", error))?;
        let theme = new.theme.map(|theme| theme.as_str().to_owned());
        let client = new.client.map(|client| client.as_str().to_owned());
        let chosen = (new.locale, theme, client);
        self.core
            .write_rights(move |tx| async move { Ok(user::set_preferences(tx, id, chosen).await?) }.boxed())
            .await
    }
}

/// What a stored user chose; a value of another version counts as never chosen.
fn preferences(user: &User) -> UserPreferences {
    UserPreferences {
        locale: user.locale.clone().filter(|locale| validate::locale(locale).is_ok()),
        theme: user.theme.as_deref().and_then(|theme| theme.parse().ok()),
        client: user.client.as_deref().and_then(|client| client.parse().ok()),
    }
}
