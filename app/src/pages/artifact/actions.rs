//! What is done with artifacts and their tags, from the list of them and from the page of one.

use crate::{
    components::{
        dialog::{CancelButton, Dialog},
        form::{
            field::{Field, Rule},
            post_form::{PostForm, SubmitButton, is_taken},
        },
        icon::{Glyph, Icon},
        notice::{Notice, Tone},
        pill::{Pill, PillKind},
        time_ago::TimeAgo,
    },
    context::{
        locale::use_locale,
        toast::{Toasts, use_toasts},
    },
    error::AppError,
    format::{self, problem::sentence, validation},
    i18n::{Locale, td_string},
    link,
    remote::Submission,
    server_fns::artifact::{CreateTag, DeleteArtifact, DeleteTag},
    view::{ArtifactRow, Rights},
};
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use types::ui_error::UiError;

/// An artifact, as it was at a moment.
#[derive(Clone, PartialEq)]
pub struct Target {
    /// The artifact.
    pub artifact: ArtifactRow,
    /// The moment.
    pub as_of: DateTime<Utc>,
}

/// What is being done to which artifact of one repository.
#[derive(Clone, Copy)]
pub struct ArtifactActions {
    locale: Locale,
    repository: StoredValue<String>,
    target: RwSignal<Option<Target>>,
    is_tagging: RwSignal<bool>,
    is_deleting: RwSignal<bool>,
    removed: StoredValue<Option<(String, String)>>,
    removal: Submission,
    toasts: Toasts,
}

impl ArtifactActions {
    /// The actions in the repository with this full name; `changed` runs after each.
    pub fn new(repository: String, changed: Callback<()>) -> Self {
        let (locale, toasts) = (use_locale(), use_toasts());
        let repository = StoredValue::new(repository);
        let removed = StoredValue::new(None::<(String, String)>);
        let restoration = Submission::of::<CreateTag>().then(move |_| changed.run(()));
        let removal = Submission::of::<DeleteTag>().then(move |_| {
            changed.run(());
            let Some((digest, tag)) = removed.try_get_value().flatten() else { return };
            let text = td_string!(locale, artifact.tag_removed, tag = tag.as_str());
            let repository = repository.get_value();
            toasts.show_with_undo(text, move || {
                let (repository, digest, tag) = (repository.clone(), digest.clone(), tag.clone());
                restoration.send(&CreateTag { repository, digest, tag });
            });
        });
        tell_refusals(locale, toasts, [removal, restoration]);
        let (is_tagging, is_deleting) = (RwSignal::new(false), RwSignal::new(false));
        Self {
            locale,
            repository,
            target: RwSignal::new(None),
            is_tagging,
            is_deleting,
            removed,
            removal,
            toasts,
        }
    }

    /// Asks for another tag of an artifact.
    pub fn tag(self, target: Target) {
        self.target.set(Some(target));
        self.is_tagging.set(true);
    }

    /// Asks whether to remove an artifact.
    pub fn delete(self, target: Target) {
        self.target.set(Some(target));
        self.is_deleting.set(true);
    }

    /// Removes a tag, and offers to give it back.
    fn remove_tag(self, digest: String, tag: String) {
        if self.removal.is_pending() {
            return;
        }
        self.removed.set_value(Some((digest.clone(), tag.clone())));
        self.removal.send(&DeleteTag { repository: self.repository.get_value(), digest, tag });
    }
}

/// Says why something without a form was refused.
fn tell_refusals(locale: Locale, toasts: Toasts, submissions: [Submission; 2]) {
    for submission in submissions {
        Effect::new(move || {
            if let Some(error) = submission.error() {
                toasts.show(sentence(locale, &error));
            }
        });
    }
}

