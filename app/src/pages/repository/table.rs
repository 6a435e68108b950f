//! The artifacts of a repository as a table.

use super::{Page, place};
use crate::{
    commands::Task,
    components::{
        commands::Commands,
        copy_button::CopyButton,
        data_table::{Cell, Column, DataTable},
        icon::{Glyph, Icon},
        pager::Pager,
        pill::{Pill, PillKind},
        state_panel::StatePanel,
    },
    format,
    i18n::td_string,
    link,
    listing::Listing,
    pages::artifact::{
        actions::{self, ArtifactActions, Target},
        kind_name,
    },
    view::{ArtifactList, ArtifactRow, Rights},
};
use leptos::prelude::*;

/// The list's own order.
const OWN: &str = "-push_time";

/// The table, or what there is to do while it is empty.
pub(super) fn view(page: Page, actions: ArtifactActions, list: ArtifactList, name: &str) -> AnyView {
    let locale = page.locale;
    let listing = page.listing.get_untracked();
    let path = link::repository(name);
    let ArtifactList { as_of, rights, artifacts } = list;
    if artifacts.items.is_empty() {
        return empty(page, &listing, rights, name);
    }
    let sort = |key| listing.sort_link(&path, key, OWN);
    let may_act = rights.create_tag || rights.delete_artifact;
    let mut columns = vec![
        Column::text(td_string!(locale, repository.artifact)),
        Column::text(td_string!(locale, repository.platforms)),
        Column::number(td_string!(locale, repository.size)).sorted_by(sort("size")),
        Column::text(td_string!(locale, repository.pushed)).sorted_by(sort("push_time")),
        Column::text(td_string!(locale, repository.pulled)).sorted_by(sort("pull_time")),
    ];
    if may_act {
        columns.push(Column::text(td_string!(locale, repository.actions)));
    }
    let total = artifacts.total;
    let rows = artifacts
        .items
        .into_iter()
        .map(|artifact| row(page, actions, Target { artifact, as_of }, (name, rights)))
        .collect();
    let caption = td_string!(locale, repository.caption, repository = name);
    view! {
        <DataTable caption=caption columns=columns rows=rows />
        <Pager path=path listing=listing total=total />
    }
    .into_any()
}

fn row(page: Page, actions: ArtifactActions, target: Target, (name, rights): (&str, Rights)) -> Vec<Cell> {
    let Target { artifact, as_of } = target.clone();
    let tags = actions::tags(actions, &artifact, rights);
    let href = link::artifact(name, &artifact.digest);
    let short = format::short_digest(&artifact.digest);
    let identity = view! {
        <div class="p-repository__artifact">
            {tags}
            <span class="c-data-table__line">
                <a href=href class="c-code">
                    {short}
                </a>
                <CopyButton text=artifact.digest.clone() is_mark=true />
            </span>
        </div>
    };
    vec![
        Cell::View(identity.into_any()),
        runs_on(page, &artifact),
        Cell::Text(format::size(artifact.size_bytes)),
        Cell::Time(Some(artifact.pushed_at), as_of),
        Cell::Time(artifact.pulled_at, as_of),
        Cell::View(buttons(page, actions, target, rights)),
    ]
}

/// The platforms of an image; what else it is, of anything else.
fn runs_on(page: Page, artifact: &ArtifactRow) -> Cell {
    if artifact.kind == "IMAGE" {
        let platforms = artifact.platforms.iter().map(|name| (PillKind::Platform, name.clone()));
        return Cell::Pills(platforms.collect());
    }
    let name = kind_name(page.locale, &artifact.kind, false);
    let kind = view! {
        <span class="c-data-table__line">
            <Icon glyph=Glyph::Package />
            <Pill kind=PillKind::State text=name />
        </span>
    };
    Cell::View(kind.into_any())
}

fn buttons(page: Page, actions: ArtifactActions, target: Target, rights: Rights) -> AnyView {
    let locale = page.locale;
    let short = format::short_digest(&target.artifact.digest);
    let target = StoredValue::new(target);
    let add_tag = rights.create_tag.then(|| {
        let label = td_string!(locale, artifact.add_tag_to, artifact = short.as_str());
        let act = Callback::new(move |()| actions.tag(target.get_value()));
        button(Glyph::Tag, label.clone(), act)
    });
    let delete = rights.delete_artifact.then(|| {
        let label = td_string!(locale, artifact.delete_artifact, artifact = short.as_str());
        let act = Callback::new(move |()| actions.delete(target.get_value()));
        button(Glyph::Trash, label.clone(), act)
    });
    view! {
        <span class="p-repository__actions u-scripted">
            {add_tag}
            {delete}
        </span>
    }
    .into_any()
}

