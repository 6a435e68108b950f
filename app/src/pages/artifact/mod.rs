//! One artifact: what it is, how it was made, and what is about it.

pub mod actions;
mod layers;
mod overview;
mod parts;
mod referrers;

pub use overview::kind_name;

use crate::{
    commands::{Pick, Place},
    components::{
        copy_button::CopyButton,
        icon::{Glyph, Icon},
        page_head::PageHead,
        show::{show, show_below},
        tabs::{Tab, Tabs},
        time_ago::TimeAgo,
    },
    context::{locale::use_locale, navigation::use_navigator, session::use_session},
    format,
    i18n::{Locale, td_string},
    link,
    live::{self, Scope},
    remote::{Submission, load},
    server_fns::{
        artifact::{GetArtifact, GetArtifactPart},
        preference::UpdateClient,
    },
    view::{ArtifactHead, ArtifactPart},
};
use actions::{ArtifactActions, ArtifactDialogs, Target};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The tabs, by their name in the address; the first one shows when there is none.
const TABS: [&str; 5] = ["overview", "layers", "configuration", "referrers", "manifest"];

/// The page of the artifact with this digest in the repository with this full name.
#[component]
pub fn ArtifactPage(
    /// The repository.
    repository: String,
    /// The digest.
    digest: String,
) -> impl IntoView {
    let locale = use_locale();
    let navigator = use_navigator();
    let query = use_query_map();
    let tab = Memo::new(move |_| {
        let wanted = query.read().get("tab").unwrap_or_default();
        TABS.into_iter().find(|tab| *tab == wanted).unwrap_or(TABS[0])
    });
    let (name, id) = (StoredValue::new(repository.clone()), StoredValue::new(digest.clone()));
    let artifact = load(move || GetArtifact { repository: name.get_value(), digest: id.get_value() });
    let part = load(move || GetArtifactPart {
        repository: name.get_value(),
        digest: id.get_value(),
        tab: tab.get().to_owned(),
    });
    let changed = Callback::new(move |()| {
        artifact.refetch();
        part.refetch();
    });
    let read_at = RwSignal::new(None);
    let scope = Scope {
        project: repository.split_once('/').map_or("", |(project, _)| project).to_owned(),
        repository: repository.clone(),
    };
    live::follow(move || scope.clone(), read_at, changed);
    let actions = ArtifactActions::new(repository.clone(), changed);
    let deleted = Callback::new(move |()| navigator.go(&link::repository(&name.get_value())));
    let context = Context { locale, name, id, choose: Submission::of::<UpdateClient>() };
    let address = link::artifact(&repository, &digest);
    view! {
        <div class="l-stack">
            {show(artifact, move |artifact| {
                read_at.set(Some(artifact.as_of));
                head(context, actions, artifact)
            })} <Tabs label=td_string!(locale, artifact.tabs) tabs=tabs(locale, &address, tab) />
            {show_below(part, move |part| shown(context, part))}
            <ArtifactDialogs actions=actions changed=changed deleted=deleted />
        </div>
    }
    .into_any()
}

/// What every part of the page knows.
#[derive(Clone, Copy)]
struct Context {
    locale: Locale,
    name: StoredValue<String>,
    id: StoredValue<String>,
    choose: Submission,
}

impl Context {
    /// Where the commands of the page reach to.
    fn place(self) -> Place {
        let session = use_session().view();
        let user = session.user.map(|user| user.name);
        self.name.with_value(|name| Place::repository(session.registry, user, name))
    }

    /// The artifact itself, for its commands.
    fn pick(self) -> Pick {
        Pick::Digest(self.id.get_value())
    }

    /// The address of another artifact of the repository.
    fn href(self, digest: &str) -> String {
        self.name.with_value(|name| link::artifact(name, digest))
    }
}