/// The tags of an artifact, each with its address and, for those who may, a way to remove it.
pub fn tags(actions: ArtifactActions, artifact: &ArtifactRow, rights: Rights) -> AnyView {
    if artifact.tags.is_empty() {
        let text = td_string!(actions.locale, repository.untagged);
        return view! { <span class="c-data-table__muted">{text}</span> }.into_any();
    }
    let href = actions.repository.with_value(|repository| link::artifact(repository, &artifact.digest));
    let tags = artifact
        .tags
        .iter()
        .map(|tag| {
            let remove = rights.delete_tag.then(|| remove_button(actions, &artifact.digest, tag));
            let (href, text) = (href.clone(), tag.clone());
            view! {
                <li class="p-artifact__tag">
                    <a href=href>
                        <Pill kind=PillKind::Tag text=text />
                    </a>
                    {remove}
                </li>
            }
            .into_any()
        })
        .collect::<Vec<_>>();
    let label = td_string!(actions.locale, artifact.tags);
    view! {
        <ul class="p-artifact__tags" aria-label=label>
            {tags}
        </ul>
    }
    .into_any()
}

fn remove_button(actions: ArtifactActions, digest: &str, tag: &str) -> AnyView {
    let label = td_string!(actions.locale, artifact.remove_tag, tag = tag);
    let (digest, tag) = (digest.to_owned(), tag.to_owned());
    view! {
        <button
            type="button"
            class="p-artifact__remove"
            aria-label=label.clone()
            title=label
            on:click=move |_| actions.remove_tag(digest.clone(), tag.clone())
        >
            <Icon glyph=Glyph::Close />
        </button>
    }
    .into_any()
}

/// The windows of the actions. They stand beside the data, so that they outlive fresh data.
#[component]
pub fn ArtifactDialogs(
    /// The actions.
    actions: ArtifactActions,
    /// What happens after a change.
    changed: Callback<()>,
    /// What happens after an artifact was removed.
    deleted: Callback<()>,
) -> impl IntoView {
    view! {
        <TagDialog actions=actions changed=changed />
        <DeleteDialog actions=actions deleted=deleted />
    }
    .into_any()
}

fn short_name(target: Option<&Target>) -> String {
    target.map(|target| format::short_digest(&target.artifact.digest)).unwrap_or_default()
}

#[component]
fn TagDialog(actions: ArtifactActions, changed: Callback<()>) -> impl IntoView {
    let ArtifactActions { locale, repository, target, is_tagging: is_open, toasts, .. } = actions;
    let typed = RwSignal::new(String::new());
    let create = Submission::of::<CreateTag>().then(move |_| {
        is_open.set(false);
        toasts.show(td_string!(locale, artifact.tag_added, tag = typed.get_untracked()));
        changed.run(());
    });
    let name = move || target.with(|target| short_name(target.as_ref()));
    let title = Signal::derive(move || td_string!(locale, artifact.add_tag_to, artifact = name()));
    let form = move || {
        let target = target.get().filter(|_| is_open.get())?;
        create.clear();
        typed.set(String::new());
        Some(tag_form(locale, create, typed, (repository.get_value(), target.artifact.digest), is_open))
    };
    view! {
        <Dialog id="add-tag" is_open=is_open title=title>
            {form}
        </Dialog>
    }
    .into_any()
}

fn tag_form(
    locale: Locale,
    create: Submission,
    typed: RwSignal<String>,
    (repository, digest): (String, String),
    is_open: RwSignal<bool>,
) -> AnyView {
    let refusal = move || {
        let error = create.error()?;
        let text = if is_taken(&error) {
            td_string!(locale, artifact.tag_taken).to_owned()
        } else {
            sentence(locale, &error)
        };
        Some(danger(text))
    };
    let rule: Rule = Callback::new(move |text: String| validation::tag(locale, &text));
    view! {
        <PostForm submission=create is_mute=true>
            {refusal}
            <input type="hidden" name="repository" value=repository />
            <input type="hidden" name="digest" value=digest />
            <Field
                name="tag"
                id="add-tag-name"
                label=td_string!(locale, artifact.tag)
                hint=td_string!(locale, artifact.tag_hint)
                is_first=true
                max_length=128
                pattern="[A-Za-z0-9_][A-Za-z0-9_.\\-]*"
                rule=rule
                typed=typed
            />
            <div class="c-form__actions">
                <CancelButton is_open=is_open />
                <SubmitButton label=td_string!(locale, artifact.add_tag) submission=create />
            </div>
        </PostForm>
    }
    .into_any()
}

