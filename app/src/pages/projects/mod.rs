//! The list of projects.

mod table;

use super::{PAGE_SIZE, use_page_number};
use crate::{
    components::{
        icon::Glyph, page_head::PageHead, page_title::PageTitle, pager::Pager, problem::Problem,
        skeleton::Skeleton, state_panel::StatePanel,
    },
    context::session::use_session,
    format,
    i18n::{t, t_string, use_i18n},
    server_fns::project::list_projects,
    view::ProjectList,
};
use leptos::{either::Either, prelude::*};
use leptos_router::components::A;
use table::ProjectTable;

/// Every project the visitor can see.
#[component]
pub fn ProjectsPage() -> impl IntoView {
    let page = use_page_number();
    let session = use_session();
    let projects = Resource::new(move || page.get(), list_projects);
    view! {
        <Transition fallback=|| view! { <Skeleton /> }>
            {move || Suspend::new(async move {
                let is_signed_in = session.current.await.is_ok_and(|session| session.user.is_some());
                match projects.await {
                    Ok(list) => {
                        Either::Left(
                            view! { <Content list=list page=page.get_untracked() is_signed_in=is_signed_in /> },
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
fn Content(list: ProjectList, page: u64, is_signed_in: bool) -> impl IntoView {
    let i18n = use_i18n();
    let total = list.projects.total;
    let title = Signal::derive(move || t_string!(i18n, projects.title).to_owned());
    let note = Signal::derive(move || {
        t_string!(i18n, projects.visible, count = total, number = format::count(total))
    });
    let body = if list.projects.items.is_empty() {
        Either::Left(view! { <Empty is_signed_in=is_signed_in /> })
    } else {
        Either::Right(view! { <ProjectTable list=list /> })
    };
    view! {
        <PageTitle text=title />
        <div class="l-stack">
            <PageHead title=title note=note />
            {body}
            <Pager path="/projects".to_owned() page=page size=PAGE_SIZE total=total />
        </div>
    }
    .into_any()
}

#[component]
fn Empty(is_signed_in: bool) -> impl IntoView {
    let i18n = use_i18n();
    let text = Signal::derive(move || {
        if is_signed_in {
            t_string!(i18n, projects.empty_text).to_owned()
        } else {
            t_string!(i18n, projects.empty_anonymous_text).to_owned()
        }
    });
    let way_on = (!is_signed_in).then(|| {
        view! {
            <A href="/sign-in" attr:class="c-button c-button--primary">
                {t!(i18n, shell.sign_in)}
            </A>
        }
    });
    view! {
        <StatePanel
            glyph=Glyph::Box
            title=Signal::derive(move || t_string!(i18n, projects.empty_title).to_owned())
            text=text
        >
            {way_on}
        </StatePanel>
    }
    .into_any()
}
