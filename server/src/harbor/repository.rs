//! `/repositories`, and `/projects/{project_name}/repositories` with everything below: names of repositories hold
//! slashes, so one entry reads the path and hands on.

use axum::{
    Json,
    extract::{FromRequest, Request, State},
    response::{IntoResponse, Response},
};
use http::{Method, StatusCode};
use serde::Deserialize;
use service::{OpCtx, Services};
use types::name::RepositoryName;

use super::{
    address::{self, Address},
    artifact,
    error::Refusal,
    extract::{HarborCaller, JsonBody, PathParams},
    paging::Params,
};

pub(super) async fn list_all(
    State(services): State<Services>,
    HarborCaller(cx): HarborCaller,
    params: Params,
) -> Result<Response, Refusal> {
    let query = params.list_query()?;
    Ok(params.answer(query.page, &services.repositories.list_all(&cx, &query).await?))
}

pub(super) async fn list(
    State(services): State<Services>,
    HarborCaller(cx): HarborCaller,
    path: PathParams,
    params: Params,
) -> Result<Response, Refusal> {
    let query = params.list_query()?;
    let project = path.text("project_name_or_id");
    Ok(params.answer(query.page, &services.repositories.list(&cx, project, &query).await?))
}

/// A request about one repository or something in it, whose caller is known.
pub(super) struct Asked {
    pub(super) services: Services,
    pub(super) cx: OpCtx,
    pub(super) params: Params,
    pub(super) request: Request,
}

pub(super) async fn entry(
    State(services): State<Services>,
    HarborCaller(cx): HarborCaller,
    params: Params,
    request: Request,
) -> Result<Response, Refusal> {
    let address = address::parse(request.uri().path())?;
    let asked = Asked { services, cx, params, request };
    match address {
        Address::Repository(name) => serve(asked, name).await,
        Address::Artifacts(name) => artifact::serve_list(asked, name).await,
        Address::Artifact(name, reference) => artifact::serve(asked, name, reference).await,
        Address::Tags(name, reference) => artifact::serve_tags(asked, name, reference).await,
        Address::Tag(name, reference, tag) => artifact::serve_tag(asked, name, reference, tag).await,
        Address::TagHistory(name, tag) => artifact::serve_tag_history(asked, name, tag).await,
    }
}

async fn serve(asked: Asked, name: RepositoryName) -> Result<Response, Refusal> {
    let Asked { services, cx, request, .. } = asked;
    match *request.method() {
        Method::GET | Method::HEAD => Ok(Json(services.repositories.get(&cx, &name).await?).into_response()),
        Method::PUT => {
            let JsonBody(Changed { description }) = JsonBody::from_request(request, &()).await?;
            services.repositories.update(&cx, &name, description.unwrap_or_default()).await?;
            Ok(StatusCode::OK.into_response())
        }
        Method::DELETE => {
            services.repositories.delete(&cx, &name).await?;
            Ok(StatusCode::OK.into_response())
        }
        _ => Err(Refusal::Method(request.method().clone(), "GET,HEAD,PUT,DELETE")),
    }
}

/// What can be changed of a repository; the rest of its shape is ignored.
#[derive(Deserialize)]
struct Changed {
    description: Option<String>,
}
