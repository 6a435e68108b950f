//! A project: its repositories, and how to fill it.

pub mod model;
mod push_guide;
mod table;

use super::{PAGE_SIZE, use_page_number, use_path_part};
use crate::{
    components::{
        breadcrumb::{Breadcrumb, Crumb},
        icon::Glyph,
        page_head::PageHead,
        page_title::PageTitle,
        pager::Pager,
        pill::{Pill, PillKind},
        problem::Problem,
        skeleton::Skeleton,
        state_panel::StatePanel,
    },
    context::session::use_session,
    error::AppError,
    format,
    i18n::{t_string, use_i18n},
    server_fns::project::get_project,
    view::{ProjectContent, SessionView},
};
use leptos::{either::Either, prelude::*};
use push_guide::PushGuide;
use table::RepositoryTable;

/// The repositories of one project.
#[component]
pub fn ProjectPage() -> impl IntoView {
    let project = use_path_part("project");
    let page = use_page_number();
    let session = use_session();
    let content =
        Resource::new(move || (project.get(), page.get()), |(project, page)| get_project(project, page));
    view! {
        <Transition fallback=|| view! { <Skeleton /> }>
            {move || Suspend::new(async move {
                match both(content.await, session.current.await) {
                    Ok((content, session)) => {
                        Either::Left(
                            view! { <Content content=content session=session page=page.get_untracked() /> },
                        )
                    }
                    Err(error) => Either::Right(view! { <Problem error=error /> }),
                }
            })}
        </Transition>
    }
    .into_any()
}

fn both<T>(
    content: Result<T, AppError>,
    session: Result<SessionView, AppError>,
) -> Result<(T, SessionView), AppError> {
    Ok((content?, session?))
}

#[component]
fn Content(content: ProjectContent, session: SessionView, page: u64) -> impl IntoView {
    let i18n = use_i18n();
    let name = content.project.name.clone();
    let may_push = model::may_push(&content.project, session.user.as_ref());
    let total = content.repositories.total;
    let note = Signal::derive(move || {
        t_string!(i18n, project.repositories, count = total, number = format::count(total))
    });
    let is_public = model::is_public(&content.project);
    let visibility = move || {
        if is_public { t_string!(i18n, projects.public) } else { t_string!(i18n, projects.private) }
    };
    let crumbs = vec![Crumb {
        href: "/projects".to_owned(),
        text: Signal::derive(move || t_string!(i18n, shell.projects).to_owned()),
    }];
    let body = if content.repositories.items.is_empty() {
        Either::Left(view! { <Empty may_push=may_push /> })
    } else {
        Either::Right(view! { <RepositoryTable content=content.clone() /> })
    };
    let guide = view! {
        <PushGuide
            project=name.clone()
            registry=session.registry
            may_push=may_push
            is_open=total == 0
        />
    };
    let path = format!("/projects/{}", format::encode(&name));
    view! {
        <PageTitle text=name.clone() />
        <div class="l-stack">
            <div>
                <Breadcrumb crumbs=crumbs />
                <PageHead title=name note=note>
                    <Pill kind=PillKind::State>{visibility}</Pill>
                </PageHead>
            </div>
            {body}
            <Pager path=path page=page size=PAGE_SIZE total=total />
            {guide}
        </div>
    }
    .into_any()
}

#[component]
fn Empty(may_push: bool) -> impl IntoView {
    let i18n = use_i18n();
    let text = Signal::derive(move || {
        if may_push {
            t_string!(i18n, project.empty_text).to_owned()
        } else {
            t_string!(i18n, project.empty_reader_text).to_owned()
        }
    });
    view! {
        <StatePanel
            glyph=Glyph::Layers
            title=Signal::derive(move || t_string!(i18n, project.empty_title).to_owned())
            text=text
        />
    }
    .into_any()
}
