//! Bodies of `/system/gc`.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// One garbage collection, or the schedule of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct GCHistory {
    /// Its number.
    pub id: i64,
    /// Always `GARBAGE_COLLECTION`.
    pub job_name: String,
    /// `MANUAL` or `SCHEDULE`; of a schedule, its type.
    pub job_kind: String,
    /// What it was told and what it freed, as JSON text.
    pub job_parameters: String,
    /// When it is due, or how it was started.
    pub schedule: Option<ScheduleObj>,
    /// `Pending`, `Running`, `Success`, `Error` or `Stopped`.
    pub job_status: String,
    /// Always false.
    pub deleted: bool,
    /// When it was asked for.
    pub creation_time: DateTime<Utc>,
    /// When it changed last.
    pub update_time: DateTime<Utc>,
}

/// A schedule that is set, or a start at once.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Schedule {
    /// When.
    pub schedule: Option<ScheduleObj>,
    /// What the job is told.
    pub parameters: Map<String, Value>,
}

/// When something is due.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ScheduleObj {
    /// `Hourly`, `Daily`, `Weekly`, `Custom`, `Schedule`; `Manual` is at once, `None` never.
    pub r#type: String,
    /// Six fields, seconds first.
    pub cron: String,
    /// The next time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_scheduled_time: Option<DateTime<Utc>>,
}