fn tabs(locale: Locale, address: &str, present: Memo<&'static str>) -> Vec<Tab> {
    let labels = [
        td_string!(locale, artifact.overview),
        td_string!(locale, artifact.layers),
        td_string!(locale, artifact.configuration),
        td_string!(locale, artifact.referrers),
        td_string!(locale, artifact.manifest),
    ];
    TABS.into_iter()
        .zip(labels)
        .map(|(tab, label)| Tab {
            href: link::with_query(address, &[("tab", if tab == TABS[0] { "" } else { tab })]),
            label,
            is_current: Signal::derive(move || present.get() == tab),
        })
        .collect()
}

fn head(context: Context, actions: ArtifactActions, head: ArtifactHead) -> AnyView {
    let locale = context.locale;
    let ArtifactHead { as_of, rights, artifact } = head;
    let name = context.name.get_value();
    let (project, path) = name.split_once('/').unwrap_or((&name, ""));
    let short = format::short_digest(&artifact.digest);
    let crumbs = vec![
        (link::PROJECTS.to_owned(), td_string!(locale, shell.projects).to_owned()),
        (link::project(project), project.to_owned()),
        (link::repository(&name), path.to_owned()),
    ];
    let target = StoredValue::new(Target { artifact: artifact.clone(), as_of });
    let add_tag = rights.create_tag.then(|| {
        view! {
            <button type="button" class="c-button u-scripted" on:click=move |_| actions.tag(target.get_value())>
                <Icon glyph=Glyph::Tag />
                {td_string!(locale, artifact.add_tag)}
            </button>
        }
    });
    let delete = rights.delete_artifact.then(|| {
        view! {
            <button
                type="button"
                class="c-button c-button--danger u-scripted"
                on:click=move |_| actions.delete(target.get_value())
            >
                <Icon glyph=Glyph::Trash />
                {td_string!(locale, artifact.delete)}
            </button>
        }
    });
    let pulled = match artifact.pulled_at {
        Some(at) => view! { <TimeAgo at=at as_of=as_of /> }.into_any(),
        None => td_string!(locale, artifact.never_pulled).into_any(),
    };
    view! {
        <PageHead crumbs=crumbs title=format!("{path}@{short}") tab=format!("{name}@{short}")>
            {add_tag}
            {delete}
        </PageHead>
        <div class="p-artifact__about">
            {actions::tags(actions, &artifact, rights)} <span class="p-artifact__digest">
                <code class="c-code">{artifact.digest.clone()}</code>
                <CopyButton text=artifact.digest is_mark=true />
            </span> <dl class="c-facts c-facts--line">
                <div>
                    <dt>{td_string!(locale, artifact.pushed)}</dt>
                    <dd>
                        <TimeAgo at=artifact.pushed_at as_of=as_of />
                    </dd>
                </div>
                <div>
                    <dt>{td_string!(locale, artifact.pulled)}</dt>
                    <dd>{pulled}</dd>
                </div>
                <div>
                    <dt>{td_string!(locale, artifact.size)}</dt>
                    <dd>{format::size(artifact.size_bytes)}</dd>
                </div>
            </dl>
        </div>
    }
    .into_any()
}

