//! Tokens of the registry protocol: what a caller may do, signed. The registry checks the signature *and* the present
//! rights, so a token never outlives a right.
//!
//! Source: the token specification of the distribution project; `harbor.md` §3 for the names; the differences (wrong
//! credentials are 401, asked-for actions only, refresh tokens by POST) are listed in `docs/differences.md`.

pub(crate) mod signer;

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use data_encoding::HEXLOWER;
use db::query::upload;
use moka::sync::Cache;
use sha2::{Digest as _, Sha256};
use types::{
    name::RepositoryName,
    scope::{Access, Scope},
};

use self::signer::{Claims, Purpose, Signer};
use crate::{
    Caller, Denial, Error, Grants, OpCtx, RobotIdentity, TokenIdentity,
    authn::{self, SignedIn},
    authz::{RegistryAction, challenge},
    core::Core,
    uses::Used,
};

/// The name of the registry in tokens, as in Harbor.
pub const SERVICE: &str = "harbor-registry";
/// The issuer of tokens, as in Harbor.
pub const ISSUER: &str = "harbor-token-issuer";
/// The clocks of two machines may differ by this, in seconds. Source: `harbor.md` §3.
const LEEWAY_SECS: i64 = 60;
/// A refresh token lives this long, in seconds, unless the password changes before.
const REFRESH_TTL_SECS: i64 = 90 * 24 * 3600;

/// Tokens of the registry protocol.
#[derive(Clone)]
pub struct Tokens {
    core: Arc<Core>,
    signer: Arc<Signer>,
    verified: Cache<[u8; 32], Arc<Claims>>,
}

/// Who a token is for.
#[derive(Clone, Debug)]
pub enum Holder {
    /// Nobody known; such a token pulls what is public.
    Anonymous,
    /// A user whose credentials were right.
    User(SignedIn),
    /// An access token of a user.
    AccessToken(TokenIdentity),
    /// A robot whose secret was right.
    Robot(Arc<RobotIdentity>),
}

impl From<Holder> for Caller {
    fn from(holder: Holder) -> Self {
        match holder {
            Holder::Anonymous => Self::Anonymous,
            Holder::User(user) => Self::User(user.identity),
            Holder::AccessToken(token) => Self::AccessToken(token),
            Holder::Robot(robot) => Self::Robot(robot),
        }
    }
}

/// A token with its times.
#[derive(Clone, Debug)]
pub struct Issued {
    /// The signed text.
    pub token: String,
    /// For how long, in seconds.
    pub expires_in: u64,
    /// From when.
    pub issued_at: DateTime<Utc>,
}

impl Tokens {
    pub(crate) fn new(core: Arc<Core>, signer: Signer) -> Self {
        let verified = Cache::builder().max_capacity(50_000).time_to_live(Duration::from_mins(5)).build();
        Self { core, signer: Arc::new(signer), verified }
    }

    /// Issues an access token for those of the asked actions that the holder may do; never an error for a lack of
    /// rights, the token just holds less. `*` means every action that the holder has there.
    pub async fn issue(&self, cx: &OpCtx, holder: &Holder, scopes: &[Scope]) -> Result<Issued, Error> {
        let cx = OpCtx { caller: holder.clone().into(), grants: None, ..cx.clone() };
        let mut access = Vec::with_capacity(scopes.len());
        for scope in scopes {
            let actions = self.allowed(&cx, scope).await?;
            access.push(Access { kind: scope.kind.clone(), name: scope.name.clone(), actions });
        }
        let ttl = i64::try_from(self.core.options.tokens.ttl_secs).unwrap_or(i64::MAX);
        let token = self.sign(&cx, holder, Purpose::Access, ttl, access)?;
        Ok(Issued { token, expires_in: self.core.options.tokens.ttl_secs, issued_at: cx.now })
    }

    /// Issues a refresh token: it stands for the secret of its holder, and ends with it.
    pub fn issue_refresh(&self, cx: &OpCtx, holder: &Holder) -> Result<String, Error> {
        self.sign(cx, holder, Purpose::Refresh, REFRESH_TTL_SECS, Vec::new())
    }

