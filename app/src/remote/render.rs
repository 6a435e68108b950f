//! On the server a read is a call in this process.

use super::{Payload, Run};
use crate::error::AppError;
use leptos::{reactive::graph::untrack, server_fn::ServerFn};
use serde::Serialize;
use std::sync::Arc;

pub(super) fn run<F>(function: impl Fn() -> F + Send + Sync + 'static) -> Run
where
    F: ServerFn<Error = AppError> + 'static,
    F::Output: Serialize,
{
    Arc::new(move |_| {
        let function = untrack(&function);
        Box::pin(async move { Payload::of(&function.run_body().await?) })
    })
}
