//! A small world for tests: a real database and real storage in a folder that goes away with it. It panics where a
//! test could not go on.

mod work;

use std::{
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
};

use chrono::{DateTime, Utc};
pub use db::query::collection::Rows;
use db::{
    entity::audit_log::Model as AuditLog,
    query::{blob, collection, journal, manifest, member, project, user},
};
use futures::{FutureExt, StreamExt};
use tempfile::TempDir;
use types::{digest::Digest, name::UserName, role::Role, secret::Secret};

pub use self::work::{Stop, TestKind, Try};
pub use crate::clock::ByHand;
use crate::{AuthOptions, Caller, Error, OpCtx, Options, Services, UserIdentity, authn::hash::hash_now};

/// The time of the tests: what a request would begin at.
#[expect(clippy::disallowed_methods, reason = "tests take the place of a door, which reads the clock")]
fn now() -> DateTime<Utc> {
    Utc::now()
}

/// Services with people and projects in them. Every password is [`World::PASSWORD`].
pub struct World {
    /// The services.
    pub services: Services,
    options: Options,
    folder: TempDir,
}

impl World {
    /// The password of everybody.
    pub const PASSWORD: &'static str = "Harbour-12345";

    /// Options for tests in a folder: everything real but the cost of a password check.
    pub fn options(folder: &TempDir) -> Options {
        let mut options = Options::new(folder.path());
        options.admin_password = Some(Secret::new(Self::PASSWORD.to_owned()));
        options.auth = AuthOptions { memory_kib: 8, passes: 1, ..AuthOptions::default() };
        options
    }

