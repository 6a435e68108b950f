//! The end of a project.

use crate::{
    components::{
        dialog::{CancelButton, Dialog},
        form::{
            field::Field,
            post_form::{PostForm, SubmitButton},
        },
    },
    context::{locale::use_locale, toast::use_toasts},
    i18n::{Locale, td_string},
    pages::forget_with_dialog,
    remote::Submission,
    server_fns::project::DeleteProject as Delete,
};
use leptos::prelude::*;

/// The dialog that removes a project, once its name is typed.
#[component]
pub fn DeleteProject(
    /// The project.
    project: Memo<String>,
    /// Whether it is open.
    is_open: RwSignal<bool>,
) -> impl IntoView {
    let locale = use_locale();
    let toasts = use_toasts();
    let delete = Submission::of::<Delete>().then(move |payload| {
        if let Ok(name) = payload.read::<String>() {
            toasts.show(td_string!(locale, settings.deleted_toast, name = name.as_str()));
        }
    });
    let title = Signal::derive(move || td_string!(locale, settings.delete_title, name = project.get()));
    forget_with_dialog(delete, is_open);
    view! {
        <Dialog id="delete-project" is_open=is_open title=title>
            {move || is_open.get().then(|| form(locale, project.get(), delete, is_open))}
        </Dialog>
    }
    .into_any()
}

fn form(locale: Locale, project: String, delete: Submission, is_open: RwSignal<bool>) -> AnyView {
    // the one character of project names that means something in a pattern
    let pattern = project.replace('.', r"\.");
    view! {
        <PostForm submission=delete>
            <p>{td_string!(locale, settings.delete_text)}</p>
            <input type="hidden" name="project" value=project.clone() />
            <Field
                name="confirmation"
                label=td_string!(locale, settings.confirm, name = project.as_str())
                pattern=pattern
                is_first=true
            />
            <div class="c-form__actions">
                <CancelButton is_open=is_open />
                <SubmitButton
                    label=td_string!(locale, settings.delete)
                    submission=delete
                    class="c-button c-button--danger"
                />
            </div>
        </PostForm>
    }
    .into_any()
}
