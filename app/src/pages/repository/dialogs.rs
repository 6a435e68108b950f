//! The windows of a repository: its description, and removing it.

use crate::{
    components::{
        dialog::{CancelButton, Dialog},
        form::{
            field::Field,
            post_form::{PostForm, SubmitButton},
            text_area::TextArea,
        },
    },
    context::{locale::use_locale, toast::use_toasts},
    format,
    i18n::{Locale, td_string},
    remote::Submission,
    server_fns::repository::{DeleteRepository, UpdateRepository},
    view::RepositoryRow,
};
use leptos::prelude::*;

/// The longest description, in characters.
const LONGEST: u32 = 4000;

fn name_of(row: RwSignal<Option<RepositoryRow>>) -> String {
    row.with(|row| row.as_ref().map(|row| row.name.clone()).unwrap_or_default())
}

/// Changing the description.
#[component]
pub fn DescriptionDialog(
    /// The repository.
    row: RwSignal<Option<RepositoryRow>>,
    /// Whether the window is open.
    is_open: RwSignal<bool>,
    /// What happens afterwards.
    changed: Callback<()>,
) -> impl IntoView {
    let locale = use_locale();
    let toasts = use_toasts();
    let update = Submission::of::<UpdateRepository>().then(move |_| {
        is_open.set(false);
        toasts.show(td_string!(locale, repository.description_saved).to_owned());
        changed.run(());
    });
    let title =
        Signal::derive(move || td_string!(locale, repository.description_title, repository = name_of(row)));
    let form = move || {
        let row = row.get().filter(|_| is_open.get())?;
        update.clear();
        Some(description_form(locale, update, row, is_open))
    };
    view! {
        <Dialog id="describe" is_open=is_open title=title>
            {form}
        </Dialog>
    }
    .into_any()
}

fn description_form(
    locale: Locale,
    update: Submission,
    row: RepositoryRow,
    is_open: RwSignal<bool>,
) -> AnyView {
    view! {
        <PostForm submission=update>
            <input type="hidden" name="repository" value=row.name />
            <TextArea
                name="description"
                label=td_string!(locale, repository.description)
                value=row.description
                max_length=LONGEST
            />
            <div class="c-form__actions">
                <CancelButton is_open=is_open />
                <SubmitButton label=td_string!(locale, repository.save) submission=update />
            </div>
        </PostForm>
    }
    .into_any()
}

/// Removing the repository, once its name was typed.
#[component]
pub fn DeleteRepositoryDialog(
    /// The repository.
    row: RwSignal<Option<RepositoryRow>>,
    /// Whether the window is open.
    is_open: RwSignal<bool>,
    /// What happens afterwards.
    deleted: Callback<()>,
) -> impl IntoView {
    let locale = use_locale();
    let toasts = use_toasts();
    let delete = Submission::of::<DeleteRepository>().then(move |_| {
        is_open.set(false);
        let name = row.get_untracked().map(|row| row.name).unwrap_or_default();
        toasts.show(td_string!(locale, repository.deleted, repository = name));
        deleted.run(());
    });
    let title =
        Signal::derive(move || td_string!(locale, repository.delete_title, repository = name_of(row)));
    let form = move || {
        let row = row.get().filter(|_| is_open.get())?;
        delete.clear();
        Some(delete_form(locale, delete, row, is_open))
    };
    view! {
        <Dialog id="delete-repository" is_open=is_open title=title>
            {form}
        </Dialog>
    }
    .into_any()
}

fn delete_form(locale: Locale, delete: Submission, row: RepositoryRow, is_open: RwSignal<bool>) -> AnyView {
    let RepositoryRow { name, artifacts, pulls, .. } = row;
    let typed = RwSignal::new(String::new());
    let lost = td_string!(
        locale,
        repository.delete_text,
        count = artifacts,
        number = format::signed_count(artifacts)
    );
    let used = (pulls > 0).then(|| {
        let number = format::signed_count(pulls);
        view! { <p>{td_string!(locale, repository.delete_pulls, count = pulls, number = number)}</p> }
    });
    let wanted = name.clone();
    let is_wrong = move || typed.with(|typed| *typed != wanted);
    view! {
        <p>{lost}</p>
        {used}
        <PostForm submission=delete>
            <input type="hidden" name="repository" value=name.clone() />
            <Field
                name="confirm"
                label=td_string!(locale, repository.delete_confirm)
                hint=name
                is_first=true
                typed=typed
            />
            <div class="c-form__actions">
                <CancelButton is_open=is_open />
                <button type="submit" class="c-button c-button--danger" disabled=is_wrong>
                    {td_string!(locale, repository.delete)}
                </button>
            </div>
        </PostForm>
    }
    .into_any()
}
