//! What was found by a part of its name.

use crate::{
    components::{
        data_table::{Cell, Column, DataTable},
        icon::{Glyph, Icon},
        page_head::PageHead,
        pill::PillKind,
        show::show_within,
        state_panel::StatePanel,
    },
    context::locale::use_locale,
    i18n::{Locale, td_string},
    link,
    pages::projects::visibility_name,
    remote::load,
    server_fns::search::Find,
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use types::view::Found;

/// The projects and repositories whose names contain what is looked for.
#[component]
pub fn SearchPage() -> impl IntoView {
    let locale = use_locale();
    let query = use_query_map();
    let text = Memo::new(move |_| query.read().get("find").unwrap_or_default().trim().to_owned());
    let found = load(move || Find { text: text.get() });
    view! {
        <div class="l-stack">
            {move || head(locale, &text.get())}
            {show_within(found, move |found| results(locale, found, &text.get_untracked()))}
        </div>
    }
    .into_any()
}

fn head(locale: Locale, text: &str) -> AnyView {
    let tab = if text.is_empty() {
        td_string!(locale, search.title).to_owned()
    } else {
        td_string!(locale, search.title_for, text = text)
    };
    view! {
        <PageHead title=td_string!(locale, search.title) tab=tab />
        <form method="get" action=link::SEARCH role="search" class="p-search__form" aria-label=td_string!(locale, search.title)>
            <div class="c-search-box">
                <Icon glyph=Glyph::Search />
                <label class="u-visually-hidden" for="search-page">
                    {td_string!(locale, search.label)}
                </label>
                <input
                    type="search"
                    id="search-page"
                    name="find"
                    class="c-search-box__input"
                    autocomplete="off"
                    spellcheck="false"
                    maxlength="255"
                    value=text.to_owned()
                />
            </div>
            <button type="submit" class="c-button c-button--primary">
                {td_string!(locale, search.submit)}
            </button>
        </form>
    }
    .into_any()
}

fn results(locale: Locale, found: Found, text: &str) -> AnyView {
    if text.is_empty() {
        return view! {
            <StatePanel
                glyph=Glyph::Search
                title=td_string!(locale, search.start_title)
                text=td_string!(locale, search.start_text)
            />
        }
        .into_any();
    }
    let Found { projects, repositories } = found;
    if projects.is_empty() && repositories.is_empty() {
        return view! {
            <StatePanel
                glyph=Glyph::Question
                title=td_string!(locale, search.empty_title)
                text=td_string!(locale, search.empty_text, text = text)
            />
        }
        .into_any();
    }
    let projects = section(
        locale,
        (td_string!(locale, search.projects), td_string!(locale, search.projects_caption)),
        projects
            .into_iter()
            .map(|project| Cell::Name {
                href: link::project(&project.name),
                text: project.name,
                note: None,
                pills: vec![(PillKind::State, visibility_name(locale, project.is_public).to_owned())],
            })
            .collect(),
    );
    let repositories = section(
        locale,
        (td_string!(locale, search.repositories), td_string!(locale, search.repositories_caption)),
        repositories
            .into_iter()
            .map(|name| Cell::Name {
                href: link::repository(&name),
                text: name,
                note: None,
                pills: Vec::new(),
            })
            .collect(),
    );
    view! {
        {projects}
        {repositories}
    }
    .into_any()
}

fn section(
    locale: Locale,
    (title, caption): (&'static str, &'static str),
    names: Vec<Cell>,
) -> Option<AnyView> {
    if names.is_empty() {
        return None;
    }
    let columns = vec![Column::text(td_string!(locale, search.name))];
    let rows = names.into_iter().map(|name| vec![name]).collect();
    let section = view! {
        <section class="p-search__section">
            <h2>{title}</h2>
            <DataTable caption=caption columns=columns rows=rows />
        </section>
    };
    Some(section.into_any())
}
