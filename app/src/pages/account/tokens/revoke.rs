//! Revoking an access token.

use super::Target;
use crate::{
    components::{
        dialog::{CancelButton, Dialog},
        form::post_form::{PostForm, SubmitButton},
    },
    context::{locale::use_locale, toast::use_toasts},
    i18n::td_string,
    remote::Submission,
    server_fns::access::DeleteAccessToken,
};
use leptos::prelude::*;

/// The dialog that says what stops working without `target`; open while there is one.
#[component]
pub fn RevokeDialog(
    /// Which token.
    target: RwSignal<Option<Target>>,
    /// What happens once it is gone.
    done: Callback<()>,
) -> impl IntoView {
    let locale = use_locale();
    let toasts = use_toasts();
    let is_open = crate::pages::use_open(target);
    let name = move || target.get().map(|target| target.name).unwrap_or_default();
    let revoke = Submission::of::<DeleteAccessToken>().staying().then(move |_| {
        let name = untrack(name);
        is_open.set(false);
        toasts.show(td_string!(locale, access.revoked, name = name));
        done.run(());
    });
    Effect::new(move || {
        if is_open.get() {
            revoke.clear();
        }
    });
    let title = Signal::derive(move || td_string!(locale, access.revoke_title, name = name()));
    let id = move || {
        let id = target.get().map(|target| target.id.to_string());
        view! { <input type="hidden" name="id" value=id /> }
    };
    view! {
        <Dialog id="revoke-token" is_open=is_open title=title>
            <PostForm submission=revoke>
                {id}
                <p>{td_string!(locale, access.revoke_text)}</p>
                <div class="c-form__actions">
                    <CancelButton is_open=is_open />
                    <SubmitButton
                        label=td_string!(locale, access.revoke_submit)
                        submission=revoke
                        class="c-button c-button--danger"
                    />
                </div>
            </PostForm>
        </Dialog>
    }
    .into_any()
}
