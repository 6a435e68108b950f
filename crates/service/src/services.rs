//! All services, opened together.

use std::{
    ops::Deref,
    sync::{Arc, OnceLock},
};

use chrono::{DateTime, Utc};
use db::Db;

use crate::{
    Error, FirstStart, Options,
    access_token::AccessTokens,
    artifact::Artifacts,
    audit::Audit,
    authn::Authn,
    blob::Blobs,
    collection::Collection,
    core::Core,
    feed::Feed,
    first_start,
    health::Health,
    home::Home,
    job::{self, Jobs, Pace, Working},
    keys,
    member::Members,
    project::Projects,
    pulls,
    repository::Repositories,
    robot::Robots,
    session::Sessions,
    setting::Settings,
    token::{Tokens, signer::Signer},
    upload::Uploads,
    user::Users,
    uses,
};

/// Every service, shared: a clone counts one reference.
#[derive(Clone)]
pub struct Services(Arc<All>);

/// What [`Services`] gives access to.
pub struct All {
    /// What programs of users sign in with.
    pub access_tokens: AccessTokens,
    /// Manifests with their tags.
    pub artifacts: Artifacts,
    /// What happened.
    pub audit: Audit,
    /// Who signs in.
    pub authn: Authn,
    /// Blobs of repositories.
    pub blobs: Blobs,
    /// The collection of what nothing needs.
    pub collection: Collection,
    /// What happens, as it happens.
    pub feed: Feed,
    /// How the system is.
    pub health: Health,
    /// The first page, and the search.
    pub home: Home,
    /// Background work.
    pub jobs: Jobs,
    /// Members of projects.
    pub members: Members,
    /// Projects.
    pub projects: Projects,
    /// Repositories.
    pub repositories: Repositories,
    /// Accounts of machines.
    pub robots: Robots,
    /// Sessions of browsers.
    pub sessions: Sessions,
    /// What administrators decide while it runs.
    pub settings: Settings,
    /// Tokens of the registry protocol.
    pub tokens: Tokens,
    /// Open uploads.
    pub uploads: Uploads,
    /// Users.
    pub users: Users,
    pub(crate) core: Arc<Core>,
    working: OnceLock<Working>,
}

impl Deref for Services {
    type Target = All;
    fn deref(&self) -> &All {
        &self.0
    }
}

impl std::fmt::Debug for Services {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Services")
    }
}

impl Services {
    /// Opens the database, the blob store and the keys, and prepares a first start.
    ///
    /// Errors: `Internal` and `Unavailable` with the cause in `source()`.
    pub async fn open(options: Options, now: DateTime<Utc>) -> Result<(Self, FirstStart), Error> {
        std::fs::create_dir_all(&options.data).map_err(Error::internal)?;
        let key = keys::open(&options.data, options.tokens.algorithm)?;
        let signer = Signer::new(&key)?;
        let url = options.database_url.clone().unwrap_or_else(|| Db::default_url(&options.data));
        let db = Db::open(&url).await?;
        let store = storage::open(
            options.storage_url.as_deref().unwrap_or("file:"),
            &options.data,
            &options.object_store,
        )
        .map_err(Error::internal)?;
        let core = Arc::new(Core::new(db, store, options));
        let first_start = first_start::prepare(&core, now.timestamp_millis()).await?;
        pulls::start_flushing(&core);
        let services = Self::of(core, signer, now)?;
        services.sessions.delete_expired(now).await?;
        Ok((services, first_start))
    }

    fn of(core: Arc<Core>, signer: Signer, now: DateTime<Utc>) -> Result<Self, Error> {
        let own = || Arc::clone(&core);
        let authn = Authn::new(own())?;
        Ok(Self(Arc::new(All {
            access_tokens: AccessTokens { core: own() },
            artifacts: Artifacts { core: own() },
            audit: Audit { core: own() },
            authn: authn.clone(),
            blobs: Blobs { core: own() },
            collection: Collection { core: own() },
            feed: Feed { core: own(), authn: authn.clone() },
            health: Health { core: own(), started_at: now },
            home: Home::new(own()),
            jobs: Jobs { core: own() },
            members: Members { core: own() },
            projects: Projects { core: own() },
            repositories: Repositories { core: own() },
            robots: Robots { core: own() },
            sessions: Sessions { core: own() },
            settings: Settings { core: own() },
            tokens: Tokens::new(own(), signer),
            uploads: Uploads { core: own() },
            users: Users { core: own(), authn },
            core,
            working: OnceLock::new(),
        })))
    }

    /// Does background work in this process until the services are closed.
    pub fn start_working(&self) {
        self.work(job::kinds(), Pace::default());
    }

    pub(crate) fn work(&self, kinds: Vec<job::Kind>, pace: Pace) {
        self.working.get_or_init(|| Working::start(&self.core, kinds, pace));
    }

    /// Answers when the database does.
    pub async fn check_database(&self) -> Result<(), Error> {
        Ok(self.core.db.ping().await?)
    }

    /// Answers when the blob store can be written.
    pub async fn check_storage(&self) -> Result<(), Error> {
        self.core.store.check().await.map_err(Error::internal)
    }

    /// What kind of store keeps the blobs, in Harbor's words.
    pub fn storage_kind(&self) -> &'static str {
        self.core.store.kind()
    }

    /// Gives back the jobs that are under way, writes what is held in memory and closes the database.
    pub async fn close(self) -> Result<(), Error> {
        if let Some(working) = self.working.get() {
            working.stop().await;
        }
        pulls::flush(&self.core).await?;
        uses::flush(&self.core).await?;
        Ok(self.core.db.clone().close().await?)
    }
}
