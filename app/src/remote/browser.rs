//! In the browser a read is a request of its own.

use super::{Answer, Call, Payload, Run};
use crate::error::AppError;
use gloo_net::http::{Request, Response};
use leptos::server_fn::ServerFn;
use send_wrapper::SendWrapper;
use std::sync::Arc;
use web_sys::RequestCache;

/// Where a server function sends the browser next. Source: leptos's `server_fn::redirect`.
const REDIRECT: &str = "serverfnredirect";

/// What a request brought, and where it leads.
pub(super) struct Outcome {
    pub(super) answer: Answer,
    pub(super) redirect: Option<String>,
}

pub(super) fn run<F: ServerFn>(_: impl Fn() -> F) -> Run {
    Arc::new(|call| Box::pin(SendWrapper::new(async move { send(call).await.answer })))
}

/// Sends a call as a form would, and reads the answer as JSON.
pub(super) async fn send(call: Call) -> Outcome {
    match post(call).await {
        Ok(response) => {
            let headers = response.headers();
            let redirect = headers.get(REDIRECT).and_then(|_| headers.get("location"));
            Outcome { answer: read(response).await, redirect }
        }
        Err(_) => Outcome { answer: Err(AppError::Unreachable), redirect: None },
    }
}

async fn post(call: Call) -> Result<Response, gloo_net::Error> {
    Request::post(call.path)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("accept", "application/json")
        .cache(RequestCache::NoStore)
        .body(call.arguments)?
        .send()
        .await
}

async fn read(response: Response) -> Answer {
    let is_ok = response.ok();
    let text = response.text().await.map_err(|_| AppError::Unreachable)?;
    if is_ok {
        // a function that answers nothing sends nothing
        return Payload::parse(if text.is_empty() { "null".to_owned() } else { text });
    }
    Err(serde_json::from_str(&text).unwrap_or(AppError::Unreachable))
}
