//! Whether people may make accounts for themselves.

use crate::{
    components::form::post_form::{PostForm, SubmitButton},
    components::show::show,
    context::{locale::use_locale, toast::use_toasts},
    i18n::{Locale, td_string},
    remote::{Submission, load},
    server_fns::setting::{GetSettings, UpdateSettings},
};
use leptos::prelude::*;
use types::view::SystemSettings;

/// The state, in a sentence, and the button that changes it.
#[component]
pub fn Registration() -> impl IntoView {
    let locale = use_locale();
    let toasts = use_toasts();
    let settings = load(|| GetSettings {});
    let update = Submission::of::<UpdateSettings>().staying().then(move |_| {
        settings.refetch();
        toasts.show(td_string!(locale, users.registration_saved).to_owned());
    });
    show(settings, move |settings| panel(locale, settings, update))
}

fn panel(locale: Locale, settings: SystemSettings, update: Submission) -> AnyView {
    let is_on = settings.self_registration;
    let (state, label) = if is_on {
        (td_string!(locale, users.registration_on), td_string!(locale, users.turn_off))
    } else {
        (td_string!(locale, users.registration_off), td_string!(locale, users.turn_on))
    };
    view! {
        <section class="p-users__registration">
            <div>
                <h2>{td_string!(locale, users.registration_title)}</h2>
                <p class="p-users__note">{state}</p>
            </div>
            <PostForm submission=update>
                <input type="hidden" name="self_registration" value=(!is_on).to_string() />
                <SubmitButton label=label submission=update class="c-button" />
            </PostForm>
        </section>
    }
    .into_any()
}
