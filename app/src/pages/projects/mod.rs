//! The list of projects, and making one.

mod create;

use super::use_dialog;
use crate::{
    components::{
        data_table::{Cell, Column, DataTable},
        icon::{Glyph, Icon},
        list_tools::ListTools,
        page_head::PageHead,
        pager::Pager,
        pill::PillKind,
        show::show,
        state_panel::StatePanel,
    },
    context::{locale::use_locale, session::use_session},
    format,
    i18n::{Locale, td_string},
    link,
    listing::{Listing, use_listing},
    remote::load,
    server_fns::project::ListProjects,
    view::{ProjectList, ProjectRow},
};
use chrono::{DateTime, Utc};
pub use create::visibility_choices;
use leptos::prelude::*;
use types::role::Role;

/// The address that opens the form of a new project.
pub const NEW: &str = "/projects?new=1";

/// Every project the visitor can see.
#[component]
pub fn ProjectsPage() -> impl IntoView {
    let locale = use_locale();
    let listing = use_listing();
    let projects = load(move || ListProjects { listing: listing.get() });
    let session = use_session();
    let (is_signed_in, may_create) = (session.is_signed_in(), session.may_create_projects());
    let is_creating = use_dialog("new", move || listing.get_untracked().href(link::PROJECTS));
    let new = may_create.then(|| {
        view! {
            <a href=NEW class="c-button c-button--primary" data-noscroll="true">
                <Icon glyph=Glyph::Plus />
                {td_string!(locale, projects.new)}
            </a>
        }
    });
    let mut groups = vec![("", td_string!(locale, projects.all))];
    if is_signed_in {
        groups.push(("mine", td_string!(locale, projects.mine)));
    }
    groups.extend([
        ("public", td_string!(locale, projects.public)),
        ("private", td_string!(locale, projects.private)),
    ]);
    view! {
        <div class="l-stack">
            <PageHead title=td_string!(locale, projects.title)>{new}</PageHead>
            {may_create.then(|| view! { <create::CreateProject is_open=is_creating /> })}
            <ListTools
                path=link::PROJECTS.to_owned()
                listing=listing
                label=td_string!(locale, projects.search)
                groups=groups
            />
            {show(projects, move |list| content(locale, list, listing.get_untracked()))}
        </div>
    }
    .into_any()
}

fn content(locale: Locale, list: ProjectList, listing: Listing) -> AnyView {
    let total = list.projects.total;
    if list.projects.items.is_empty() {
        return empty(locale, &listing);
    }
    let columns = vec![
        Column::text(td_string!(locale, projects.name)).sorted_by(listing.sort_link(
            link::PROJECTS,
            "name",
            "name",
        )),
        Column::text(td_string!(locale, projects.role)),
        Column::number(td_string!(locale, projects.repositories)).sorted_by(listing.sort_link(
            link::PROJECTS,
            "repo_count",
            "name",
        )),
        Column::text(td_string!(locale, projects.owner)),
        Column::text(td_string!(locale, projects.created)).sorted_by(listing.sort_link(
            link::PROJECTS,
            "creation_time",
            "name",
        )),
    ];
    let as_of = list.as_of;
    let rows = list.projects.items.into_iter().map(|project| row(locale, project, as_of)).collect();
    let note = td_string!(locale, projects.visible, count = total, number = format::count(total));
    view! {
        <p class="p-projects__note">{note}</p>
        <DataTable caption=td_string!(locale, projects.caption) columns=columns rows=rows />
        <Pager path=link::PROJECTS listing=listing total=total />
    }
    .into_any()
}

fn row(locale: Locale, project: ProjectRow, as_of: DateTime<Utc>) -> Vec<Cell> {
    let visibility = visibility_name(locale, project.is_public);
    vec![
        Cell::Name {
            href: link::project(&project.name),
            text: project.name,
            note: None,
            pills: vec![(PillKind::State, visibility.to_owned())],
        },
        Cell::Text(role_name(locale, project.role).to_owned()),
        Cell::Text(format::signed_count(project.repositories)),
        Cell::Text(project.owner),
        Cell::Time(Some(project.created_at), as_of),
    ]
}

/// What a visibility is called.
pub fn visibility_name(locale: Locale, is_public: bool) -> &'static str {
    if is_public { td_string!(locale, projects.public) } else { td_string!(locale, projects.private) }
}

/// What a role is called.
pub fn role_name(locale: Locale, role: Option<Role>) -> &'static str {
    match role {
        Some(Role::ProjectAdmin) => td_string!(locale, role.project_admin),
        Some(Role::Maintainer) => td_string!(locale, role.maintainer),
        Some(Role::Developer) => td_string!(locale, role.developer),
        Some(Role::Guest) => td_string!(locale, role.guest),
        Some(Role::LimitedGuest) => td_string!(locale, role.limited_guest),
        None => td_string!(locale, role.none),
    }
}

fn empty(locale: Locale, listing: &Listing) -> AnyView {
    if !listing.q.is_empty() || !listing.filter.is_empty() {
        return view! {
            <StatePanel
                glyph=Glyph::Search
                title=td_string!(locale, state.no_match_title)
                text=td_string!(locale, state.no_match_text)
            >
                <a href=link::PROJECTS class="c-button">
                    {td_string!(locale, state.show_all)}
                </a>
            </StatePanel>
        }
        .into_any();
    }
    let session = use_session();
    let (text, way) = match (session.is_signed_in(), session.may_create_projects()) {
        (_, true) => (td_string!(locale, projects.empty_text), Some((NEW, td_string!(locale, projects.new)))),
        (true, false) => (td_string!(locale, projects.empty_ask_text), None),
        (false, false) => (
            td_string!(locale, projects.empty_anonymous_text),
            Some((link::SIGN_IN, td_string!(locale, shell.sign_in))),
        ),
    };
    view! {
        <StatePanel glyph=Glyph::Box title=td_string!(locale, projects.empty_title) text=text>
            {way
                .map(|(href, label)| {
                    view! {
                        <a href=href class="c-button c-button--primary" data-noscroll="true">
                            {label}
                        </a>
                    }
                })}
        </StatePanel>
    }
    .into_any()
}