fn button(glyph: Glyph, label: String, act: Callback<()>) -> AnyView {
    view! {
        <button
            type="button"
            class="c-button c-button--icon"
            aria-label=label.clone()
            title=label
            on:click=move |_| act.run(())
        >
            <Icon glyph=glyph />
        </button>
    }
    .into_any()
}

fn empty(page: Page, listing: &Listing, rights: Rights, name: &str) -> AnyView {
    let locale = page.locale;
    if !listing.q.is_empty() || !listing.filter.is_empty() {
        let all = link::repository(name);
        return view! {
            <StatePanel
                glyph=Glyph::Search
                title=td_string!(locale, state.no_match_title)
                text=td_string!(locale, repository.no_match_text)
            >
                <a href=all class="c-button">
                    {td_string!(locale, state.show_all)}
                </a>
            </StatePanel>
        }
        .into_any();
    }
    let (text, commands) = if rights.push {
        let tasks = vec![Task::SignIn, Task::Push];
        let commands = view! { <Commands place=place(name) tasks=tasks choose=page.choose /> };
        (td_string!(locale, repository.empty_text), Some(commands))
    } else {
        (td_string!(locale, repository.empty_reader_text), None)
    };
    view! {
        <StatePanel glyph=Glyph::Layers title=td_string!(locale, repository.empty_title) text=text />
        {commands}
    }
    .into_any()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use crate::{
        i18n::Locale, listing::use_listing, remote::Submission, server_fns::preference::UpdateClient,
        testing::rendered,
    };
    use types::page::Listed;

    fn html(rights: Rights, artifacts: Vec<ArtifactRow>) -> String {
        rendered(move || {
            let page = Page {
                locale: Locale::en_us,
                listing: use_listing(),
                choose: Submission::of::<UpdateClient>(),
                row: RwSignal::new(None),
                is_describing: RwSignal::new(false),
                is_deleting: RwSignal::new(false),
            };
            let actions = ArtifactActions::new("library/web".to_owned(), Callback::new(|()| ()));
            let total = artifacts.len() as u64;
            let artifacts = Listed { items: artifacts, total };
            view(
                page,
                actions,
                ArtifactList { as_of: chrono::DateTime::UNIX_EPOCH, rights, artifacts },
                "library/web",
            )
        })
    }

    fn artifact(kind: &str, tags: &[&str]) -> ArtifactRow {
        ArtifactRow {
            digest: format!("sha256:{}", "0123456789abcdef".repeat(4)),
            kind: kind.to_owned(),
            tags: tags.iter().map(|&tag| tag.to_owned()).collect(),
            platforms: vec!["linux/arm64".to_owned()],
            size_bytes: 64_277_708,
            pushed_at: chrono::DateTime::UNIX_EPOCH,
            pulled_at: None,
        }
    }

    #[test]
    fn a_row_names_its_tags_and_leads_to_the_artifact() {
        let html = html(Rights::default(), vec![artifact("IMAGE", &["1.0", "latest"])]);
        for part in [
            "1.0",
            "latest",
            "sha256:01234567…cdef",
            "/projects/library/repositories/web@sha256:0123456789abcdef",
            "linux/arm64",
            "61.2 MiB",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
    }

    #[test]
    fn whoever_may_do_nothing_is_offered_nothing() {
        let rights =
            Rights { create_tag: true, delete_tag: true, delete_artifact: true, ..Rights::default() };
        let offers = ["Remove the tag 1.0", "Add a tag to", "Delete sha256:", "Actions"];
        let (member, reader) = (
            html(rights, vec![artifact("IMAGE", &["1.0"])]),
            html(Rights::default(), vec![artifact("IMAGE", &["1.0"])]),
        );
        for offer in offers {
            assert!(member.contains(offer), "{offer} in {member}");
            assert!(!reader.contains(offer), "{offer} in {reader}");
        }
    }

    #[test]
    fn what_is_no_image_says_what_it_is() {
        let html = html(Rights::default(), vec![artifact("CHART", &[])]);
        assert!(html.contains("Helm chart") && html.contains("Untagged") && !html.contains("linux/arm64"));
    }

    #[test]
    fn an_empty_repository_shows_how_to_push_to_those_who_may() {
        let member = html(Rights { push: true, ..Rights::default() }, Vec::new());
        assert!(member.contains("docker push /library/web:TAG"), "{member}");
        let reader = html(Rights::default(), Vec::new());
        assert!(!reader.contains("docker push") && reader.contains("This repository is empty"));
    }
}