    /// Whom a refresh token stands for. Errors: `Unauthenticated(InvalidToken)`.
    pub async fn redeem(&self, cx: &OpCtx, token: &str) -> Result<Holder, Error> {
        let claims = self.verify(token, Purpose::Refresh, cx.now)?;
        match self.holder(&claims, cx.now).await? {
            Holder::Anonymous => Err(invalid()),
            holder => Ok(holder),
        }
    }

    /// Who shows a bearer token, with the rights of this moment, and what the token is good for.
    ///
    /// Errors: `Unauthenticated(InvalidToken)` for a token that is malformed, foreign, expired, not yet valid, or of an
    /// account that is gone or changed its password.
    pub async fn authenticate(&self, token: &str, now: DateTime<Utc>) -> Result<(Caller, Grants), Error> {
        let claims = self.verify(token, Purpose::Access, now)?;
        self.shown(&claims, now).await
    }

    /// As [`Tokens::authenticate`], for a request about the open upload of this id: there, a token also counts that
    /// expired while the upload was under way, so that a push may take longer than a token lives.
    ///
    /// It counts when it is the owner's and was good at the time the upload was opened. The right to push is decided
    /// by those of the moment, as ever.
    pub async fn authenticate_for_upload(
        &self,
        token: &str,
        now: DateTime<Utc>,
        (repository, id): (&RepositoryName, &str),
    ) -> Result<(Caller, Grants), Error> {
        let claims = self.genuine(token, Purpose::Access)?;
        if !claims.is_timely(now.timestamp()) {
            let row = upload::find(&self.core.db, id).await?;
            let opened_by =
                row.filter(|row| row.repository == repository.as_str() && row.owner == claims.sub);
            let opened_at = opened_by.ok_or_else(invalid)?.created_at.div_euclid(1000);
            if claims.is_anonymous() || opened_at < claims.iat || !claims.is_timely(opened_at) {
                return Err(invalid());
            }
        }
        self.shown(&claims, now).await
    }

    async fn shown(&self, claims: &Claims, now: DateTime<Utc>) -> Result<(Caller, Grants), Error> {
        let caller = self.holder(claims, now).await?.into();
        let issued_at = DateTime::from_timestamp(claims.iat, 0).ok_or_else(invalid)?;
        Ok((caller, Grants { access: claims.access.clone(), issued_at }))
    }

    /// The public keys that verify tokens, as a JSON Web Key Set (RFC 7517).
    pub fn key_set(&self) -> &serde_json::Value {
        self.signer.key_set()
    }

    async fn allowed(&self, cx: &OpCtx, scope: &Scope) -> Result<Vec<String>, Error> {
        let wants = |action: &str| scope.actions.iter().any(|asked| asked == action || asked == "*");
        match scope.kind.as_str() {
            "registry" if scope.name == "catalog" && wants("*") && cx.caller != Caller::Anonymous => {
                Ok(vec!["*".to_owned()])
            }
            "repository" => {
                let Ok(name) = scope.name.parse::<RepositoryName>() else { return Ok(Vec::new()) };
                let Some(standing) = self.core.standing_of(cx, name.project()).await? else {
                    return Ok(Vec::new());
                };
                let allowed = RegistryAction::ALL.into_iter().filter(|action| {
                    let (resource, right) = action.right();
                    wants(action.as_str()) && standing.may(resource, right)
                });
                Ok(allowed.map(|action| action.as_str().to_owned()).collect())
            }
            _ => Ok(Vec::new()),
        }
    }

