//! Data on its way, here, or refused: the three states that every page shares.

use crate::{
    components::{problem::Problem, skeleton::Skeleton},
    error::AppError,
    remote::{Answer, Data, Payload},
};
use leptos::prelude::*;
use serde::de::DeserializeOwned;
use std::sync::Arc;
use types::ui_error::UiError;

type View = Arc<dyn Fn(&Payload) -> Result<AnyView, AppError> + Send + Sync>;

/// Shows `data` by `view`; an outline of a list until it is here, or why it is refused.
///
/// Whatever must outlive fresh data, such as a dialog with something typed into it, stands beside it, not in `view`.
pub fn show<T>(data: Data<T>, view: impl Fn(T) -> AnyView + Send + Sync + 'static) -> AnyView
where
    T: DeserializeOwned + 'static,
{
    shown(data.raw(), refused, Arc::new(move |payload| payload.read().map(&view)))
}

/// The same, in a page that keeps its own heading when the data is refused.
pub fn show_within<T>(data: Data<T>, view: impl Fn(T) -> AnyView + Send + Sync + 'static) -> AnyView
where
    T: DeserializeOwned + 'static,
{
    shown(data.raw(), refused_within, Arc::new(move |payload| payload.read().map(&view)))
}

/// The same, below other data of the same thing: where the thing can't be seen at all, that is said there already.
pub fn show_below<T>(data: Data<T>, view: impl Fn(T) -> AnyView + Send + Sync + 'static) -> AnyView
where
    T: DeserializeOwned + 'static,
{
    shown(data.raw(), refused_below, Arc::new(move |payload| payload.read().map(&view)))
}

fn refused(error: AppError) -> AnyView {
    view! { <Problem error=error /> }.into_any()
}

fn refused_within(error: AppError) -> AnyView {
    view! {
        <div class="c-problem">
            <Problem error=error is_within=true />
        </div>
    }
    .into_any()
}

fn refused_below(error: AppError) -> AnyView {
    match error {
        AppError::Answered(UiError::NotFound { .. } | UiError::SignIn | UiError::Forbidden) => ().into_any(),
        error => refused_within(error),
    }
}

fn shown(raw: Resource<Answer>, refused: fn(AppError) -> AnyView, view: View) -> AnyView {
    view! {
        <Transition fallback=|| {
            view! { <Skeleton /> }
        }>
            {move || {
                let view = Arc::clone(&view);
                Suspend::new(async move {
                    match raw.await.and_then(|payload| view(&payload)) {
                        Ok(view) => view,
                        Err(error) => refused(error),
                    }
                })
            }}
        </Transition>
    }
    .into_any()
}
