//! Replacing one's own password.

use super::model::Refusal;
use crate::{
    components::{
        form::{
            field::Field,
            password_field::PasswordField,
            post_form::{PostForm, SubmitButton},
            whose::Whose,
        },
        notice::{Notice, Tone},
    },
    context::{locale::use_locale, toast::use_toasts},
    i18n::td_string,
    pages::refusal,
    remote::Submission,
    server_fns::user::UpdateOwnPassword,
    view::PasswordOutcome,
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The form of the password. It empties itself once the new one holds.
#[component]
pub fn Password(
    /// Whose it is, for password managers.
    username: String,
) -> impl IntoView {
    let locale = use_locale();
    let toasts = use_toasts();
    let query = use_query_map();
    let round = RwSignal::new(0_u32);
    let update = Submission::of::<UpdateOwnPassword>().staying().then(move |answer| {
        if matches!(answer.read(), Ok(PasswordOutcome::Changed)) {
            toasts.show(td_string!(locale, account.password_changed).to_owned());
            round.update(|round| *round += 1);
        }
    });
    let refusal = move || {
        let refusal = refusal(update, Refusal::of_answer, query, Refusal::of_query)?;
        Some(view! { <Notice tone=Tone::Danger>{refusal.text(locale)}</Notice> })
    };
    let fields = move || {
        round.get();
        fields()
    };
    view! {
        <PostForm submission=update is_mute=true>
            {refusal}
            <Whose username=username />
            {fields}
            <div class="c-form__actions">
                <SubmitButton label=td_string!(locale, account.change_password) submission=update />
            </div>
        </PostForm>
    }
    .into_any()
}

fn fields() -> AnyView {
    let locale = use_locale();
    view! {
        <Field
            name="old"
            id="old-password"
            label=td_string!(locale, account.old_password)
            kind="password"
            autocomplete="current-password"
            max_length=1024
        />
        <PasswordField name="new" id="new-password" label=td_string!(locale, account.new_password) />
    }
    .into_any()
}
