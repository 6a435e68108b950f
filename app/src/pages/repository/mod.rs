//! A repository: its artifacts with their tags, and how to pull them.

mod dialogs;
mod table;

use super::use_path_part;
use crate::{
    browser,
    commands::{Pick, Place, Task},
    components::{
        commands::Commands,
        icon::{Glyph, Icon},
        list_tools::{self, ListTools},
        page_head::PageHead,
        show::{show, show_below},
    },
    context::{locale::use_locale, navigation::use_navigator, session::use_session},
    format,
    i18n::{Locale, td_string},
    link,
    listing::{Listing, use_listing},
    live::{self, Scope},
    pages::artifact::{
        ArtifactPage,
        actions::{ArtifactActions, ArtifactDialogs},
    },
    remote::{Submission, load},
    server_fns::{artifact::ListArtifacts, preference::UpdateClient, repository::GetRepository},
    view::{Newest, RepositoryHead, RepositoryRow},
};
use dialogs::{DeleteRepositoryDialog, DescriptionDialog};
use leptos::prelude::*;

/// The page of a repository, or of one of its artifacts where the address names a digest.
#[component]
pub fn RepositoryRoute() -> impl IntoView {
    let project = use_path_part("project");
    let path = use_path_part("repository");
    let address = Memo::new(move |_| (project.get(), path.get()));
    move || {
        let (project, path) = address.get();
        match path.split_once('@') {
            Some((path, digest)) => {
                view! { <ArtifactPage repository=format!("{project}/{path}") digest=digest.to_owned() /> }
                    .into_any()
            }
            None => view! { <RepositoryPage project=project path=path /> }.into_any(),
        }
    }
}

/// The artifacts of one repository.
#[component]
fn RepositoryPage(project: String, path: String) -> impl IntoView {
    let locale = use_locale();
    let navigator = use_navigator();
    let listing = use_listing();
    let name = StoredValue::new(format!("{project}/{path}"));
    let repository = load(move || GetRepository { repository: name.get_value() });
    let artifacts = load(move || ListArtifacts { repository: name.get_value(), listing: listing.get() });
    let changed = Callback::new(move |()| {
        artifacts.refetch();
        // fresh data would take the field away from whoever types into it
        if !browser::has_focus(list_tools::FIELD) {
            repository.refetch();
        }
    });
    let read_at = RwSignal::new(None);
    let scope = Scope { project: project.clone(), repository: name.get_value() };
    live::follow(move || scope.clone(), read_at, changed);
    let actions = ArtifactActions::new(name.get_value(), changed);
    let deleted = Callback::new(move |()| navigator.go(&link::project(&project)));
    let page = Page {
        locale,
        listing,
        choose: Submission::of::<UpdateClient>(),
        row: RwSignal::new(None),
        is_describing: RwSignal::new(false),
        is_deleting: RwSignal::new(false),
    };
    view! {
        <div class="l-stack">
            {show(repository, move |head| page.head(head))}
            {show_below(artifacts, move |list| {
                read_at.set(Some(list.as_of));
                table::view(page, actions, list, &name.get_value())
            })} <ArtifactDialogs actions=actions changed=changed deleted=changed />
            <DescriptionDialog row=page.row is_open=page.is_describing changed=changed />
            <DeleteRepositoryDialog row=page.row is_open=page.is_deleting deleted=deleted />
        </div>
    }
    .into_any()
}

/// What every part of the page knows.
#[derive(Clone, Copy)]
struct Page {
    locale: Locale,
    listing: Memo<Listing>,
    choose: Submission,
    /// The repository that the dialogs are about.
    row: RwSignal<Option<RepositoryRow>>,
    is_describing: RwSignal<bool>,
    is_deleting: RwSignal<bool>,
}

impl Page {
    fn head(self, head: RepositoryHead) -> AnyView {
        let locale = self.locale;
        let RepositoryHead { rights, repository, newest } = head;
        let name = repository.name.clone();
        let path = link::repository(&name);
        let (project, title) = name.split_once('/').unwrap_or((&name, ""));
        let crumbs = vec![
            (link::PROJECTS.to_owned(), td_string!(locale, shell.projects).to_owned()),
            (link::project(project), project.to_owned()),
        ];
        let describe = rights.update_repository.then(|| {
            let label = td_string!(locale, repository.edit);
            self.button("c-button u-scripted", None, label, (repository.clone(), self.is_describing))
        });
        let delete = rights.delete_repository.then(|| {
            let label = td_string!(locale, repository.delete);
            let class = "c-button c-button--danger u-scripted";
            self.button(class, Some(Glyph::Trash), label, (repository.clone(), self.is_deleting))
        });
        let tools = (repository.artifacts > 0).then(|| self.tools(path));
        view! {
            <PageHead crumbs=crumbs title=title.to_owned() tab=name.clone()>
                {describe}
                {delete}
            </PageHead>
            {about(locale, &repository)}
            {newest.map(|newest| self.newest(&name, newest))}
            {tools}
        }
        .into_any()
    }

    fn button(
        self,
        class: &'static str,
        glyph: Option<Glyph>,
        label: &'static str,
        (row, is_open): (RepositoryRow, RwSignal<bool>),
    ) -> AnyView {
        let open = move |_| {
            self.row.set(Some(row.clone()));
            is_open.set(true);
        };
        view! {
            <button type="button" class=class on:click=open>
                {glyph.map(|glyph| view! { <Icon glyph=glyph /> })}
                {label}
            </button>
        }
        .into_any()
    }

    fn newest(self, name: &str, newest: Newest) -> AnyView {
        let Newest { tag, kind } = newest;
        view! {
            <section class="p-repository__newest">
                <h2>{td_string!(self.locale, repository.newest)}</h2>
                <Commands
                    place=place(name)
                    tasks=vec![Task::Pull(Pick::Tag(tag))]
                    kind=kind
                    choose=self.choose
                />
            </section>
        }
        .into_any()
    }

    fn tools(self, path: String) -> AnyView {
        let locale = self.locale;
        let groups = vec![
            ("", td_string!(locale, repository.all)),
            ("tagged", td_string!(locale, repository.tagged)),
            ("untagged", td_string!(locale, repository.untagged)),
        ];
        view! {
            <ListTools
                path=path
                listing=self.listing
                label=td_string!(locale, repository.search)
                groups=groups
            />
        }
        .into_any()
    }
}

/// Where the commands of a repository reach to.
fn place(name: &str) -> Place {
    let session = use_session().view();
    Place::repository(session.registry, session.user.map(|user| user.name), name)
}

fn about(locale: Locale, repository: &RepositoryRow) -> AnyView {
    let description = repository.description.trim().to_owned();
    let description =
        (!description.is_empty()).then(|| view! { <p class="p-repository__description">{description}</p> });
    let artifacts = td_string!(
        locale,
        repository.artifacts,
        count = repository.artifacts,
        number = format::signed_count(repository.artifacts)
    );
    let pulls = td_string!(
        locale,
        repository.pulls,
        count = repository.pulls,
        number = format::signed_count(repository.pulls)
    );
    view! {
        {description}
        <ul class="p-repository__counts">
            <li>{artifacts}</li>
            <li>{pulls}</li>
        </ul>
    }
    .into_any()
}
