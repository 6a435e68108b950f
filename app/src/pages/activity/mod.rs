//! What was done in a project.

mod model;

use super::{project_page_head, use_path_part};
use crate::{
    components::{
        data_table::{Cell, Column, DataTable},
        icon::Glyph,
        list_tools::ListTools,
        pager::Pager,
        pill::{Pill, PillKind},
        show::show_within,
        state_panel::StatePanel,
    },
    context::locale::use_locale,
    i18n::{Locale, td_string},
    link,
    listing::{Listing, use_listing},
    remote::load,
    server_fns::audit::ListActivity,
    view::{ActivityList, ActivityRow},
};
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use model::{resource_href, resource_name, sentence};

/// The audit log of one project.
#[component]
pub fn ActivityPage() -> impl IntoView {
    let locale = use_locale();
    let project = use_path_part("project");
    let listing = use_listing();
    let activity = load(move || ListActivity { project: project.get(), listing: listing.get() });
    let groups = vec![
        ("", td_string!(locale, activity.all)),
        ("push", td_string!(locale, activity.pushes)),
        ("delete", td_string!(locale, activity.deletions)),
        ("tag", td_string!(locale, activity.tags)),
        ("member", td_string!(locale, activity.members)),
        ("project", td_string!(locale, activity.project)),
    ];
    view! {
        <div class="l-stack p-activity">
            {move || project_page_head(locale, project.get(), td_string!(locale, activity.title))}
            <ListTools
                path=Signal::derive(move || link::activity(&project.get()))
                listing=listing
                label=td_string!(locale, activity.search)
                groups=groups
            />
            {show_within(activity, move |list| {
                content(locale, &project.get_untracked(), list, listing.get_untracked())
            })}
        </div>
    }
    .into_any()
}

fn content(locale: Locale, project: &str, list: ActivityList, listing: Listing) -> AnyView {
    let ActivityList { as_of, entries } = list;
    if entries.items.is_empty() {
        return empty(locale, &listing);
    }
    let columns = vec![
        Column::text(td_string!(locale, activity.what)),
        Column::text(td_string!(locale, activity.resource)),
        Column::text(td_string!(locale, activity.who)),
        Column::text(td_string!(locale, activity.when)),
        Column::text(td_string!(locale, activity.from)),
    ];
    let total = entries.total;
    let rows = entries.items.into_iter().map(|entry| row(locale, project, entry, as_of)).collect();
    view! {
        <DataTable
            caption=td_string!(locale, activity.caption, project = project)
            columns=columns
            rows=rows
        />
        <Pager path=link::activity(project) listing=listing total=total />
    }
    .into_any()
}

fn row(locale: Locale, project: &str, entry: ActivityRow, as_of: DateTime<Utc>) -> Vec<Cell> {
    let refused = (!entry.is_success)
        .then(|| view! { <Pill kind=PillKind::Bad text=td_string!(locale, activity.refused) /> });
    let what = view! {
        <span class="p-activity__what">{sentence(locale, &entry)} {refused}</span>
    };
    let name = resource_name(project, &entry);
    let resource = match resource_href(project, &entry) {
        Some(href) => view! {
            <a href=href class="p-activity__resource" title=entry.resource>
                {name}
            </a>
        }
        .into_any(),
        None => view! {
            <span class="p-activity__resource" title=entry.resource>
                {name}
            </span>
        }
        .into_any(),
    };
    vec![
        Cell::View(what.into_any()),
        Cell::View(resource),
        Cell::Text(entry.actor),
        Cell::Time(Some(entry.at), as_of),
        Cell::View(view! { <code class="c-code">{entry.remote}</code> }.into_any()),
    ]
}

fn empty(locale: Locale, listing: &Listing) -> AnyView {
    let (glyph, title, text) = if listing.q.is_empty() && listing.filter.is_empty() {
        (Glyph::Activity, td_string!(locale, activity.empty_title), td_string!(locale, activity.empty_text))
    } else {
        (Glyph::Search, td_string!(locale, state.no_match_title), td_string!(locale, state.no_match_text))
    };
    view! { <StatePanel glyph=glyph title=title text=text /> }.into_any()
}
