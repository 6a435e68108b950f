//! What an account says about its owner.

use crate::{
    components::form::{
        field::Field,
        post_form::{PostForm, SubmitButton},
    },
    context::{locale::use_locale, toast::use_toasts},
    format::validation,
    i18n::td_string,
    remote::Submission,
    server_fns::user::UpdateAccount,
    view::Account,
};
use leptos::prelude::*;
use types::validate::MAX_COMMENT_BYTES;

/// The form of the profile.
#[component]
pub fn Profile(
    /// What it says.
    account: Account,
) -> impl IntoView {
    let locale = use_locale();
    let toasts = use_toasts();
    let update = Submission::of::<UpdateAccount>()
        .staying()
        .then(move |_| toasts.show(td_string!(locale, account.saved).to_owned()));
    let longest = u32::try_from(MAX_COMMENT_BYTES).unwrap_or_default();
    view! {
        <PostForm submission=update>
            <div class="c-field">
                <span class="c-field__label">{td_string!(locale, register.username)}</span>
                <span class="p-account__fixed">{account.username}</span>
            </div>
            <Field
                name="realname"
                label=td_string!(locale, register.realname)
                value=account.realname
                autocomplete="name"
                pattern=r#"[^,"~#%$]+"#
                rule=Callback::new(move |text: String| validation::realname(locale, &text))
            />
            <Field
                name="email"
                label=td_string!(locale, register.email)
                kind="email"
                is_optional=account.email.is_empty()
                value=account.email
                autocomplete="email"
                pattern=r".+@.+\..+"
                rule=Callback::new(move |text: String| validation::email(locale, &text))
            />
            <Field
                name="comment"
                label=td_string!(locale, account.comment)
                hint=td_string!(locale, account.comment_hint)
                value=account.comment
                is_optional=true
                max_length=longest
                rule=Callback::new(move |text: String| validation::comment(locale, &text))
            />
            <div class="c-form__actions">
                <SubmitButton label=td_string!(locale, account.save) submission=update />
            </div>
        </PostForm>
    }
    .into_any()
}
