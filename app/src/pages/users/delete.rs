//! Removing somebody's account.

use super::Target;
use crate::{
    components::{
        dialog::{CancelButton, Dialog},
        form::post_form::{PostForm, SubmitButton},
    },
    context::{locale::use_locale, toast::use_toasts},
    i18n::td_string,
    remote::Submission,
    server_fns::user::DeleteUser,
};
use leptos::prelude::*;

/// The dialog that names what is lost with `target`; open while there is one.
#[component]
pub fn DeleteDialog(
    /// Whose account.
    target: RwSignal<Option<Target>>,
    /// What happens once it is gone.
    done: Callback<()>,
) -> impl IntoView {
    let locale = use_locale();
    let toasts = use_toasts();
    let is_open = crate::pages::use_open(target);
    let delete = Submission::of::<DeleteUser>().staying().then(move |_| {
        let name = target.get_untracked().map(|target| target.username).unwrap_or_default();
        is_open.set(false);
        toasts.show(td_string!(locale, users.deleted_note, name = name));
        done.run(());
    });
    Effect::new(move || {
        if is_open.get() {
            delete.clear();
        }
    });
    let title = Signal::derive(move || {
        let name = target.get().map(|target| target.username).unwrap_or_default();
        td_string!(locale, users.delete_title, name = name)
    });
    let id = move || {
        let id = target.get().map(|target| target.id.to_string());
        view! { <input type="hidden" name="id" value=id /> }
    };
    view! {
        <Dialog id="delete-user" is_open=is_open title=title>
            <PostForm submission=delete>
                {id}
                <p>{td_string!(locale, users.delete_text)}</p>
                <ul class="p-users__lost">
                    <li>{td_string!(locale, users.delete_memberships)}</li>
                    <li>{td_string!(locale, users.delete_sessions)}</li>
                </ul>
                <p>{td_string!(locale, users.delete_kept)}</p>
                <div class="c-form__actions">
                    <CancelButton is_open=is_open />
                    <SubmitButton
                        label=td_string!(locale, users.delete_submit)
                        submission=delete
                        class="c-button c-button--danger"
                    />
                </div>
            </PostForm>
        </Dialog>
    }
    .into_any()
}
