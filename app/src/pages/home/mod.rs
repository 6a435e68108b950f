//! Where everybody starts: what is going on, and the way to a first push.

mod start;
mod welcome;

use crate::{
    components::{
        data_table::{Cell, Column, DataTable},
        page_head::PageHead,
        pill::PillKind,
        show::show,
    },
    context::{locale::use_locale, session::use_session},
    format,
    i18n::{Locale, td_string},
    link,
    pages::projects::{role_name, visibility_name},
    remote::{Submission, load},
    server_fns::{home::GetHome, preference::UpdateClient},
    view::{HomeContent, HomeProjectRow},
};
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use types::view::{RecentPush, Totals};

/// The first page, for members and for visitors.
#[component]
pub fn HomePage() -> impl IntoView {
    let locale = use_locale();
    let home = load(|| GetHome {});
    let choose = Submission::of::<UpdateClient>().staying();
    let is_signed_in = use_session().is_signed_in();
    show(home, move |home| if is_signed_in { page(locale, home, choose) } else { visitor_page(locale, home) })
}

fn page(locale: Locale, home: HomeContent, choose: Submission) -> AnyView {
    let HomeContent { as_of, projects, pushes, totals, has_pushed, .. } = home;
    let start = (!has_pushed).then(|| start::start(locale, &projects, choose));
    let list = projects_section(locale, td_string!(locale, home.your_projects), projects, as_of, true);
    view! {
        <div class="l-stack">
            <PageHead title=td_string!(locale, home.title) />
            {start} {stats(locale, totals)}
            <div class="p-home__columns">{list} {pushes_section(locale, pushes, as_of)}</div>
        </div>
    }
    .into_any()
}

fn visitor_page(locale: Locale, home: HomeContent) -> AnyView {
    let title = td_string!(locale, home.public_projects);
    let list = projects_section(locale, title, home.projects, home.as_of, false);
    view! {
        <div class="l-stack">
            {welcome::welcome(locale)} {list}
        </div>
    }
    .into_any()
}

fn stats(locale: Locale, totals: Totals) -> AnyView {
    let bytes = i64::try_from(totals.bytes).unwrap_or(i64::MAX);
    let values = [
        (td_string!(locale, home.projects), format::count(totals.projects)),
        (td_string!(locale, home.repositories), format::count(totals.repositories)),
        (td_string!(locale, home.artifacts), format::count(totals.artifacts)),
        (td_string!(locale, home.stored), format::size(bytes)),
    ];
    let values = values
        .into_iter()
        .map(|(name, value)| {
            view! {
                <div class="p-home__stat">
                    <dt class="p-home__stat-name">{name}</dt>
                    <dd class="p-home__stat-value">{value}</dd>
                </div>
            }
            .into_any()
        })
        .collect::<Vec<_>>();
    view! {
        <section aria-label=td_string!(locale, home.totals)>
            <dl class="p-home__stats">{values}</dl>
        </section>
    }
    .into_any()
}

fn projects_section(
    locale: Locale,
    title: &'static str,
    projects: Vec<HomeProjectRow>,
    as_of: DateTime<Utc>,
    has_roles: bool,
) -> AnyView {
    let body = if projects.is_empty() {
        let text = if has_roles {
            td_string!(locale, home.no_projects)
        } else {
            td_string!(locale, home.no_public_projects)
        };
        view! { <p class="p-home__empty">{text}</p> }.into_any()
    } else {
        let mut columns = vec![Column::text(td_string!(locale, projects.name))];
        if has_roles {
            columns.push(Column::text(td_string!(locale, projects.role)));
        }
        columns.push(Column::number(td_string!(locale, projects.repositories)));
        columns.push(Column::text(td_string!(locale, home.last_push)));
        let rows = projects.into_iter().map(|row| project_row(locale, row, as_of, has_roles)).collect();
        view! { <DataTable caption=title columns=columns rows=rows /> }.into_any()
    };
    view! {
        <section class="p-home__section">
            <div class="p-home__head">
                <h2>{title}</h2>
                <a href=link::PROJECTS>{td_string!(locale, home.all_projects)}</a>
            </div>
            {body}
        </section>
    }
    .into_any()
}

fn project_row(locale: Locale, row: HomeProjectRow, as_of: DateTime<Utc>, has_roles: bool) -> Vec<Cell> {
    let HomeProjectRow { project, pushed_at } = row;
    let visibility = visibility_name(locale, project.is_public).to_owned();
    let mut cells = vec![Cell::Name {
        href: link::project(&project.name),
        text: project.name,
        note: None,
        pills: vec![(PillKind::State, visibility)],
    }];
    if has_roles {
        cells.push(Cell::Text(role_name(locale, project.role).to_owned()));
    }
    cells.push(Cell::Text(format::signed_count(project.repositories)));
    cells.push(Cell::Time(pushed_at, as_of));
    cells
}

fn pushes_section(locale: Locale, pushes: Vec<RecentPush>, as_of: DateTime<Utc>) -> AnyView {
    let title = td_string!(locale, home.recent);
    let body = if pushes.is_empty() {
        view! { <p class="p-home__empty">{td_string!(locale, home.no_pushes)}</p> }.into_any()
    } else {
        let columns = vec![
            Column::text(td_string!(locale, home.image)),
            Column::text(td_string!(locale, home.actor)),
            Column::text(td_string!(locale, home.at)),
        ];
        let rows = pushes.into_iter().map(|push| push_row(push, as_of)).collect();
        view! { <DataTable caption=title columns=columns rows=rows /> }.into_any()
    };
    view! {
        <section class="p-home__section">
            <div class="p-home__head">
                <h2>{title}</h2>
            </div>
            {body}
        </section>
    }
    .into_any()
}

fn push_row(push: RecentPush, as_of: DateTime<Utc>) -> Vec<Cell> {
    let name = match (&push.tag, &push.digest) {
        (Some(tag), _) => format!("{}:{tag}", push.repository),
        (None, Some(digest)) => format!("{}@{}", push.repository, format::short_digest(digest)),
        (None, None) => push.repository.clone(),
    };
    let href = match &push.digest {
        Some(digest) => link::artifact(&push.repository, digest),
        None => link::repository(&push.repository),
    };
    vec![
        Cell::Name { href, text: name, note: None, pills: Vec::new() },
        Cell::Text(push.actor),
        Cell::Time(Some(push.at), as_of),
    ]
}
