//! The form that adds a member.

use crate::{
    components::{
        dialog::{CancelButton, Dialog},
        form::{
            choice::{Choice, Radios},
            field::Field,
            post_form::{PostForm, SubmitButton},
        },
        notice::{Notice, Tone},
    },
    context::{locale::use_locale, toast::use_toasts},
    error::AppError,
    format::problem::sentence,
    i18n::{Locale, td_string},
    pages::{forget_with_dialog, projects::role_name},
    remote::{Data, Submission, load},
    server_fns::member::ListCandidates,
    view::MemberList,
};
use leptos::prelude::*;
use types::{role::Role, ui_error::UiError};

/// The id of the list of names that the field offers.
const CANDIDATES: &str = "member-candidates";

/// The dialog that adds a member.
#[component]
pub fn AddMember(
    /// The project.
    project: Memo<String>,
    /// Whether it is open.
    is_open: RwSignal<bool>,
    /// The members, which are asked for again.
    members: Data<MemberList>,
    /// What adds one.
    create: Submission,
) -> impl IntoView {
    let locale = use_locale();
    let toasts = use_toasts();
    let create = create.then(move |payload| {
        is_open.set(false);
        members.refetch();
        if let Ok(name) = payload.read::<String>() {
            toasts.show(td_string!(locale, members.added_toast, name = name.as_str()));
        }
    });
    forget_with_dialog(create, is_open);
    view! {
        <Dialog id="add-member" is_open=is_open title=td_string!(locale, members.add_title)>
            {move || is_open.get().then(|| form(locale, project.get(), create, is_open))}
        </Dialog>
    }
    .into_any()
}

fn form(locale: Locale, project: String, create: Submission, is_open: RwSignal<bool>) -> AnyView {
    let typed = RwSignal::new(String::new());
    let refusal = move || {
        let text = refusal_text(locale, &create.error()?);
        Some(view! { <Notice tone=Tone::Danger>{text}</Notice> }.into_any())
    };
    view! {
        <PostForm submission=create is_mute=true>
            {refusal}
            <input type="hidden" name="project" value=project />
            <Field
                name="name"
                id="member-name"
                label=td_string!(locale, members.username)
                hint=td_string!(locale, members.username_hint)
                list=CANDIDATES
                typed=typed
                is_first=true
            />
            {candidates(typed)}
            <Radios
                name="role"
                legend=td_string!(locale, members.role)
                choices=role_choices(locale)
                chosen=Role::Developer.as_str()
            />
            <div class="c-form__actions">
                <CancelButton is_open=is_open />
                <SubmitButton label=td_string!(locale, members.submit) submission=create />
            </div>
        </PostForm>
    }
    .into_any()
}

/// The names that contain what is typed.
fn candidates(typed: RwSignal<String>) -> AnyView {
    let found = load(move || ListCandidates { text: typed.get() }).raw();
    let names = RwSignal::new(Vec::<String>::new());
    Effect::new(move || {
        if let Some(Ok(answer)) = found.get() {
            names.set(answer.read().unwrap_or_default());
        }
    });
    let options = move || {
        names
            .get()
            .into_iter()
            .map(|name| view! { <option value=name></option> }.into_any())
            .collect::<Vec<_>>()
    };
    view! { <datalist id=CANDIDATES>{options}</datalist> }.into_any()
}

fn refusal_text(locale: Locale, error: &AppError) -> String {
    match error {
        AppError::Answered(UiError::NotFound { kind, .. }) if kind == "user" => {
            td_string!(locale, members.unknown).to_owned()
        }
        AppError::Answered(UiError::Conflict) => td_string!(locale, members.already).to_owned(),
        AppError::Answered(_) | AppError::Unreachable => sentence(locale, error),
    }
}

/// The roles, the strongest first, each with what it may do.
fn role_choices(locale: Locale) -> Vec<Choice> {
    let choice = |role: Role| {
        let note = match role {
            Role::ProjectAdmin => td_string!(locale, role.project_admin_note),
            Role::Maintainer => td_string!(locale, role.maintainer_note),
            Role::Developer => td_string!(locale, role.developer_note),
            Role::Guest => td_string!(locale, role.guest_note),
            Role::LimitedGuest => td_string!(locale, role.limited_guest_note),
        };
        Choice {
            value: role.as_str().to_owned(),
            label: role_name(locale, Some(role)).to_owned(),
            note: Some(note.to_owned()),
        }
    };
    Role::ALL.into_iter().map(choice).collect()
}
