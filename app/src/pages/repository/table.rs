//! The artifacts of a repository as a table.

use super::model;
use crate::{
    components::{
        copy_button::CopyButton,
        data_table::{Column, DataTable},
        pill::{Pill, PillKind},
        time_ago::TimeAgo,
    },
    format,
    i18n::{t, t_string, use_i18n},
    view::RepositoryContent,
};
use chrono::{DateTime, Utc};
use leptos::{either::Either, prelude::*};
use types::harbor::artifact::Artifact;

/// One row an artifact, with all its tags.
#[component]
pub fn ArtifactTable(
    /// The repository and its artifacts.
    content: RepositoryContent,
    /// The repository's name for docker, with the registry in front.
    image: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let RepositoryContent { as_of, repository, artifacts } = content;
    let columns = vec![
        Column::text(move || t_string!(i18n, repository.tag)),
        Column::text(move || t_string!(i18n, repository.digest)),
        Column::text(move || t_string!(i18n, repository.platforms)),
        Column::number(move || t_string!(i18n, repository.size)),
        Column::text(move || t_string!(i18n, repository.pushed)),
    ];
    let caption =
        Signal::derive(move || t_string!(i18n, repository.caption, repository = repository.name.as_str()));
    let rows = artifacts
        .items
        .into_iter()
        .map(|artifact| view! { <Row artifact=artifact image=image.clone() as_of=as_of /> })
        .collect_view();
    view! {
        <DataTable caption=caption columns=columns>
            {rows}
        </DataTable>
    }
    .into_any()
}

#[component]
fn Row(artifact: Artifact, image: String, as_of: DateTime<Utc>) -> impl IntoView {
    let i18n = use_i18n();
    let pull = format!("docker pull {image}@{}", artifact.digest);
    let platforms = model::platforms(&artifact);
    let is_platform_free = platforms.is_empty();
    let platforms = platforms
        .into_iter()
        .map(|name| view! { <Pill kind=PillKind::Platform>{name}</Pill> })
        .collect_view();
    let names: Vec<String> = artifact.tags.into_iter().flatten().map(|tag| tag.name).collect();
    let tags = if names.is_empty() {
        Either::Left(view! { <span class="c-data-table__muted">{t!(i18n, repository.untagged)}</span> })
    } else {
        Either::Right(
            names.into_iter().map(|name| view! { <Pill kind=PillKind::Tag>{name}</Pill> }).collect_view(),
        )
    };
    view! {
        <tr>
            <td>
                <span class="c-data-table__line">{tags}</span>
            </td>
            <td data-label=move || t_string!(i18n, repository.digest)>
                <span class="c-data-table__line">
                    <code class="c-code" title=artifact.digest.clone()>
                        {format::short_digest(&artifact.digest)}
                    </code>
                    <CopyButton text=pull is_mark=true />
                </span>
            </td>
            <td class:is-empty=is_platform_free data-label=move || t_string!(i18n, repository.platforms)>
                <span class="c-data-table__line">{platforms}</span>
            </td>
            <td class="c-data-table__number" data-label=move || t_string!(i18n, repository.size)>
                {format::size(artifact.size)}
            </td>
            <td data-label=move || t_string!(i18n, repository.pushed)>
                <TimeAgo at=artifact.push_time as_of=as_of />
            </td>
        </tr>
    }
    .into_any()
}
