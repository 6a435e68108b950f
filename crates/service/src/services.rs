//! All services, opened together.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use db::Db;
use storage::Holds;

use crate::{
    Error, FirstStart, Options,
    artifact::Artifacts,
    audit::Audit,
    authn::Authn,
    blob::Blobs,
    core::Core,
    feed::Feed,
    first_start,
    health::Health,
    home::Home,
    keys,
    member::Members,
    project::Projects,
    pulls,
    repository::Repositories,
    session::Sessions,
    setting::Settings,
    token::{Tokens, signer::Signer},
    upload::Uploads,
    user::Users,
};

/// Every service; a cheap clone of plain handles.
#[derive(Clone)]
pub struct Services {
    /// Manifests with their tags.
    pub artifacts: Artifacts,
    /// What happened.
    pub audit: Audit,
    /// Who signs in.
    pub authn: Authn,
    /// Blobs of repositories.
    pub blobs: Blobs,
    /// What happens, as it happens.
    pub feed: Feed,
    /// How the system is.
    pub health: Health,
    /// The first page, and the search.
    pub home: Home,
    /// Members of projects.
    pub members: Members,
    /// Projects.
    pub projects: Projects,
    /// Repositories.
    pub repositories: Repositories,
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
        Ok(Self {
            artifacts: Artifacts { core: own() },
            audit: Audit { core: own() },
            authn: authn.clone(),
            blobs: Blobs { core: own() },
            feed: Feed { core: own(), authn: authn.clone() },
            health: Health { core: own(), started_at: now },
            home: Home::new(own()),
            members: Members { core: own() },
            projects: Projects { core: own() },
            repositories: Repositories { core: own() },
            sessions: Sessions { core: own() },
            settings: Settings { core: own() },
            tokens: Tokens::new(own(), signer),
            uploads: Uploads { core: own(), holds: Holds::default() },
            users: Users { core: own(), authn },
            core,
        })
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

    /// Writes what is held in memory and closes the database.
    pub async fn close(self) -> Result<(), Error> {
        pulls::flush(&self.core).await?;
        Ok(self.core.db.clone().close().await?)
    }
}
