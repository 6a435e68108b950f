//! The projects as a table.

use crate::{
    components::{
        data_table::{Column, DataTable},
        pill::{Pill, PillKind},
        time_ago::TimeAgo,
    },
    format,
    i18n::{t_string, use_i18n},
    pages::project::model,
    view::ProjectList,
};
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use leptos_router::components::A;
use types::{harbor::project::Project, role::Role};

/// One row a project.
#[component]
pub fn ProjectTable(
    /// The projects.
    list: ProjectList,
) -> impl IntoView {
    let i18n = use_i18n();
    let as_of = list.as_of;
    let columns = vec![
        Column::text(move || t_string!(i18n, projects.name)),
        Column::text(move || t_string!(i18n, projects.role)),
        Column::number(move || t_string!(i18n, projects.repositories)),
        Column::text(move || t_string!(i18n, projects.owner)),
        Column::text(move || t_string!(i18n, projects.created)),
    ];
    let rows = list
        .projects
        .items
        .into_iter()
        .map(|project| view! { <Row project=project as_of=as_of /> })
        .collect_view();
    view! {
        <DataTable
            caption=Signal::derive(move || t_string!(i18n, projects.caption).to_owned())
            columns=columns
        >
            {rows}
        </DataTable>
    }
    .into_any()
}

#[component]
fn Row(project: Project, as_of: DateTime<Utc>) -> impl IntoView {
    let i18n = use_i18n();
    let is_public = model::is_public(&project);
    let role = model::role(&project);
    let visibility = move || {
        if is_public { t_string!(i18n, projects.public) } else { t_string!(i18n, projects.private) }
    };
    let role = move || match role {
        Some(Role::ProjectAdmin) => t_string!(i18n, role.project_admin),
        Some(Role::Maintainer) => t_string!(i18n, role.maintainer),
        Some(Role::Developer) => t_string!(i18n, role.developer),
        Some(Role::Guest) => t_string!(i18n, role.guest),
        Some(Role::LimitedGuest) => t_string!(i18n, role.limited_guest),
        None => t_string!(i18n, role.none),
    };
    let href = format!("/projects/{}", format::encode(&project.name));
    view! {
        <tr>
            <td>
                <span class="c-data-table__line">
                    <A href=href attr:class="c-data-table__name">
                        {project.name}
                    </A>
                    <Pill kind=PillKind::State>{visibility}</Pill>
                </span>
            </td>
            <td data-label=move || t_string!(i18n, projects.role)>{role}</td>
            <td class="c-data-table__number" data-label=move || t_string!(i18n, projects.repositories)>
                {format::signed_count(project.repo_count)}
            </td>
            <td data-label=move || t_string!(i18n, projects.owner)>{project.owner_name}</td>
            <td data-label=move || t_string!(i18n, projects.created)>
                <TimeAgo at=project.creation_time as_of=as_of />
            </td>
        </tr>
    }
    .into_any()
}
