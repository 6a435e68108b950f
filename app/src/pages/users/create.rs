//! Making an account for somebody.

use crate::{
    components::{
        dialog::{CancelButton, Dialog},
        form::post_form::{PostForm, SubmitButton},
    },
    context::{locale::use_locale, toast::use_toasts},
    i18n::td_string,
    pages::register::UserFields,
    remote::Submission,
    server_fns::user::CreateUser,
};
use leptos::prelude::*;

/// The dialog of a new account. It is empty each time it opens.
#[component]
pub fn CreateDialog(
    /// Whether it is open.
    is_open: RwSignal<bool>,
    /// What happens once there is one.
    done: Callback<()>,
) -> impl IntoView {
    let locale = use_locale();
    let toasts = use_toasts();
    let create = Submission::of::<CreateUser>().staying().then(move |_| {
        is_open.set(false);
        toasts.show(td_string!(locale, users.created_note).to_owned());
        done.run(());
    });
    Effect::new(move || {
        if is_open.get() {
            create.clear();
        }
    });
    view! {
        <Dialog id="create-user" is_open=is_open title=td_string!(locale, users.create)>
            <PostForm submission=create>
                {move || is_open.get().then(fields)}
                <div class="c-form__actions">
                    <CancelButton is_open=is_open />
                    <SubmitButton label=td_string!(locale, users.create_submit) submission=create />
                </div>
            </PostForm>
        </Dialog>
    }
    .into_any()
}

fn fields() -> AnyView {
    let locale = use_locale();
    view! {
        <UserFields />
        <label class="p-users__check">
            <input type="checkbox" name="is_admin" value="true" />
            <span>
                <span class="p-users__check-name">{td_string!(locale, users.administrator)}</span>
                <span class="c-field__hint">{td_string!(locale, users.administrator_note)}</span>
            </span>
        </label>
    }
    .into_any()
}
