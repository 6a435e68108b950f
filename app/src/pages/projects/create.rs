//! The form of a new project.

use crate::{
    components::{
        dialog::{CancelButton, Dialog},
        form::{
            choice::{Choice, Radios},
            field::{Field, Rule},
            post_form::{PostForm, SubmitButton},
        },
    },
    context::{locale::use_locale, session::use_session, toast::use_toasts},
    format::validation,
    i18n::{Locale, td_string},
    pages::forget_with_dialog,
    remote::Submission,
    server_fns::project::CreateProject as Create,
};
use leptos::prelude::*;

/// The rule of names in the browser's own words. Source: `types::name::ProjectName`.
const PATTERN: &str = r"[a-z0-9]+([._\-][a-z0-9]+)*";

/// The dialog that makes a project and goes to it.
#[component]
pub fn CreateProject(
    /// Whether it is open.
    is_open: RwSignal<bool>,
) -> impl IntoView {
    let locale = use_locale();
    let toasts = use_toasts();
    let create = Submission::of::<Create>().then(move |payload| {
        if let Ok(name) = payload.read::<String>() {
            toasts.show(td_string!(locale, projects.created_toast, name = name.as_str()));
        }
    });
    forget_with_dialog(create, is_open);
    view! {
        <Dialog id="new-project" is_open=is_open title=td_string!(locale, projects.new_title)>
            {move || is_open.get().then(|| form(locale, create, is_open))}
        </Dialog>
    }
    .into_any()
}

fn form(locale: Locale, create: Submission, is_open: RwSignal<bool>) -> AnyView {
    let host = use_session().view().registry.host;
    let rule = Rule::new(move |name: String| validation::project_name(locale, &name));
    view! {
        <PostForm submission=create>
            <Field
                name="name"
                id="project-name"
                label=td_string!(locale, projects.name_label)
                hint=td_string!(locale, projects.name_hint, host = host.as_str())
                is_first=true
                pattern=PATTERN
                rule=rule
            />
            <Radios
                name="is_public"
                legend=td_string!(locale, projects.visibility)
                choices=visibility_choices(locale)
                chosen="false"
            />
            <div class="c-form__actions">
                <CancelButton is_open=is_open />
                <SubmitButton label=td_string!(locale, projects.create) submission=create />
            </div>
        </PostForm>
    }
    .into_any()
}

/// The two visibilities, each with what it means.
pub fn visibility_choices(locale: Locale) -> Vec<Choice> {
    let choice = |value: &str, label: &str, note: &str| Choice {
        value: value.to_owned(),
        label: label.to_owned(),
        note: Some(note.to_owned()),
    };
    vec![
        choice("false", td_string!(locale, projects.private), td_string!(locale, projects.private_note)),
        choice("true", td_string!(locale, projects.public), td_string!(locale, projects.public_note)),
    ]
}