fn shown(context: Context, part: ArtifactPart) -> AnyView {
    match part {
        ArtifactPart::Overview(overview) => overview::view(context, *overview),
        ArtifactPart::Layers(layers) => layers::view(context.locale, layers),
        ArtifactPart::Configuration(text) => parts::configuration(context.locale, text),
        ArtifactPart::Referrers(list) => referrers::view(context, list),
        ArtifactPart::Manifest(manifest) => parts::manifest(context.locale, manifest),
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use crate::{
        i18n::Locale,
        testing::rendered,
        view::{ArtifactRow, Child, LayerRow, ManifestText, Overview, ReferrerList, Rights},
    };
    use chrono::DateTime;

    const DIGEST: &str = "sha256:00000000000000000000000000000000000000000000000000000000000000ab";

    fn context() -> Context {
        Context {
            locale: Locale::en_us,
            name: StoredValue::new("library/team/web".to_owned()),
            id: StoredValue::new(DIGEST.to_owned()),
            choose: Submission::of::<UpdateClient>(),
        }
    }

    fn html(part: ArtifactPart) -> String {
        rendered(move || shown(context(), part))
    }

    #[track_caller]
    fn assert_says(html: &str, parts: &[&str]) {
        for part in parts {
            assert!(html.contains(part), "{part} in {html}");
        }
    }

    #[test]
    fn the_head_offers_what_the_caller_may_do() {
        let head = |rights: Rights| {
            rendered(move || {
                let artifact = ArtifactRow {
                    digest: DIGEST.to_owned(),
                    kind: "IMAGE".to_owned(),
                    tags: vec!["1.0".to_owned()],
                    platforms: Vec::new(),
                    size_bytes: 2048,
                    pushed_at: DateTime::UNIX_EPOCH,
                    pulled_at: None,
                };
                let actions = ArtifactActions::new("library/team/web".to_owned(), Callback::new(|()| ()));
                head(context(), actions, ArtifactHead { as_of: DateTime::UNIX_EPOCH, rights, artifact })
            })
        };
        let reader = head(Rights::default());
        assert_says(&reader, &["team/web@sha256:00000000…00ab", DIGEST, "1.0", "Never", "2.0 KiB"]);
        assert!(!reader.contains("Add tag") && !reader.contains("Delete"));
        let member = head(Rights { create_tag: true, delete_artifact: true, ..Rights::default() });
        assert_says(&member, &["Add tag", "Delete"]);
    }

    #[test]
    fn an_overview_tells_how_to_pull_and_what_runs() {
        let html = html(ArtifactPart::Overview(Box::new(Overview {
            kind: "IMAGE".to_owned(),
            tag: Some("1.0".to_owned()),
            entrypoint: "tini -- web".to_owned(),
            environment: vec!["PATH=/bin".to_owned()],
            children: vec![Child { digest: DIGEST.to_owned(), platform: Some("linux/amd64".to_owned()) }],
            labels: vec![("maintainer".to_owned(), "ann".to_owned())],
            ..Overview::default()
        })));
        let digest = format!("docker pull /library/team/web@{DIGEST}");
        assert_says(&html, &["docker pull /library/team/web:1.0", &digest, "tini -- web", "PATH=/bin"]);
        assert_says(&html, &["linux/amd64", "maintainer", "Image for several platforms"]);
        assert!(!html.contains("Working directory"), "what is not said has no line");
    }

    #[test]
    fn layers_are_numbered_and_summed() {
        let layer = |digest: Option<&str>, size_bytes, command: &str| LayerRow {
            digest: digest.map(str::to_owned),
            media_type: String::new(),
            size_bytes,
            command: command.to_owned(),
        };
        let html = html(ArtifactPart::Layers(vec![
            layer(Some(DIGEST), 1024, "COPY web /bin"),
            layer(None, 0, "USER 65532"),
            layer(Some(DIGEST), 2048, ""),
        ]));
        assert_says(&html, &["2 layers, 3.0 KiB", "COPY web /bin", "USER 65532", "No content"]);
        assert_says(&html, &["width=\"500\"", "width=\"1000\"", "does not tell how this layer was made"]);
    }

    #[test]
    fn documents_are_shown_as_text() {
        let text = "{\n  \"a\": \"<script>\"\n}".to_owned();
        let configuration = html(ArtifactPart::Configuration(Some(text.clone())));
        assert!(configuration.contains("&lt;script&gt;") && !configuration.contains("<script>"));
        assert_says(&html(ArtifactPart::Configuration(None)), &["No configuration"]);
        let manifest = ManifestText {
            media_type: "application/vnd.oci.image.manifest.v1+json".to_owned(),
            size_bytes: 7,
            text,
        };
        assert_says(
            &html(ArtifactPart::Manifest(manifest)),
            &["7 B", "application/vnd.oci.image.manifest.v1+json"],
        );
    }

    #[test]
    fn an_artifact_without_referrers_tells_how_to_attach_some() {
        let html = html(ArtifactPart::Referrers(ReferrerList {
            as_of: DateTime::UNIX_EPOCH,
            referrers: Vec::new(),
        }));
        assert_says(&html, &["Nothing is attached", "oras attach", "cosign sign"]);
    }
}
