//! What the portal needs from the server that renders it.
//!
//! The server calls [`provide`] once for every request to a page or a server function, and puts the
//! request's `OpCtx` into its extensions. Server functions then find both by [`context`].

mod error;
pub mod preferences;
pub mod session;
pub mod shell;

use crate::{error::AppError, pages::PAGE_SIZE, view::RegistryAddress};
use http::{StatusCode, request::Parts};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use service::{OpCtx, Services};
use types::{
    name::{ProjectName, RepositoryName},
    page::Page,
    query::{ListQuery, Query, Sort},
    ui_error::UiError,
};

/// What a page says about this installation.
#[derive(Clone, Debug)]
pub struct PageInfo {
    /// Where docker and others reach the registry, such as `registry.example.org` or `localhost:8080`.
    pub registry_host: String,
    /// Whether they speak TLS to it; cookies are then kept from plain HTTP.
    pub is_secure: bool,
}

impl From<PageInfo> for RegistryAddress {
    fn from(info: PageInfo) -> Self {
        Self { host: info.registry_host, secure: info.is_secure }
    }
}

/// Makes the services known to the page or the server function of one request.
pub fn provide(services: Services, info: PageInfo) {
    provide_context(services);
    provide_context(info);
}

/// For whom this request is, and the services that answer it.
///
/// Errors: `Unavailable` outside of a request that the server prepared.
pub fn context() -> Result<(OpCtx, Services), AppError> {
    match (op_ctx(), use_context::<Services>()) {
        (Some(cx), Some(services)) => Ok((cx, services)),
        _ => Err(UiError::Unavailable.into()),
    }
}

fn op_ctx() -> Option<OpCtx> {
    use_context::<Parts>()?.extensions.get::<OpCtx>().cloned()
}

/// One page of the portal's size, in this order of importance; a leading `-` turns a key around.
pub fn listing(page: u64, sort: &str) -> ListQuery {
    // a page of this size always exists
    let page = Page::new(page, PAGE_SIZE).unwrap_or_default();
    ListQuery { page, query: Query::default(), sort: Sort::parse(sort) }
}

/// The full name of a repository, from the parts of a page's address.
///
/// Errors: `NotFound`, since no repository has a name that is none.
pub fn repository_name(project: &str, path: &str) -> Result<RepositoryName, AppError> {
    let name = project
        .parse::<ProjectName>()
        .ok()
        .and_then(|project| RepositoryName::from_parts(&project, path).ok());
    name.ok_or_else(|| {
        answer_not_found();
        UiError::NotFound { kind: "repository".to_owned(), name: format!("{project}/{path}") }.into()
    })
}

/// Gives this answer the status of a page that does not exist.
pub fn answer_not_found() {
    answer_with(StatusCode::NOT_FOUND);
}

fn answer_with(status: StatusCode) {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(status);
    }
}