    fn sign(
        &self,
        cx: &OpCtx,
        holder: &Holder,
        purpose: Purpose,
        ttl_secs: i64,
        access: Vec<Access>,
    ) -> Result<String, Error> {
        let now = cx.now.timestamp();
        let caller = Caller::from(holder.clone());
        let (uid, ver, robot, pat) = match holder {
            Holder::Anonymous => (0, 0, 0, 0),
            Holder::User(user) => (user.identity.id, user.credential_version, 0, 0),
            Holder::AccessToken(token) => (token.user.id, 0, 0, token.id),
            Holder::Robot(robot) => (0, robot.secret_version, robot.id, 0),
        };
        let cx = OpCtx { caller, ..cx.clone() };
        let sub = if matches!(holder, Holder::Anonymous) { "" } else { cx.actor() };
        let mut jti = [0_u8; 16];
        aws_lc_rs::rand::fill(&mut jti).map_err(Error::internal)?;
        self.signer.sign(&Claims {
            iss: ISSUER.to_owned(),
            sub: sub.to_owned(),
            aud: purpose.audience().to_owned(),
            exp: now.saturating_add(ttl_secs),
            nbf: now,
            iat: now,
            jti: HEXLOWER.encode(&jti),
            access,
            uid,
            ver,
            robot,
            pat,
        })
    }

    fn verify(&self, token: &str, purpose: Purpose, now: DateTime<Utc>) -> Result<Arc<Claims>, Error> {
        let claims = self.genuine(token, purpose)?;
        if claims.is_timely(now.timestamp()) { Ok(claims) } else { Err(invalid()) }
    }

    /// The claims of a token that we signed for this purpose, whatever the time.
    fn genuine(&self, token: &str, purpose: Purpose) -> Result<Arc<Claims>, Error> {
        let key: [u8; 32] = Sha256::digest(token.as_bytes()).into();
        let claims = if let Some(claims) = self.verified.get(&key) {
            claims
        } else {
            let claims = Arc::new(self.signer.verify(token).ok_or_else(invalid)?);
            self.verified.insert(key, Arc::clone(&claims));
            claims
        };
        if claims.aud == purpose.audience() { Ok(claims) } else { Err(invalid()) }
    }

    /// Who the claims speak of, as long as what they were made of counts.
    async fn holder(&self, claims: &Claims, now: DateTime<Utc>) -> Result<Holder, Error> {
        let now = now.timestamp_millis();
        if claims.is_anonymous() {
            return Ok(Holder::Anonymous);
        }
        if claims.robot != 0 {
            let robot = self.core.robot(claims.robot).await?;
            let robot = robot.filter(|it| it.is_active(now) && it.identity.secret_version == claims.ver);
            let robot = robot.ok_or_else(invalid)?;
            self.core.uses.note(Used::Robot(robot.identity.id), now);
            return Ok(Holder::Robot(Arc::clone(&robot.identity)));
        }
        if claims.pat != 0 {
            let token = self.core.access_token(claims.pat).await?.filter(|token| token.is_active(now));
            let token = token.ok_or_else(invalid)?;
            self.core.uses.note(Used::AccessToken(token.identity.id), now);
            return Ok(Holder::AccessToken(token.identity.clone()));
        }
        let user = self.core.user(claims.uid).await?.filter(|user| user.credential_version == claims.ver);
        let user = user.ok_or_else(invalid)?;
        let identity = authn::identity_of(&user).map_err(|_| invalid())?;
        Ok(Holder::User(SignedIn { identity, credential_version: claims.ver }))
    }
}

impl Claims {
    fn is_anonymous(&self) -> bool {
        self.uid == 0 && self.robot == 0
    }

    /// Whether they count at a time, in seconds since the epoch.
    fn is_timely(&self, now: i64) -> bool {
        self.exp.saturating_add(LEEWAY_SECS) > now
            && self.nbf <= now.saturating_add(LEEWAY_SECS)
            && self.iat <= now.saturating_add(LEEWAY_SECS)
    }
}

/// What a request without credentials is told to ask for.
pub fn scopes_for_pull(repository: &RepositoryName) -> Vec<Scope> {
    challenge(repository, RegistryAction::Pull, None)
}

/// What a request without credentials is told to ask for; `source` is where a mount takes a blob from.
pub fn scopes_for_push(repository: &RepositoryName, source: Option<&RepositoryName>) -> Vec<Scope> {
    challenge(repository, RegistryAction::Push, source)
}

/// What a request without credentials is told to ask for.
pub fn scopes_for_delete(repository: &RepositoryName) -> Vec<Scope> {
    challenge(repository, RegistryAction::Delete, None)
}

fn invalid() -> Error {
    Error::Unauthenticated { denial: Denial::InvalidToken, scopes: Vec::new() }
}
