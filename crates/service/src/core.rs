//! What every service holds: the database, the blob store, the caches of rights and the options.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use db::{
    Db, Tx,
    query::{project, user},
};
use futures::future::BoxFuture;
use moka::sync::Cache;
use storage::{BlobStore, Holds};
use tokio::sync::Notify;
use types::{name::MAX_NAME_BYTES, view::SystemSettings};

use crate::{
    Error, Options, authn::hash::Passwords, feed::Changes, figures::Counters, lookups::Lookups, pulls::Pulls,
    setting, uses::Uses,
};

mod machine;

use self::machine::Machines;

/// How long another process' change (`berth admin …`) may stay unseen. Changes of this process are seen at once.
pub(crate) const FRESH: Duration = Duration::from_secs(5);
const ENTRIES: u64 = 100_000;

/// Shared by all services.
pub(crate) struct Core {
    pub(crate) db: Db,
    pub(crate) store: Arc<dyn BlobStore>,
    pub(crate) options: Options,
    pub(crate) pulls: Pulls,
    /// What the registry protocol read a moment ago.
    pub(crate) lookups: Lookups,
    pub(crate) uses: Uses,
    pub(crate) changes: Changes,
    /// What this process did.
    pub(crate) counters: Counters,
    pub(crate) passwords: Passwords,
    /// Who writes which upload in this process.
    pub(crate) holds: Holds,
    /// Tells the worker that a job was started.
    pub(crate) wake: Notify,
    epoch: AtomicU64,
    users: Cache<(u64, i64), Option<Arc<user::User>>>,
    logins: Cache<(u64, String), Option<Arc<user::User>>>,
    standings: Cache<(u64, i64, String), Option<Arc<project::WithRole>>>,
    settings: Cache<u64, SystemSettings>,
    machines: Machines,
}

impl Core {
    pub(crate) fn new(db: Db, store: Arc<dyn BlobStore>, options: Options) -> Self {
        Self {
            pulls: Pulls::default(),
            lookups: Lookups::new(),
            uses: Uses::default(),
            changes: Changes::default(),
            counters: Counters::default(),
            passwords: Passwords::new(options.auth),
            holds: Holds::default(),
            wake: Notify::new(),
            db,
            store,
            options,
            epoch: AtomicU64::new(0),
            users: cache(),
            logins: cache(),
            standings: cache(),
            settings: cache(),
            machines: Machines::new(),
        }
    }

    /// Runs a write as [`Db::write`] does, for a change of users, members, projects or settings: cached rights are
    /// forgotten after it is committed and before it is answered, even when nobody waits for the answer any more.
    pub(crate) async fn write_rights<T, F>(self: &Arc<Self>, job: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t Tx) -> BoxFuture<'t, Result<T, Error>> + Send + 'static,
    {
        let core = Arc::clone(self);
        detached(async move {
            let done = core.db.write(job).await;
            core.forget_rights();
            done
        })
        .await
    }

    /// The stamp of a lease that is taken for a request of the time `now`: the latest that any clock says.
    pub(crate) fn lease_ms(&self, now: i64) -> i64 {
        now.max(self.options.clock.latest_ms())
    }

    /// Forgets every cached right; an entry that is being read meanwhile is stored under the epoch before, where nobody
    /// looks.
    pub(crate) fn forget_rights(&self) {
        self.epoch.fetch_add(1, Ordering::SeqCst);
    }

    /// The live user with this id.
    pub(crate) async fn user(&self, id: i64) -> Result<Option<Arc<user::User>>, Error> {
        let key = (self.epoch.load(Ordering::SeqCst), id);
        if let Some(found) = self.users.get(&key) {
            return Ok(found);
        }
        let found = user::find(&self.db, id).await?.map(Arc::new);
        self.users.insert(key, found.clone());
        Ok(found)
    }

    /// The settings of the system.
    pub(crate) async fn settings(&self) -> Result<SystemSettings, Error> {
        let epoch = self.epoch.load(Ordering::SeqCst);
        if let Some(found) = self.settings.get(&epoch) {
            return Ok(found);
        }
        let found = setting::read(&self.db).await?;
        self.settings.insert(epoch, found);
        Ok(found)
    }

    /// The live user who signs in as `login`.
    pub(crate) async fn login(&self, login: &str) -> Result<Option<Arc<user::User>>, Error> {
        if login.len() > MAX_NAME_BYTES {
            return Ok(None);
        }
        let key = (self.epoch.load(Ordering::SeqCst), login.to_owned());
        if let Some(found) = self.logins.get(&key) {
            return Ok(found);
        }
        let found = user::find_by_login(&self.db, login).await?.map(Arc::new);
        self.logins.insert(key, found.clone());
        Ok(found)
    }

    /// The project with this name and the role that `user` has in it.
    pub(crate) async fn standing(
        &self,
        user: Option<i64>,
        project: &str,
    ) -> Result<Option<Arc<project::WithRole>>, Error> {
        if project.len() > MAX_NAME_BYTES {
            return Ok(None);
        }
        let key = (self.epoch.load(Ordering::SeqCst), user.unwrap_or(0), project.to_owned());
        if let Some(found) = self.standings.get(&key) {
            return Ok(found);
        }
        let found = project::with_role(&self.db, project, user).await?.map(Arc::new);
        self.standings.insert(key, found.clone());
        Ok(found)
    }
}

/// Runs to its end even when the caller goes away.
pub(crate) async fn detached<T: Send + 'static>(
    work: impl Future<Output = Result<T, Error>> + Send + 'static,
) -> Result<T, Error> {
    #[expect(clippy::disallowed_methods, reason = "ends with the request that began it; it is no job")]
    tokio::spawn(work).await.map_err(Error::internal)?
}

fn cache<K, V>() -> Cache<K, V>
where
    K: std::hash::Hash + Eq + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    Cache::builder().max_capacity(ENTRIES).time_to_live(FRESH).build()
}
