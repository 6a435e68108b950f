//! Signing in again over the page that is open, so that nothing typed into it is lost.

use crate::{
    components::{
        dialog::{CancelButton, Dialog},
        form::{
            field::Field,
            post_form::{PostForm, SubmitButton},
            whose::Whose,
        },
        notice::{Notice, Tone},
    },
    context::{locale::use_locale, session::use_session},
    i18n::td_string,
    pages::sign_in::Refusal,
    remote::Submission,
    server_fns::session::CreateSession,
    view::SignInOutcome,
};
use leptos::prelude::*;

/// The dialog that opens when an answer says that the session has ended.
///
/// The name is fixed: whoever else wants to sign in does so on a page of their own.
#[component]
pub fn SignInAgain() -> impl IntoView {
    let session = use_session();
    session.view().user.map(|user| view! { <Again name=user.name /> })
}

#[component]
fn Again(
    /// Who was signed in.
    name: String,
) -> impl IntoView {
    let locale = use_locale();
    let is_open = use_session().has_ended();
    let sign_in = Submission::of::<CreateSession>().staying().then(move |answer| {
        if matches!(answer.read(), Ok(SignInOutcome::SignedIn)) {
            is_open.set(false);
        }
    });
    let refusal = move || {
        let refusal = Refusal::of_answer(sign_in.answer()?.and_then(|answer| answer.read()))?;
        Some(view! { <Notice tone=Tone::Danger>{refusal.text(locale)}</Notice> })
    };
    view! {
        <Dialog id="sign-in-again" is_open=is_open title=td_string!(locale, sign_in.again_title)>
            <PostForm submission=sign_in is_mute=true>
                <p>{td_string!(locale, sign_in.again_text, name = name.as_str())}</p>
                {refusal}
                <input type="hidden" name="next" value="" />
                <Whose name="username" username=name.clone() />
                <Field
                    name="password"
                    id="again-password"
                    label=td_string!(locale, sign_in.password)
                    kind="password"
                    autocomplete="current-password"
                    max_length=1024
                />
                <div class="c-form__actions">
                    <CancelButton is_open=is_open />
                    <SubmitButton label=td_string!(locale, sign_in.submit) submission=sign_in />
                </div>
            </PostForm>
        </Dialog>
    }
    .into_any()
}
