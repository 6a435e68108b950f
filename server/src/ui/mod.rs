//! The door of people: pages, server functions under `/ui-fn/`, and the files of the site under `/assets/`.
//!
//! Everything a browser asks for that no other door answers is a page; an unknown one is rendered as "not found" with
//! status 404. Server functions answer only requests that come from a page of this very origin. An open page hears of
//! changes at `/ui-fn/events`.

mod events;
mod origin;
mod seats;
mod session;
mod site;

use axum::{
    Extension, Router,
    body::Body,
    extract::{Request, State},
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{any, get},
};
use http::{Method, StatusCode, Uri};
use leptos::server_fn::axum::server_fn_paths;
use leptos_axum::{handle_server_fns_with_context, render_app_async_with_context};
use service::{OpCtx, Services};
use tower_sessions::SessionManagerLayer;
use types::preference::UserPreferences;

use self::seats::Seats;
use crate::{
    middleware::{ClientInfo, Scheme},
    session_store::DatabaseStore,
    state::AppState,
};

/// The routes of the door; whatever else is asked for is a page.
pub fn routes(state: &AppState) -> Router<AppState> {
    // The reactive graph renders on this runtime. Only the first call counts; a second router finds it done.
    let _ = any_spawner::Executor::init_tokio();
    let store = DatabaseStore(state.services.sessions.clone());
    let pages = Router::new()
        .route("/ui-fn/{*name}", any(server_fn).layer(from_fn(origin::require_same)))
        .route(events::PATH, get(events::subscribe).layer(Extension(Seats::default())))
        .fallback(get(page))
        .layer(from_fn_with_state(state.services.clone(), session::identify));
    let over = |scheme, store| pages.clone().layer(session::layer(scheme, store));
    let (plain, secure) = (over(Scheme::Http, store.clone()), over(Scheme::Https, store));
    Router::new().route("/assets/{*name}", get(site::asset)).fallback_service(session::by_scheme(
        plain.with_state(state.clone()),
        secure.with_state(state.clone()),
    ))
}

/// Renders a page whole.
async fn page(State(services): State<Services>, client: ClientInfo, request: Request) -> Response {
    let Some(assets) = site::assets() else {
        return (StatusCode::SERVICE_UNAVAILABLE, "this build has no portal: build it with `make build`\n")
            .into_response();
    };
    let info = info(&client, &services, request.extensions().get()).await;
    let render = render_app_async_with_context(
        move || app::ssr::provide(services.clone(), info.clone()),
        move || app::shell(&assets),
    );
    render(request).await
}

async fn server_fn(State(services): State<Services>, client: ClientInfo, request: Request<Body>) -> Response {
    let known = server_fn_paths().filter(|(path, _)| *path == request.uri().path());
    let methods: Vec<Method> = known.map(|(_, method)| method).collect();
    if methods.is_empty() {
        return (StatusCode::NOT_FOUND, "there is nothing at this address\n").into_response();
    }
    if !methods.contains(request.method()) {
        return (StatusCode::METHOD_NOT_ALLOWED, "the method is not allowed here\n").into_response();
    }
    let info = info(&client, &services, request.extensions().get()).await;
    handle_server_fns_with_context(move || app::ssr::provide(services.clone(), info.clone()), request)
        .await
        .into_response()
}

async fn info(client: &ClientInfo, services: &Services, cx: Option<&OpCtx>) -> app::ssr::PageInfo {
    let url = client.base_url();
    let is_secure = url.starts_with("https://");
    let host = url.parse::<Uri>().ok().and_then(|url| url.authority().map(ToString::to_string));
    // a page without the setting or the choices still shows; it then offers less
    let settings = services.settings.get().await.unwrap_or_default();
    let preferences = match cx {
        Some(cx) => services.users.preferences(cx).await.unwrap_or_default(),
        None => UserPreferences::default(),
    };
    app::ssr::PageInfo {
        registry_host: host.unwrap_or_else(|| client.host.to_string()),
        is_secure,
        self_registration: settings.self_registration,
        read_only: settings.read_only,
        preferences,
    }
}

type SessionLayer = SessionManagerLayer<DatabaseStore>;
