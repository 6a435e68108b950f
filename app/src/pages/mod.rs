//! The pages: each owns its data and composes components.

pub mod account;
pub mod activity;
pub mod artifact;
pub mod health;
pub mod home;
pub mod members;
pub mod not_found;
pub mod project;
pub mod projects;
pub mod register;
pub mod repository;
pub mod search;
pub mod setting_switch;
pub mod settings;
pub mod sign_in;
pub mod users;

use crate::{
    components::page_head::PageHead,
    context::navigation::use_navigator,
    error::AppError,
    i18n::{Locale, td_string},
    link,
    remote::Submission,
};
use leptos::prelude::*;
use leptos_router::{
    hooks::{use_params_map, use_query_map},
    params::ParamsMap,
};
use serde::de::DeserializeOwned;

/// A part of the path, by its name in the route table.
fn use_path_part(name: &'static str) -> Memo<String> {
    let params = use_params_map();
    Memo::new(move |_| params.read().get(name).unwrap_or_default())
}

/// The top of a page about a project that is not its first one.
fn project_page_head(locale: Locale, project: String, title: &'static str) -> AnyView {
    let crumbs = vec![
        (link::PROJECTS.to_owned(), td_string!(locale, shell.projects).to_owned()),
        (link::project(&project), project),
    ];
    view! { <PageHead crumbs=crumbs title=title /> }.into_any()
}

/// Whether the dialog is open that the address opens by `?name=1`: a link to it works before the page is awake.
///
/// `closed` is the address of the page without it, where closing the dialog leads.
fn use_dialog(name: &'static str, closed: impl Fn() -> String + Send + Sync + 'static) -> RwSignal<bool> {
    let query = use_query_map();
    let navigator = use_navigator();
    let is_asked_for = Memo::new(move |_| query.read().get_str(name).is_some());
    let is_open = RwSignal::new(is_asked_for.get_untracked());
    Effect::new(move || is_open.set(is_asked_for.get()));
    Effect::new(move || {
        if !is_open.get() && is_asked_for.get_untracked() {
            navigator.replace(&closed());
        }
    });
    is_open
}

/// Whether the dialog about `target` is open: as long as there is one.
fn use_open<T: Send + Sync + 'static>(target: RwSignal<Option<T>>) -> RwSignal<bool> {
    let is_open = RwSignal::new(false);
    Effect::new(move || {
        if target.with(Option::is_some) {
            is_open.set(true);
        }
    });
    Effect::new(move || {
        if !is_open.get() {
            target.set(None);
        }
    });
    is_open
}

/// Why a form was refused: its last answer says it louder than the address it came back to before the page was awake.
fn refusal<T: DeserializeOwned, R>(
    submission: Submission,
    of_answer: fn(Result<T, AppError>) -> Option<R>,
    query: Memo<ParamsMap>,
    of_query: fn(&ParamsMap) -> Option<R>,
) -> Option<R> {
    match submission.answer() {
        Some(answer) => of_answer(answer.and_then(|answer| answer.read())),
        None if submission.is_pending() => None,
        None => of_query(&query.read()),
    }
}

/// Forgets why a form was refused when its dialog opens or closes; what the page came back with still shows.
fn forget_with_dialog(submission: Submission, is_open: RwSignal<bool>) {
    Effect::new(move |before: Option<bool>| {
        let present = is_open.get();
        if before.is_some_and(|before| before != present) {
            submission.clear();
        }
        present
    });
}
