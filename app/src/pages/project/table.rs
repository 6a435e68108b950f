//! The repositories of a project as a table.

use crate::{
    components::{
        data_table::{Column, DataTable},
        time_ago::TimeAgo,
    },
    format,
    i18n::{t_string, use_i18n},
    view::ProjectContent,
};
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use leptos_router::components::A;
use types::harbor::repository::Repository;

/// One row a repository.
#[component]
pub fn RepositoryTable(
    /// The project and its repositories.
    content: ProjectContent,
) -> impl IntoView {
    let i18n = use_i18n();
    let ProjectContent { as_of, project, repositories } = content;
    let columns = vec![
        Column::text(move || t_string!(i18n, project.name)),
        Column::number(move || t_string!(i18n, project.artifacts)),
        Column::number(move || t_string!(i18n, project.pulls)),
        Column::text(move || t_string!(i18n, project.updated)),
    ];
    let name = project.name.clone();
    let caption = Signal::derive(move || t_string!(i18n, project.caption, project = name.as_str()));
    let rows = repositories
        .items
        .into_iter()
        .map(|repository| view! { <Row repository=repository project=project.name.clone() as_of=as_of /> })
        .collect_view();
    view! {
        <DataTable caption=caption columns=columns>
            {rows}
        </DataTable>
    }
    .into_any()
}

#[component]
fn Row(repository: Repository, project: String, as_of: DateTime<Utc>) -> impl IntoView {
    let i18n = use_i18n();
    let prefix = format!("{project}/");
    let path = repository.name.strip_prefix(&prefix).unwrap_or(&repository.name).to_owned();
    let href = format!("/projects/{}/{}", format::encode(&project), format::encode_path(&path));
    view! {
        <tr>
            <td>
                <A href=href attr:class="c-data-table__name">
                    {path}
                </A>
            </td>
            <td class="c-data-table__number" data-label=move || t_string!(i18n, project.artifacts)>
                {format::signed_count(repository.artifact_count)}
            </td>
            <td class="c-data-table__number" data-label=move || t_string!(i18n, project.pulls)>
                {format::signed_count(repository.pull_count)}
            </td>
            <td data-label=move || t_string!(i18n, project.updated)>
                <TimeAgo at=repository.update_time as_of=as_of />
            </td>
        </tr>
    }
    .into_any()
}
