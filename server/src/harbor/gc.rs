//! `/system/gc`: garbage collections and their schedule. Source: Harbor `src/server/v2.0/handler/gc.go`.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use serde_json::{Value, json};
use service::{
    Error, OpCtx, Services,
    collection::{self, Parameters},
    job::{Job, Started},
};
use types::harbor::{GCHistory, Schedule, ScheduleObj};

use super::{
    error::Refusal,
    extract::{HarborCaller, JsonBody, PathParams},
    paging::Params,
    project::created,
};

const NAME: &str = "GARBAGE_COLLECTION";
/// The most lines of a log that are shown.
const LINES: u64 = 10_000;

pub(super) async fn list(
    State(services): State<Services>,
    HarborCaller(cx): HarborCaller,
    params: Params,
) -> Result<Response, Refusal> {
    let page = params.list_query()?.page;
    let listed = services.jobs.list(&cx, Some(collection::KIND), page).await?;
    Ok(params.answer(page, &listed.map(|job| show(&job))))
}

pub(super) async fn get(
    State(services): State<Services>,
    HarborCaller(cx): HarborCaller,
    path: PathParams,
) -> Result<Json<GCHistory>, Refusal> {
    Ok(Json(show(&services.collection.get(&cx, path.id("gc_id")?).await?)))
}

pub(super) async fn stop(
    State(services): State<Services>,
    HarborCaller(cx): HarborCaller,
    path: PathParams,
) -> Result<StatusCode, Refusal> {
    services.collection.cancel(&cx, path.id("gc_id")?).await?;
    Ok(StatusCode::OK)
}

pub(super) async fn log(
    State(services): State<Services>,
    HarborCaller(cx): HarborCaller,
    path: PathParams,
) -> Result<String, Refusal> {
    let job = services.collection.get(&cx, path.id("gc_id")?).await?;
    let lines = services.jobs.log(&cx, job.id, 0, LINES).await?;
    let lines = lines.into_iter().map(|line| {
        let at = line.at.format("%Y-%m-%dT%H:%M:%SZ");
        [at.to_string(), line.text].join(" ") + "\n"
    });
    Ok(lines.collect())
}

/// Answers without a body where none is set.
pub(super) async fn schedule(
    State(services): State<Services>,
    HarborCaller(cx): HarborCaller,
) -> Result<Response, Refusal> {
    let Some(found) = services.collection.schedule(&cx).await? else {
        return Ok(StatusCode::OK.into_response());
    };
    let kind = kind_of(&found.cron).to_owned();
    let history = GCHistory {
        job_name: NAME.to_owned(),
        job_kind: kind.clone(),
        job_parameters: told(&found.parameters).to_string(),
        schedule: Some(ScheduleObj { r#type: kind, cron: found.cron, next_scheduled_time: found.next_at }),
        creation_time: found.updated_at,
        update_time: found.updated_at,
        ..GCHistory::default()
    };
    Ok(Json(history).into_response())
}

pub(super) async fn create_schedule(
    State(services): State<Services>,
    HarborCaller(cx): HarborCaller,
    JsonBody(new): JsonBody<Schedule>,
) -> Result<Response, Refusal> {
    match kick(&services, &cx, new).await? {
        Some(id) => created(&format!("/api/v2.0/system/gc/{id}")),
        None => Ok(StatusCode::CREATED.into_response()),
    }
}

pub(super) async fn update_schedule(
    State(services): State<Services>,
    HarborCaller(cx): HarborCaller,
    JsonBody(new): JsonBody<Schedule>,
) -> Result<StatusCode, Refusal> {
    kick(&services, &cx, new).await?;
    Ok(StatusCode::OK)
}

/// Sets or removes the schedule, or starts a collection and gives its number.
async fn kick(services: &Services, cx: &OpCtx, new: Schedule) -> Result<Option<i64>, Error> {
    let wanted = new.schedule.unwrap_or_default();
    let flag = |key: &str| new.parameters.get(key).and_then(Value::as_bool);
    let mut parameters = services.collection.defaults();
    parameters.delete_untagged = flag("delete_untagged").unwrap_or(parameters.delete_untagged);
    parameters.dry_run = flag("dry_run").unwrap_or(false);
    match wanted.r#type.as_str() {
        "Manual" => match services.collection.start(cx, parameters).await? {
            Started::New(id) => Ok(Some(id)),
            Started::Open(id) => Err(Error::Conflict(format!("collection {id} is not over"))),
        },
        "None" => services.collection.delete_schedule(cx).await.map(|()| None),
        _ => services.collection.set_schedule(cx, &wanted.cron, parameters).await.map(|()| None),
    }
}

fn show(job: &Job) -> GCHistory {
    let is_scheduled = job.actor == "schedule";
    let kind = if is_scheduled { "Schedule" } else { "Manual" };
    GCHistory {
        id: job.id,
        job_name: NAME.to_owned(),
        job_kind: kind.to_uppercase(),
        job_parameters: parameters_of(job).to_string(),
        schedule: Some(ScheduleObj { r#type: kind.to_owned(), ..ScheduleObj::default() }),
        job_status: status(job).to_owned(),
        deleted: false,
        creation_time: job.created_at,
        update_time: job.finished_at.or(job.started_at).unwrap_or(job.created_at),
    }
}

fn status(job: &Job) -> &'static str {
    use service::job::State;
    match job.state {
        State::Pending => "Pending",
        State::Running => "Running",
        State::Succeeded => "Success",
        State::Failed => "Error",
        State::Cancelled => "Stopped",
    }
}

/// What a collection was told, and what it freed so far.
fn parameters_of(job: &Job) -> Value {
    let parameters = serde_json::from_value(job.payload.clone());
    let mut shown = parameters.map_or_else(|_| json!({}), |parameters| told(&parameters));
    let report = job.outcome.as_ref().or(job.progress.as_ref());
    let number = |path: &str| report.and_then(|report| report.pointer(path)).and_then(Value::as_u64);
    if let (Some(shown), Some(freed)) = (shown.as_object_mut(), number("/removals/bytes")) {
        shown.insert("freed_space".to_owned(), freed.into());
        shown.insert("purged_blobs".to_owned(), number("/blobs/count").into());
        shown.insert("purged_manifests".to_owned(), number("/manifests/count").into());
    }
    shown
}

fn told(parameters: &Parameters) -> Value {
    json!({ "delete_untagged": parameters.delete_untagged, "dry_run": parameters.dry_run, "workers": 1 })
}

/// The name of a schedule that Harbor's own pages offer.
fn kind_of(cron: &str) -> &'static str {
    match cron {
        "0 0 * * * *" => "Hourly",
        "0 0 0 * * *" => "Daily",
        "0 0 0 * * 0" => "Weekly",
        _ => "Custom",
    }
}
