//! `/audit-logs`, and `/projects/{project_name}/logs`.

use axum::{extract::State, response::Response};
use service::{Services, audit::AuditEntry, project::ProjectRef};
use types::harbor::AuditLog;

use super::{
    error::Refusal,
    extract::{HarborCaller, PathParams},
    paging::Params,
};

pub(super) async fn list_all(
    State(services): State<Services>,
    HarborCaller(cx): HarborCaller,
    params: Params,
) -> Result<Response, Refusal> {
    let query = params.list_query()?;
    let listed = services.audit.list(&cx, None, &query).await?;
    Ok(params.answer(query.page, &listed.map(show)))
}

/// Answers with the lines of a project, which is always named, never numbered.
pub(super) async fn list(
    State(services): State<Services>,
    HarborCaller(cx): HarborCaller,
    path: PathParams,
    params: Params,
) -> Result<Response, Refusal> {
    let query = params.list_query()?;
    let project = ProjectRef::Name(path.text("project_name_or_id").to_owned());
    let listed = services.audit.list(&cx, Some(&project), &query).await?;
    Ok(params.answer(query.page, &listed.map(show)))
}

fn show(entry: AuditEntry) -> AuditLog {
    AuditLog {
        id: entry.id,
        username: entry.actor,
        resource: entry.resource,
        resource_type: entry.resource_type,
        operation: entry.operation,
        op_time: entry.occurred_at,
    }
}