#[component]
fn DeleteDialog(actions: ArtifactActions, deleted: Callback<()>) -> impl IntoView {
    let ArtifactActions { locale, repository, target, is_deleting: is_open, toasts, .. } = actions;
    let name = move || target.with(|target| short_name(target.as_ref()));
    let delete = Submission::of::<DeleteArtifact>().then(move |_| {
        let name = target.with_untracked(|target| short_name(target.as_ref()));
        is_open.set(false);
        toasts.show(td_string!(locale, artifact.deleted, artifact = name.as_str()));
        deleted.run(());
    });
    let title = Signal::derive(move || td_string!(locale, artifact.delete_title, artifact = name()));
    let form = move || {
        let target = target.get().filter(|_| is_open.get())?;
        delete.clear();
        Some(delete_form(locale, delete, repository.get_value(), target, is_open))
    };
    view! {
        <Dialog id="delete-artifact" is_open=is_open title=title>
            {form}
        </Dialog>
    }
    .into_any()
}

fn delete_form(
    locale: Locale,
    delete: Submission,
    repository: String,
    target: Target,
    is_open: RwSignal<bool>,
) -> AnyView {
    let Target { artifact, as_of } = target;
    let refusal = move || {
        let error = delete.error()?;
        let text = match error {
            AppError::Answered(UiError::Precondition) => {
                td_string!(locale, artifact.delete_referred).to_owned()
            }
            error => sentence(locale, &error),
        };
        Some(danger(text))
    };
    let size = format::size(artifact.size_bytes);
    let pulled = match artifact.pulled_at {
        Some(at) => view! { <TimeAgo at=at as_of=as_of /> }.into_any(),
        None => td_string!(locale, artifact.never_pulled).into_any(),
    };
    view! {
        {lost_tags(locale, artifact.tags)}
        <dl class="c-facts">
            <dt>{td_string!(locale, artifact.pulled)}</dt>
            <dd>{pulled}</dd>
        </dl>
        <p>{td_string!(locale, artifact.delete_size, size = size)}</p>
        <p>{td_string!(locale, artifact.delete_undo)}</p>
        <PostForm submission=delete is_mute=true>
            {refusal}
            <input type="hidden" name="repository" value=repository />
            <input type="hidden" name="digest" value=artifact.digest />
            <div class="c-form__actions">
                <CancelButton is_open=is_open />
                <SubmitButton
                    label=td_string!(locale, artifact.delete)
                    submission=delete
                    class="c-button c-button--danger"
                />
            </div>
        </PostForm>
    }
    .into_any()
}

fn lost_tags(locale: Locale, tags: Vec<String>) -> AnyView {
    let count = tags.len() as u64;
    if count == 0 {
        return view! { <p>{td_string!(locale, artifact.delete_untagged)}</p> }.into_any();
    }
    let pills = tags
        .into_iter()
        .map(|tag| {
            view! {
                <li>
                    <Pill kind=PillKind::Tag text=tag />
                </li>
            }
            .into_any()
        })
        .collect::<Vec<_>>();
    view! {
        <div>
            <p>{td_string!(locale, artifact.delete_tags, count = count)}</p>
            <ul class="p-artifact__tags">{pills}</ul>
        </div>
    }
    .into_any()
}

fn danger(text: String) -> AnyView {
    view! { <Notice tone=Tone::Danger>{text}</Notice> }.into_any()
}
