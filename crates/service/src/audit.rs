//! Reading the audit log. It is written beside each change, see `journal`. Source: `harbor.md` §1.13.

use std::sync::Arc;

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use db::query::journal::{self, Period};
pub use types::view::AuditEntry;
use types::{
    page::Listed,
    query::{ListQuery, Term},
    role::{Action, Resource, SystemResource},
};

use crate::{Error, OpCtx, artifact::time, core::Core, project::ProjectRef};

/// The audit log.
#[derive(Clone)]
pub struct Audit {
    pub(crate) core: Arc<Core>,
}

impl Audit {
    /// What happened in a project, for its administrators; or everywhere, for those of the system. Newest first.
    ///
    /// `q` knows `username`, `operation`, `resource`, `resource_type` and `op_time`, `sort` knows `op_time`, `username`
    /// and `operation`. Errors: `Invalid` when a time of `op_time` can't be read.
    pub async fn list(
        &self,
        cx: &OpCtx,
        project: Option<&ProjectRef>,
        query: &ListQuery,
    ) -> Result<Listed<AuditEntry>, Error> {
        let project_id = if let Some(project) = project {
            let name = self.core.project_name(cx, project).await?;
            Some(self.core.require(cx, &name, Resource::Log, Action::List).await?.project.id)
        } else {
            Core::require_system(cx, SystemResource::AuditLog, Action::List)?;
            None
        };
        let period = query.query.get("op_time").map_or(Ok(Period::default()), period)?;
        Ok(journal::list(&self.core.db, project_id, period, query).await?.map(show))
    }
}

fn show(row: journal::AuditLog) -> AuditEntry {
    AuditEntry {
        id: row.id,
        occurred_at: time(row.occurred_at),
        actor: row.actor,
        operation: row.operation,
        resource_type: row.resource_type,
        resource: row.resource,
        is_success: row.is_success,
        remote: row.remote,
        request_id: row.request_id,
    }
}

/// The period that a term means; a kind of term that means none is ignored, like an unknown key.
fn period(term: &Term) -> Result<Period, Error> {
    let (min, max) = match term {
        Term::Exact(at) => (Some(at), Some(at)),
        Term::Range { min, max } => (min.as_ref(), max.as_ref()),
        Term::Fuzzy(_) | Term::AnyOf(_) | Term::AllOf(_) => return Ok(Period::default()),
    };
    let from = min.map(|text| moments(text)).transpose()?.map(|(first, _)| first);
    let until = max.map(|text| moments(text)).transpose()?.map(|(_, last)| last);
    Ok(Period { from, until })
}

/// The first and the last millisecond that a text names: those of a day, of a second, or one alone. Times without an
/// offset are UTC.
fn moments(text: &str) -> Result<(i64, i64), Error> {
    let ends = |first: NaiveDateTime, next: NaiveDateTime| {
        (first.and_utc().timestamp_millis(), next.and_utc().timestamp_millis() - 1)
    };
    if let Ok(day) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        let next = day.checked_add_days(Days::new(1)).unwrap_or(day);
        return Ok(ends(day.into(), next.into()));
    }
    for form in ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S"] {
        if let Ok(second) = NaiveDateTime::parse_from_str(text, form) {
            let next = second.checked_add_signed(TimeDelta::seconds(1)).unwrap_or(second);
            return Ok(ends(second, next));
        }
    }
    let moment = DateTime::parse_from_rfc3339(text).map_err(|_| Error::Invalid {
        field: "op_time",
        reason: "a time is written 2006-01-02T15:04:05 or 2006-01-02".to_owned(),
    })?;
    let moment = moment.with_timezone(&Utc).timestamp_millis();
    Ok((moment, moment))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_name_a_day_a_second_or_a_moment() {
        let day = 1_767_225_600_000; // 2026-01-01
        for (text, expected) in [
            ("2026-01-01", (day, day + 86_399_999)),
            ("2026-01-01T00:00:01", (day + 1000, day + 1999)),
            ("2026-01-01 00:00:01", (day + 1000, day + 1999)),
            ("2026-01-01T00:00:01.250Z", (day + 1250, day + 1250)),
            ("2026-01-01T02:00:00+02:00", (day, day)),
        ] {
            assert_eq!(moments(text).unwrap(), expected, "{text}");
        }
        for text in ["", "yesterday", "2026-13-01", "2026-01-01T25:00:00"] {
            assert!(matches!(moments(text), Err(Error::Invalid { field: "op_time", .. })), "{text}");
        }
    }
}
