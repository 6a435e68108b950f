//! Giving somebody's account a new password.

use super::Target;
use crate::{
    components::{
        dialog::{CancelButton, Dialog},
        form::{
            password_field::PasswordField,
            post_form::{PostForm, SubmitButton},
            whose::Whose,
        },
        notice::{Notice, Tone},
    },
    context::{locale::use_locale, toast::use_toasts},
    error::AppError,
    format::problem::sentence,
    i18n::{Locale, td_string},
    remote::Submission,
    server_fns::user::SetUserPassword,
};
use leptos::prelude::*;
use types::ui_error::UiError;

/// The dialog of a new password for `target`; open while there is one.
#[component]
pub fn ResetDialog(
    /// Whose password.
    target: RwSignal<Option<Target>>,
) -> impl IntoView {
    let locale = use_locale();
    let toasts = use_toasts();
    let is_open = crate::pages::use_open(target);
    let reset = Submission::of::<SetUserPassword>().staying().then(move |_| {
        let name = target.get_untracked().map(|target| target.username).unwrap_or_default();
        is_open.set(false);
        toasts.show(td_string!(locale, users.reset_note, name = name));
    });
    Effect::new(move || {
        if is_open.get() {
            reset.clear();
        }
    });
    let title = Signal::derive(move || {
        let name = target.get().map(|target| target.username).unwrap_or_default();
        td_string!(locale, users.reset_title, name = name)
    });
    let refusal = move || {
        let text = refusal(locale, &reset.error()?);
        Some(view! { <Notice tone=Tone::Danger>{text}</Notice> })
    };
    view! {
        <Dialog id="reset-password" is_open=is_open title=title>
            <PostForm submission=reset is_mute=true>
                <p>{td_string!(locale, users.reset_text)}</p>
                {refusal} {move || target.get().map(fields)}
                <div class="c-form__actions">
                    <CancelButton is_open=is_open />
                    <SubmitButton label=td_string!(locale, users.reset_submit) submission=reset />
                </div>
            </PostForm>
        </Dialog>
    }
    .into_any()
}

fn fields(target: Target) -> AnyView {
    view! {
        <input type="hidden" name="id" value=target.id.to_string() />
        <Whose username=target.username />
        <PasswordField
            name="password"
            id="reset-password-field"
            label=td_string!(use_locale(), account.new_password)
        />
    }
    .into_any()
}

fn refusal(locale: Locale, error: &AppError) -> String {
    match error {
        AppError::Answered(UiError::Invalid { field, .. }) if field == "new_password" => {
            td_string!(locale, account.same_password).to_owned()
        }
        error => sentence(locale, error),
    }
}
