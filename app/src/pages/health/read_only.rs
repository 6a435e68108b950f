//! Whether nothing in projects can be changed.

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
pub fn ReadOnly() -> impl IntoView {
    let locale = use_locale();
    let toasts = use_toasts();
    let settings = load(|| GetSettings {});
    let update = Submission::of::<UpdateSettings>().staying().then(move |_| {
        settings.refetch();
        toasts.show(td_string!(locale, health.read_only_saved).to_owned());
    });
    show(settings, move |settings| panel(locale, settings, update))
}

fn panel(locale: Locale, settings: SystemSettings, update: Submission) -> AnyView {
    let is_on = settings.read_only;
    let (state, label) = if is_on {
        (td_string!(locale, health.read_only_on), td_string!(locale, health.read_only_end))
    } else {
        (td_string!(locale, health.read_only_off), td_string!(locale, health.read_only_start))
    };
    view! {
        <section class="p-health__panel">
            <h2>{td_string!(locale, health.read_only_title)}</h2>
            <p>{state}</p>
            <PostForm submission=update>
                <input type="hidden" name="read_only" value=(!is_on).to_string() />
                <SubmitButton label=label submission=update class="c-button" />
            </PostForm>
        </section>
    }
    .into_any()
}
