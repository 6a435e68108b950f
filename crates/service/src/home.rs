//! The first page, and the search: across all projects that the caller sees.

use std::{sync::Arc, time::Duration};

use db::query::{
    event,
    project::{self, LastPushed, Narrow, Visible},
    repository, seen,
};
use moka::sync::Cache;
pub use types::view::{Found, FoundProject, HomeProject, HomeSummary, RecentPush, Totals};
use types::{name::MAX_NAME_BYTES, page::Listed};

use crate::{Error, OpCtx, artifact::time, authz::SEES_REPOSITORIES, core::Core, project::Projects};

/// Projects on the first page.
const PROJECTS: u64 = 8;
/// Pushes on the first page.
const PUSHES: u64 = 10;
/// The most that a search finds of each kind.
const MOST_FOUND: u64 = 100;

/// Totals of so many repositories take long to count: they are counted again after a while, not for every page.
const MANY: u64 = 1000;
/// How long such totals are good for.
const KEEP: Duration = Duration::from_secs(30);

/// The first page, and the search.
#[derive(Clone)]
pub struct Home {
    core: Arc<Core>,
    totals: Cache<Visible, Totals>,
}

impl Home {
    pub(crate) fn new(core: Arc<Core>) -> Self {
        Self { core, totals: Cache::builder().max_capacity(10_000).time_to_live(KEEP).build() }
    }

    /// What the first page shows the caller.
    pub async fn get(&self, cx: &OpCtx) -> Result<HomeSummary, Error> {
        let db = &self.core.db;
        let visible = Core::visible(cx, SEES_REPOSITORIES);
        let own = Narrow { member: cx.user_id().map(|user| (user, None)), ..Narrow::default() };
        let projects = self.projects(cx, visible, &own).await?;
        let pushes = event::last_tagged(db, visible, "PUSH_ARTIFACT", PUSHES).await?;
        let totals = self.totals(visible).await?;
        let pushes = pushes.into_iter().map(push).collect();
        let is_own = projects.iter().any(|one| one.last_pushed_at.is_some());
        let has_pushed = is_own || (cx.is_admin() && totals.repositories > 0);
        Ok(HomeSummary { projects, pushes, totals, has_pushed })
    }

    /// Projects and repositories that the caller sees and whose names contain `text`; at most `limit` of each, names
    /// that begin with it first. An empty text finds nothing.
    pub async fn search(&self, cx: &OpCtx, text: &str, limit: u64) -> Result<Found, Error> {
        let text = text.trim();
        if text.is_empty() || text.len() > MAX_NAME_BYTES {
            return Ok(Found::default());
        }
        let (visible, limit) = (Core::visible(cx, SEES_REPOSITORIES), limit.min(MOST_FOUND));
        let projects = project::search(&self.core.db, visible, text, limit).await?;
        Ok(Found {
            projects: projects
                .into_iter()
                .map(|(name, is_public)| FoundProject { name, is_public })
                .collect(),
            repositories: repository::search(&self.core.db, visible, text, limit).await?,
        })
    }

    async fn totals(&self, visible: Visible) -> Result<Totals, Error> {
        if let Some(kept) = self.totals.get(&visible) {
            return Ok(kept);
        }
        let counts = seen::counts(&self.core.db, visible).await?;
        let totals = Totals {
            projects: counts.projects,
            repositories: counts.repositories,
            artifacts: counts.artifacts,
            bytes: u64::try_from(counts.bytes).unwrap_or_default(),
        };
        if totals.repositories >= MANY {
            self.totals.insert(visible, totals);
        }
        Ok(totals)
    }

    async fn projects(&self, cx: &OpCtx, visible: Visible, own: &Narrow) -> Result<Vec<HomeProject>, Error> {
        let rows = project::last_pushed(&self.core.db, visible, own, PROJECTS).await?;
        let (rows, times): (Vec<_>, Vec<_>) =
            rows.into_iter().map(|LastPushed { project, last_pushed_at }| (project, last_pushed_at)).unzip();
        let projects = Projects { core: Arc::clone(&self.core) };
        let shown = projects.show(cx, Listed { items: rows, total: 0 }).await?;
        let shown = shown.items.into_iter().zip(times);
        Ok(shown.map(|(project, at)| HomeProject { project, last_pushed_at: at.map(time) }).collect())
    }
}

fn push(row: event::Event) -> RecentPush {
    RecentPush {
        repository: row.repository,
        digest: row.digest,
        tag: row.tag,
        actor: row.actor,
        at: time(row.occurred_at),
    }
}
