//! Keeps an open page of a repository true while somebody pushes to it.

use crate::{error::AppError, server_fns::repository::GetRepository, view::RepositoryContent};
use gloo_net::http::{Request, Response};
use leptos::{leptos_dom::helpers::IntervalHandle, prelude::*, server_fn::ServerFn, task::spawn_local};
use std::time::Duration;
use types::harbor::repository::Repository;
use web_sys::RequestCache;

/// How often the server is asked.
const INTERVAL: Duration = Duration::from_secs(5);

type Content = Resource<Result<RepositoryContent, AppError>>;

/// Reads `content` again when the repository changed since the page was read.
///
/// Only the repository's own small record is asked for; a change makes the page ask for the rest. A page
/// that is not visible asks nothing, and one refusal ends the asking: a reload then says why.
pub fn refetch_on_change(content: Content, project: Memo<String>, repository: Memo<String>) {
    Effect::new(move || {
        let (project, repository) = (project.get(), repository.get());
        let timer = StoredValue::new(None::<IntervalHandle>);
        let stop = move || {
            if let Some(timer) = timer.try_get_value().flatten() {
                timer.clear();
            }
        };
        let ask = move || {
            if document().hidden() {
                return;
            }
            let (project, repository) = (project.clone(), repository.clone());
            spawn_local(async move {
                match get_repository(&project, &repository).await {
                    Ok(response) if response.ok() => refetch_if_changed(content, response).await,
                    Ok(_) => stop(),
                    // the server may be back at the next turn
                    Err(_) => {}
                }
            });
        };
        timer.set_value(set_interval_with_handle(ask, INTERVAL).ok());
        on_cleanup(stop);
    });
}

/// Asks for the repository as it is, past every cache.
async fn get_repository(project: &str, repository: &str) -> Result<Response, gloo_net::Error> {
    Request::get(GetRepository::PATH)
        .query([("project", project), ("repository", repository)])
        .cache(RequestCache::NoStore)
        .send()
        .await
}

async fn refetch_if_changed(content: Content, response: Response) {
    let Ok(present) = response.json::<Repository>().await else { return };
    let Some(Ok(shown)) = content.try_get_untracked().flatten() else { return };
    let state = |repository: &Repository| (repository.update_time, repository.artifact_count);
    if shown.repository.name == present.name && state(&shown.repository) != state(&present) {
        content.refetch();
    }
}
