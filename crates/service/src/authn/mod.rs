//! Who signs in: one authenticator, with one limiter and one cache, for every way in.

pub(crate) mod hash;
mod limiter;
mod machine;
mod registrations;

use std::{net::IpAddr, sync::Arc, time::Duration};

use aws_lc_rs::hmac;
use db::query::user::User;
use futures::FutureExt;
use moka::sync::Cache;
use types::{name::UserName, secret::Secret};

use self::{limiter::Limiter, registrations::Registrations};
use crate::{
    Denial, Error, OpCtx, UserIdentity,
    core::Core,
    figures::SignIn,
    journal::{Act, Origin},
};

/// How long a password that was right is not hashed again.
const REMEMBER: Duration = Duration::from_mins(5);

/// Who signs in.
#[derive(Clone)]
pub struct Authn {
    core: Arc<Core>,
    inner: Arc<Inner>,
}

struct Inner {
    limiter: Limiter,
    registrations: Registrations,
    /// Tags of passwords that were right: never the password, never its hash.
    remembered: Cache<[u8; 32], ()>,
    remember_key: hmac::Key,
    /// What the password of an unknown user is checked against, so that it takes the same time.
    decoy: String,
}

/// A user whose password was right.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who.
    pub identity: UserIdentity,
    /// The version of the credentials; what is made of this sign-in ends when it changes.
    pub credential_version: i32,
}

impl Authn {
    pub(crate) fn new(core: Arc<Core>) -> Result<Self, Error> {
        let auth = core.options.auth;
        let mut key = [0_u8; 32];
        aws_lc_rs::rand::fill(&mut key).map_err(Error::internal)?;
        let inner = Inner {
            limiter: Limiter::new(auth.free_failures, auth.failures_per_address),
            registrations: Registrations::new(),
            remembered: Cache::builder().max_capacity(100_000).time_to_live(REMEMBER).build(),
            remember_key: hmac::Key::new(hmac::HMAC_SHA256, &key),
            decoy: hash::decoy(auth)?,
        };
        Ok(Self { core, inner: Arc::new(inner) })
    }

    /// The user with this name (or address) and password, asked for from `cx.remote`.
    ///
    /// A password that was right a short while ago from there is not hashed again and never limited. Errors: `Unauthenticated`
    /// alike for an unknown name and a wrong password, `RateLimited`, `Unavailable` when too many wait.
    pub async fn password(
        &self,
        cx: &OpCtx,
        name: &str,
        password: &Secret<String>,
    ) -> Result<SignedIn, Error> {
        if let Some(signed_in) = self.attempt(cx, name, password).await? {
            return Ok(signed_in);
        }
        self.record_failure(cx, name, login(name.to_owned())).await;
        Err(Error::Unauthenticated { denial: Denial::BadCredentials, scopes: Vec::new() })
    }

    /// Whether `password` is the one of `user`, who is signed in and shows it again; guesses are counted with those of
    /// sign-ins, and a wrong one leaves a row of `act` in the audit log. Errors: as of [`Authn::password`].
    pub(crate) async fn confirm(
        &self,
        cx: &OpCtx,
        user: &User,
        password: &Secret<String>,
        act: Act,
    ) -> Result<bool, Error> {
        let is_right = self.attempt(cx, &user.username, password).await?.is_some();
        if !is_right {
            self.record_failure(cx, &user.username, act).await;
        }
        Ok(is_right)
    }

    /// Counts an account that someone makes for themselves. Errors: `RateLimited`.
    pub(crate) fn count_registration(&self, cx: &OpCtx) -> Result<(), Error> {
        self.inner.registrations.count(cx.remote, cx.now_ms())
    }

    /// Tries a name and a password, and counts how that went; nobody when they are wrong.
    async fn attempt(
        &self,
        cx: &OpCtx,
        name: &str,
        password: &Secret<String>,
    ) -> Result<Option<SignedIn>, Error> {
        let tried = self.compare(cx, name, password).await;
        self.core.counters.sign_in(match &tried {
            Ok(Some(_)) => SignIn::Succeeded,
            Ok(None) => SignIn::Refused,
            Err(Error::RateLimited { .. }) => SignIn::Limited,
            Err(_) => SignIn::Failed,
        });
        tried
    }

