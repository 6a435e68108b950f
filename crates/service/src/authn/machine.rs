//! Programs that sign in, by Basic credentials: as a robot, with an access token, or as a user.

use std::sync::Arc;

use types::secret::Secret;

use super::{Authn, tag};
use crate::{
    Denial, Error, OpCtx, RobotIdentity, TokenIdentity, access_token, journal::Act, robot::KnownRobot,
    secrets, token::Holder, uses::Used,
};

/// What the failures of somebody's access tokens are counted for, apart from those of the password: a token that is right
/// does not wipe out guesses of the password. No user name has this character.
const TOKENS_OF: char = '$';

impl Authn {
    /// Who a program signs in as. The portal's own form does not take robots and access tokens.
    ///
    /// Errors: as of [`Authn::password`], and `Unauthenticated(Inactive)` where the secret is right, but was disabled or
    /// its time is over.
    pub async fn client(&self, cx: &OpCtx, name: &str, secret: &Secret<String>) -> Result<Holder, Error> {
        if access_token::is_one(secret.expose()) {
            return self.access_token(cx, name, secret).await.map(Holder::AccessToken);
        }
        if let Some(robot) = self.core.robot_named(name).await? {
            return self.robot(cx, &robot, secret).await.map(Holder::Robot);
        }
        self.password(cx, name, secret).await.map(Holder::User)
    }

    /// The name must be the owner's: a token that got lost says nothing about whose it is.
    async fn access_token(
        &self,
        cx: &OpCtx,
        name: &str,
        secret: &Secret<String>,
    ) -> Result<TokenIdentity, Error> {
        let found = self.core.access_token_by_hash(&secrets::hash(secret.expose())).await?;
        let user = self.core.login(name).await?;
        let found = found.filter(|token| user.is_some_and(|user| user.id == token.identity.user.id));
        let Some(token) = found else {
            let turn = self.inner.limiter.turn(&format!("{TOKENS_OF}{name}"), cx.remote, cx.now_ms()).await;
            turn.check()?;
            turn.failed();
            return Err(self.refuse(cx, name, act("access-token", name)).await);
        };
        if !token.is_active(cx.now_ms()) {
            return Err(inactive());
        }
        self.core.uses.note(Used::AccessToken(token.identity.id), cx.now_ms());
        Ok(token.identity.clone())
    }

    async fn robot(
        &self,
        cx: &OpCtx,
        robot: &KnownRobot,
        secret: &Secret<String>,
    ) -> Result<Arc<RobotIdentity>, Error> {
        let name = robot.identity.name.as_str();
        if !self.is_secret_of(cx, robot, secret).await? {
            return Err(self.refuse(cx, name, act("robot", name)).await);
        }
        if !robot.is_active(cx.now_ms()) {
            return Err(inactive());
        }
        self.core.uses.note(Used::Robot(robot.identity.id), cx.now_ms());
        Ok(Arc::clone(&robot.identity))
    }

    /// A secret that was made here is compared at once, and never limited when it is right: it can't be guessed. One that
    /// somebody chose is treated as a password. A wrong one takes as long as a wrong password, so that nobody learns
    /// which robots there are.
    async fn is_secret_of(
        &self,
        cx: &OpCtx,
        robot: &KnownRobot,
        secret: &Secret<String>,
    ) -> Result<bool, Error> {
        if secrets::has_hash(secret.expose(), &robot.secret_hash) {
            return Ok(true);
        }
        let RobotIdentity { id, name, secret_version, .. } = &*robot.identity;
        let tag = tag(&self.inner.remember_key, (b"robot", *id, *secret_version), secret, cx.remote);
        if self.is_remembered(Some(&tag)) {
            return Ok(true);
        }
        let turn = self.inner.limiter.turn(name, cx.remote, cx.now_ms()).await;
        turn.check()?;
        let chosen = Some(&robot.secret_hash).filter(|hash| hash.starts_with('$'));
        let stored = chosen.unwrap_or(&self.inner.decoy).clone();
        let is_right = self.is_remembered(Some(&tag))
            || (self.core.passwords.verify(secret.clone(), stored).await? && chosen.is_some());
        if is_right {
            self.inner.remembered.insert(tag, ());
            turn.succeeded();
        } else {
            turn.failed();
        }
        Ok(is_right)
    }

    async fn refuse(&self, cx: &OpCtx, name: &str, act: Act) -> Error {
        self.record_failure(cx, name, act).await;
        Error::Unauthenticated { denial: Denial::BadCredentials, scopes: Vec::new() }
    }
}

fn act(resource_type: &'static str, name: &str) -> Act {
    Act { operation: "login", resource_type, resource: name.to_owned(), project_id: None }
}

fn inactive() -> Error {
    Error::Unauthenticated { denial: Denial::Inactive, scopes: Vec::new() }
}
