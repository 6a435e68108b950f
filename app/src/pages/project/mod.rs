//! A project: its repositories, and how to fill it.

use super::use_path_part;
use crate::{
    browser,
    commands::{Pick, Place, Task},
    components::{
        commands::Commands,
        data_table::{Cell, Column, DataTable},
        icon::Glyph,
        list_tools::{self, ListTools},
        page_head::PageHead,
        pager::Pager,
        show::{show, show_below},
        state_panel::StatePanel,
    },
    context::{locale::use_locale, session::use_session},
    format,
    i18n::{Locale, td_string},
    link,
    listing::{Listing, use_listing},
    live::{self, Scope},
    pages::projects::visibility_name,
    remote::{Submission, load},
    server_fns::{preference::UpdateClient, project::GetProject, repository::ListRepositories},
    view::{ProjectHead, RepositoryList, RepositoryRow},
};
use chrono::{DateTime, Utc};
use leptos::prelude::*;

/// The list's own order.
const OWN: &str = "-update_time";

/// The repositories of one project.
#[component]
pub fn ProjectPage() -> impl IntoView {
    let locale = use_locale();
    let project = use_path_part("project");
    let listing = use_listing();
    let head = load(move || GetProject { project: project.get() });
    let repositories = load(move || ListRepositories { project: project.get(), listing: listing.get() });
    let changed = Callback::new(move |()| {
        repositories.refetch();
        // fresh data would take the field away from whoever types into it
        if !browser::has_focus(list_tools::FIELD) {
            head.refetch();
        }
    });
    let read_at = RwSignal::new(None);
    let scope = move || Scope { project: project.get(), repository: String::new() };
    live::follow(scope, read_at, changed);
    let choose = Submission::of::<UpdateClient>();
    let is_open = RwSignal::new(None);
    view! {
        <div class="l-stack">
            {show(head, move |head| top(locale, head, listing))}
            {show_below(repositories, move |list| {
                read_at.set(Some(list.as_of));
                table(locale, list, &project.get_untracked(), listing.get_untracked())
            })} {show_below(head, move |head| guide(locale, head, choose, is_open))}
        </div>
    }
    .into_any()
}

fn top(locale: Locale, head: ProjectHead, listing: Memo<Listing>) -> AnyView {
    let project = head.project;
    let note = td_string!(
        locale,
        project.repositories,
        count = project.repositories,
        number = format::signed_count(project.repositories)
    );
    let tools = (project.repositories > 0).then(|| {
        let path = link::project(&project.name);
        view! { <ListTools path=path listing=listing label=td_string!(locale, project.search) /> }
    });
    view! {
        <PageHead
            crumbs=vec![(link::PROJECTS.to_owned(), td_string!(locale, shell.projects).to_owned())]
            title=project.name
            note=note
            pill=visibility_name(locale, project.is_public).to_owned()
        />
        {tools}
    }
    .into_any()
}

fn table(locale: Locale, list: RepositoryList, project: &str, listing: Listing) -> AnyView {
    let RepositoryList { as_of, rights, repositories } = list;
    if repositories.items.is_empty() {
        return empty(locale, !listing.q.is_empty(), rights.push);
    }
    let path = link::project(project);
    let sort = |key| listing.sort_link(&path, key, OWN);
    let columns = vec![
        Column::text(td_string!(locale, project.name)).sorted_by(sort("name")),
        Column::number(td_string!(locale, project.artifacts)),
        Column::number(td_string!(locale, project.pulls)).sorted_by(sort("pull_count")),
        Column::text(td_string!(locale, project.updated)).sorted_by(sort("update_time")),
    ];
    let total = repositories.total;
    let rows = repositories.items.into_iter().map(|repository| row(repository, as_of)).collect();
    let caption = td_string!(locale, project.caption, project = project);
    view! {
        <DataTable caption=caption columns=columns rows=rows />
        <Pager path=path listing=listing total=total />
    }
    .into_any()
}

fn row(repository: RepositoryRow, as_of: DateTime<Utc>) -> Vec<Cell> {
    let path = repository.name.split_once('/').map_or("", |(_, path)| path).to_owned();
    let note = Some(repository.description).filter(|text| !text.trim().is_empty());
    vec![
        Cell::Name { href: link::repository(&repository.name), text: path, note, pills: Vec::new() },
        Cell::Text(format::signed_count(repository.artifacts)),
        Cell::Text(format::signed_count(repository.pulls)),
        Cell::Time(Some(repository.updated_at), as_of),
    ]
}

fn empty(locale: Locale, is_narrowed: bool, may_push: bool) -> AnyView {
    let title = td_string!(locale, project.empty_title);
    let (glyph, title, text) = if is_narrowed {
        (Glyph::Search, td_string!(locale, state.no_match_title), td_string!(locale, state.no_match_text))
    } else if may_push {
        (Glyph::Layers, title, td_string!(locale, project.empty_text))
    } else {
        (Glyph::Layers, title, td_string!(locale, project.empty_reader_text))
    };
    view! { <StatePanel glyph=glyph title=title text=text /> }.into_any()
}

/// The commands, open at once while there is nothing else to see; afterwards as the reader left them.
fn guide(locale: Locale, head: ProjectHead, choose: Submission, is_open: RwSignal<Option<bool>>) -> AnyView {
    let ProjectHead { project, rights, .. } = head;
    let session = use_session().view();
    let place = Place::project(session.registry, session.user.map(|user| user.name), &project.name);
    let mut tasks = vec![Task::SignIn];
    if rights.push {
        tasks.push(Task::Push);
    }
    tasks.push(Task::Pull(Pick::any()));
    let is_open_now = is_open.get_untracked().unwrap_or(project.repositories == 0);
    let toggled = move |event| {
        let details: web_sys::Element = event_target(&event);
        is_open.set(Some(details.has_attribute("open")));
    };
    view! {
        <details class="c-disclosure" open=is_open_now on:toggle=toggled>
            <summary class="c-disclosure__summary">{td_string!(locale, project.commands)}</summary>
            <div class="c-disclosure__body">
                <Commands place=place tasks=tasks choose=choose />
            </div>
        </details>
    }
    .into_any()
}