    async fn compare(
        &self,
        cx: &OpCtx,
        name: &str,
        password: &Secret<String>,
    ) -> Result<Option<SignedIn>, Error> {
        let user = self.core.login(name).await?;
        let tag = user.as_deref().map(|user| {
            tag(&self.inner.remember_key, (b"user", user.id, user.credential_version), password, cx.remote)
        });
        if let (Some(user), true) = (user.as_deref(), self.is_remembered(tag.as_ref())) {
            return signed_in(user).map(Some);
        }
        let turn = self.inner.limiter.turn(name, cx.remote, cx.now_ms()).await;
        turn.check()?;
        let is_right = self.is_remembered(tag.as_ref()) || self.verify(user.as_deref(), password).await?;
        match (user, tag) {
            (Some(user), Some(tag)) if is_right => {
                self.inner.remembered.insert(tag, ());
                turn.succeeded();
                signed_in(&user).map(Some)
            }
            _ => {
                turn.failed();
                Ok(None)
            }
        }
    }

    fn is_remembered(&self, tag: Option<&[u8; 32]>) -> bool {
        tag.is_some_and(|tag| self.inner.remembered.contains_key(tag))
    }

    /// Signs a browser in: as [`Authn::password`], with a row in the audit log.
    pub async fn sign_in(
        &self,
        cx: &OpCtx,
        name: &str,
        password: &Secret<String>,
    ) -> Result<SignedIn, Error> {
        let signed_in = self.password(cx, name, password).await?;
        let actor = signed_in.identity.name.to_string();
        let origin = Origin::from(cx).named(&actor);
        self.core
            .db
            .write(move |tx| async move { origin.audit(tx, login(actor), true).await }.boxed())
            .await?;
        Ok(signed_in)
    }

    /// The user with this id, with the rights of this moment; nobody when the account is gone or its credentials are
    /// not of this version any more.
    pub async fn identity(&self, id: i64, credential_version: i32) -> Result<Option<UserIdentity>, Error> {
        let user = self.core.user(id).await?;
        match user.filter(|user| user.credential_version == credential_version) {
            Some(user) => Ok(Some(signed_in(&user)?.identity)),
            None => Ok(None),
        }
    }

    async fn verify(&self, user: Option<&User>, password: &Secret<String>) -> Result<bool, Error> {
        let stored = user.and_then(|user| user.password_hash.clone());
        let is_known = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.inner.decoy.clone());
        Ok(self.core.passwords.verify(password.clone(), stored).await? && is_known)
    }

    async fn record_failure(&self, cx: &OpCtx, name: &str, act: Act) {
        tracing::info!(user.name = name, client.ip = %cx.remote, "Refused a wrong name or password");
        let origin = Origin::from(cx).named(name);
        let written: Result<(), Error> =
            self.core.db.write(move |tx| async move { origin.audit(tx, act, false).await }.boxed()).await;
        if let Err(error) = written {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "Could not write the audit row of a wrong password"
            );
        }
    }
}

/// What a secret that was right is remembered by, for one version of the credentials of one account of a kind.
///
/// The address is a part of it: a guesser elsewhere, who has to wait, is not told a right guess from a wrong one because
/// the owner is at work.
fn tag(
    key: &hmac::Key,
    (kind, id, version): (&[u8], i64, i32),
    secret: &Secret<String>,
    remote: IpAddr,
) -> [u8; 32] {
    let mut context = hmac::Context::with_key(key);
    context.update(kind);
    context.update(&id.to_le_bytes());
    context.update(&version.to_le_bytes());
    context.update(&network_bytes(remote));
    context.update(secret.expose().as_bytes());
    let mut tag = [0; 32];
    tag.copy_from_slice(context.sign().as_ref());
    tag
}

fn login(name: String) -> Act {
    Act { operation: "login", resource_type: "user", resource: name, project_id: None }
}

fn signed_in(user: &User) -> Result<SignedIn, Error> {
    Ok(SignedIn { identity: identity_of(user)?, credential_version: user.credential_version })
}

/// Who a stored user is.
pub(crate) fn identity_of(user: &User) -> Result<UserIdentity, Error> {
    let name: UserName =
        user.username.parse().map_err(|_| Error::internal(db::Error::Damaged("users.username")))?;
    Ok(UserIdentity { id: user.id, name, is_admin: user.is_admin })
}

/// The address that failures are counted for.
pub(crate) fn address_key(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(six) => six.to_ipv4_mapped().map_or(IpAddr::V6(network_of(six)), IpAddr::V4),
        four @ IpAddr::V4(_) => four,
    }
}

/// The same as bytes of one length.
fn network_bytes(address: IpAddr) -> [u8; 16] {
    match address_key(address) {
        IpAddr::V4(four) => four.to_ipv6_mapped().octets(),
        IpAddr::V6(six) => six.octets(),
    }
}

/// The /64 that one customer usually has, so that its addresses count as one.
fn network_of(address: std::net::Ipv6Addr) -> std::net::Ipv6Addr {
    std::net::Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64))
}
