//! A repository: its artifacts with their tags, and how to pull them.

#[cfg(feature = "hydrate")]
mod live;
mod model;
mod table;

use super::{PAGE_SIZE, use_page_number, use_path_part};
use crate::{
    components::{
        breadcrumb::{Breadcrumb, Crumb},
        copy_field::CopyField,
        icon::Glyph,
        page_head::PageHead,
        page_title::PageTitle,
        pager::Pager,
        problem::Problem,
        skeleton::Skeleton,
        state_panel::StatePanel,
    },
    context::session::use_session,
    format,
    i18n::{t_string, use_i18n},
    server_fns::artifact::list_artifacts,
    view::{RegistryAddress, RepositoryContent},
};
use leptos::{either::Either, prelude::*};
use table::ArtifactTable;

/// The artifacts of one repository.
#[component]
pub fn RepositoryPage() -> impl IntoView {
    let project = use_path_part("project");
    let repository = use_path_part("repository");
    let page = use_page_number();
    let session = use_session();
    let content = Resource::new(
        move || (project.get(), repository.get(), page.get()),
        |(project, repository, page)| list_artifacts(project, repository, page),
    );
    #[cfg(feature = "hydrate")]
    live::refetch_on_change(content, project, repository);
    view! {
        <Transition fallback=|| view! { <Skeleton /> }>
            {move || Suspend::new(async move {
                let registry = session.current.await.map(|session| session.registry);
                match content.await.and_then(|content| Ok((content, registry?))) {
                    Ok((content, registry)) => {
                        Either::Left(
                            view! { <Content content=content registry=registry page=page.get_untracked() /> },
                        )
                    }
                    Err(error) => Either::Right(view! { <Problem error=error /> }),
                }
            })}
        </Transition>
    }
    .into_any()
}

#[component]
fn Content(content: RepositoryContent, registry: RegistryAddress, page: u64) -> impl IntoView {
    let i18n = use_i18n();
    let total = content.artifacts.total;
    let name = content.repository.name.clone();
    let (project, path) = model::split(&name);
    let (project, path) = (project.to_owned(), path.to_owned());
    let note = Signal::derive(move || {
        t_string!(i18n, repository.artifacts, count = total, number = format::count(total))
    });
    let crumbs = vec![
        Crumb {
            href: "/projects".to_owned(),
            text: Signal::derive(move || t_string!(i18n, shell.projects).to_owned()),
        },
        Crumb {
            href: format!("/projects/{}", format::encode(&project)),
            text: Signal::stored(project.clone()),
        },
    ];
    let description = Some(content.repository.description.clone()).filter(|text| !text.trim().is_empty());
    let image = format!("{}/{name}", registry.host);
    let pull = model::newest_tag(&content.artifacts.items)
        .map(|tag| view! { <CopyField text=format!("docker pull {image}:{tag}") /> });
    let body = if content.artifacts.items.is_empty() {
        Either::Left(view! { <Empty /> })
    } else {
        Either::Right(view! { <ArtifactTable content=content image=image /> })
    };
    let href = format!("/projects/{}/{}", format::encode(&project), format::encode_path(&path));
    view! {
        <PageTitle text=name />
        <div class="l-stack">
            <div>
                <Breadcrumb crumbs=crumbs />
                <PageHead title=path note=note />
                {description.map(|text| view! { <p>{text}</p> })}
            </div>
            {pull}
            {body}
            <Pager path=href page=page size=PAGE_SIZE total=total />
        </div>
    }
    .into_any()
}

#[component]
fn Empty() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <StatePanel
            glyph=Glyph::Layers
            title=Signal::derive(move || t_string!(i18n, repository.empty_title).to_owned())
            text=Signal::derive(move || t_string!(i18n, repository.empty_reader_text).to_owned())
        />
    }
    .into_any()
}
