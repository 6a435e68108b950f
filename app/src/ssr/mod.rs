//! What the portal needs from the server that renders it.
//!
//! The server calls [`provide`] once for every request to a page or a server function, and puts the
//! request's `OpCtx` into its extensions. Server functions then find both by [`context`].

pub mod artifact;
pub mod audit;
mod error;
pub mod home;
pub mod member;
pub mod preferences;
mod project;
pub mod session;
pub mod shell;
pub mod user;

pub use project::{named, project_filter, project_head, project_request, project_rights};

use crate::{
    error::AppError,
    listing::{Listing, PAGE_SIZE},
    view::RegistryAddress,
};
use http::{StatusCode, header::REFERER, request::Parts};
use leptos::{prelude::*, server_fn::error::ServerFnUrlError};
use leptos_axum::ResponseOptions;
use service::{OpCtx, Services};
use types::{
    name::RepositoryName,
    page::Page,
    preference::UserPreferences,
    query::{ListQuery, Query, Sort, Term},
    ui_error::UiError,
};

/// What a page says about this installation.
#[derive(Clone, Debug)]
pub struct PageInfo {
    /// Where docker and others reach the registry, such as `registry.example.org` or `localhost:8080`.
    pub registry_host: String,
    /// Whether they speak TLS to it; cookies are then kept from plain HTTP.
    pub is_secure: bool,
    /// Whether people may make accounts for themselves.
    pub self_registration: bool,
    /// Whether nothing in projects can be changed.
    pub read_only: bool,
    /// What the account that asks chose.
    pub preferences: UserPreferences,
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

/// What a list's address asks for, as a query; `own` is the list's own order, `name` the key of its names.
///
/// An order that the list does not know is ignored by it.
pub fn list_query(listing: &Listing, name: &str, own: &str) -> ListQuery {
    // a page of this size always exists
    let page = Page::new(listing.page, PAGE_SIZE).unwrap_or_default();
    let order = if listing.sort.is_empty() { own } else { &listing.sort };
    let terms = match listing.q.trim() {
        "" => Vec::new(),
        q => vec![(name.to_owned(), Term::Fuzzy(q.to_owned()))],
    };
    ListQuery { page, query: Query { terms }, sort: Sort::parse(order) }
}

/// The full name of a repository, from a page's address.
///
/// Errors: `NotFound`, since no repository has a name that is none.
pub fn full_name(name: &str) -> Result<RepositoryName, AppError> {
    name.parse().map_err(|_| not_found("repository", name))
}

/// The answer to whoever names what cannot be there.
fn not_found(kind: &str, name: &str) -> AppError {
    answer_not_found();
    UiError::NotFound { kind: kind.to_owned(), name: name.to_owned() }.into()
}

/// Sends the browser back to the page that the request came from.
pub fn stay() {
    let referrer = use_context::<Parts>().and_then(|parts| parts.headers.get(REFERER).cloned());
    let mut referrer =
        referrer.and_then(|referrer| referrer.to_str().ok().map(str::to_owned)).unwrap_or_default();
    // what an earlier form was refused for is over
    ServerFnUrlError::<AppError>::strip_error_info(&mut referrer);
    let address = referrer.parse::<http::Uri>().ok();
    let path = address.and_then(|address| address.path_and_query().map(ToString::to_string));
    leptos_axum::redirect(&session::safe_path(&path.unwrap_or_default()));
}

/// Gives this answer the status of a page that does not exist.
pub fn answer_not_found() {
    answer_with(StatusCode::NOT_FOUND);
}

/// Gives this answer a status, unless it leads back to a page that shows it.
fn answer_with(status: StatusCode) {
    if session::is_plain_form() {
        return;
    }
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(status);
    }
}