    /// A new world: `admin` and the public project `library`.
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// A new world with other options.
    #[expect(clippy::expect_used, clippy::missing_panics_doc, reason = "a test without its world has failed")]
    pub async fn with(change: impl FnOnce(&mut Options)) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let mut options = Self::options(&folder);
        change(&mut options);
        let (services, _) = Services::open(options.clone(), now()).await.expect("services open");
        Self { services, options, folder }
    }

    /// The data folder.
    pub fn data(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// How often a password was checked or hashed so far, each at full cost.
    pub fn password_runs(&self) -> u64 {
        self.services.core.passwords.runs.load(std::sync::atomic::Ordering::Relaxed)
    }

    /// What a request left in the audit log, oldest first.
    #[expect(clippy::expect_used, clippy::missing_panics_doc, reason = "a test without its world has failed")]
    pub async fn audit_of(&self, request_id: &str) -> Vec<AuditLog> {
        journal::audit_of_request(&self.services.core.db, request_id).await.expect("the audit log is there")
    }

    /// Changes the database past every rule, foreign keys included.
    #[expect(clippy::expect_used, clippy::missing_panics_doc, reason = "a test without its world has failed")]
    pub async fn damage(&self, statements: &[&str]) {
        let url = db::Db::default_url(self.data());
        db::testing::damage(&url, statements).await.expect("the statements run");
    }

    /// How many rows of each kind the registry has.
    #[expect(clippy::expect_used, clippy::missing_panics_doc, reason = "a test without its world has failed")]
    pub async fn rows(&self) -> Rows {
        collection::rows(&self.services.core.db).await.expect("rows can be counted")
    }

    /// The bytes of a blob that a repository shows, without anybody having asked for it.
    #[expect(clippy::expect_used, clippy::missing_panics_doc, reason = "a test without its world has failed")]
    pub async fn peek(services: &Services, repository: &str, digest: &Digest) -> Option<Vec<u8>> {
        let core = &services.core;
        let found = blob::find_in(&core.db, repository, digest.as_ref()).await.expect("blobs can be read")?;
        let mut reader = core.open_copy(digest, &found.location, None).await.ok()?;
        let mut bytes = Vec::new();
        while let Some(chunk) = reader.stream.next().await {
            bytes.extend_from_slice(&chunk.ok()?);
        }
        Some(bytes)
    }

    /// The bytes of a manifest as the database has them, past what this process read a moment ago.
    #[expect(clippy::expect_used, clippy::missing_panics_doc, reason = "a test without its world has failed")]
    pub async fn peek_manifest(services: &Services, repository: &str, digest: &Digest) -> Option<Vec<u8>> {
        let found = manifest::find(&services.core.db, repository, digest.as_ref()).await;
        found.expect("manifests can be read").map(|found| found.content)
    }

    /// Ends the services as a crash does, and opens them again on the same data folder.
    #[must_use]
    pub async fn crash(self) -> Self {
        self.crash_into(|_| {}).await
    }

    /// As [`World::crash`], and opens them with other options.
    #[must_use]
    #[expect(clippy::expect_used, clippy::missing_panics_doc, reason = "a test without its world has failed")]
    pub async fn crash_into(self, change: impl FnOnce(&mut Options)) -> Self {
        let Self { services, mut options, folder } = self;
        drop(services);
        change(&mut options);
        let (services, _) = Services::open(options.clone(), now()).await.expect("services open");
        Self { services, options, folder }
    }

    /// Opens the services again, whose runtime is gone.
    #[expect(clippy::expect_used, clippy::missing_panics_doc, reason = "a test without its world has failed")]
    pub async fn reopen(&mut self) {
        self.services = Services::open(self.options.clone(), now()).await.expect("services open").0;
    }

    /// Other services on the same folder, as another process has them.
    #[expect(clippy::expect_used, clippy::missing_panics_doc, reason = "a test without its world has failed")]
    pub async fn neighbour(&self) -> Services {
        Services::open(self.options.clone(), now()).await.expect("services open").0
    }

    /// A context for nobody.
    pub fn anonymous() -> OpCtx {
        OpCtx {
            caller: Caller::Anonymous,
            grants: None,
            request_id: "test".to_owned(),
            remote: IpAddr::V4(Ipv4Addr::LOCALHOST),
            now: now(),
        }
    }

    /// A context for the first administrator.
    #[expect(clippy::expect_used, clippy::missing_panics_doc, reason = "a test without its world has failed")]
    pub async fn admin(&self) -> OpCtx {
        self.cx("admin").await.expect("admin exists")
    }

    /// A context for a user who exists.
    pub async fn cx(&self, name: &str) -> Result<OpCtx, Error> {
        let signed_in = self
            .services
            .authn
            .password(&Self::anonymous(), name, &Secret::new(Self::PASSWORD.to_owned()))
            .await?;
        Ok(OpCtx { caller: Caller::User(signed_in.identity), ..Self::anonymous() })
    }

    /// Makes a user.
    #[expect(clippy::expect_used, clippy::missing_panics_doc, reason = "a test without its world has failed")]
    pub async fn user(&self, name: &str) -> OpCtx {
        let hash = hash_now(
            &Secret::new(Self::PASSWORD.to_owned()),
            AuthOptions { memory_kib: 8, passes: 1, ..AuthOptions::default() },
        )
        .expect("a hash");
        let new = user::NewUser {
            username: name.to_owned(),
            email: Some(format!("{name}@example.org")),
            realname: name.to_owned(),
            comment: String::new(),
            password_hash: Some(hash),
            is_admin: false,
            now: now().timestamp_millis(),
        };
        let core = Arc::clone(&self.services.core);
        let id = core
            .db
            .write(move |tx| async move { user::insert(tx, new).await }.boxed())
            .await
            .expect("the user is new");
        core.forget_rights();
        let name: UserName = name.parse().expect("a user name");
        let identity = UserIdentity { id, name, is_admin: false };
        OpCtx { caller: Caller::User(identity), ..Self::anonymous() }
    }

    /// Makes a project that `admin` owns, with members.
    pub async fn project(&self, name: &str, is_public: bool, members: &[(&OpCtx, Role)]) -> i64 {
        self.project_aged(name, is_public, members, 2).await
    }

    /// Makes a project that has been there for some time: tokens older than a project are none of its own.
    #[expect(clippy::expect_used, clippy::missing_panics_doc, reason = "a test without its world has failed")]
    pub async fn project_aged(
        &self,
        name: &str,
        is_public: bool,
        members: &[(&OpCtx, Role)],
        age_secs: i64,
    ) -> i64 {
        let members: Vec<_> =
            members.iter().filter_map(|(cx, role)| Some((cx.user_id()?, role.id()))).collect();
        let name = name.to_owned();
        let core = Arc::clone(&self.services.core);
        let now = now().timestamp_millis() - age_secs * 1000;
        let id = core
            .db
            .write(move |tx| {
                async move {
                    let id = project::insert(tx, name, 1, is_public, now).await?;
                    for (user, role) in members {
                        member::insert(tx, id, user, role, now).await?;
                    }
                    Ok::<_, db::Error>(id)
                }
                .boxed()
            })
            .await
            .expect("the project is new");
        core.forget_rights();
        id
    }
}
