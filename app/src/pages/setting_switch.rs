//! A setting of the system that is on or off: its state in a sentence, and the button that changes it.

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

/// Which setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// Whether people may make accounts for themselves.
    Registration,
    /// Whether nothing in projects can be changed.
    ReadOnly,
}

/// What a setting is called where it is changed.
struct Texts {
    title: &'static str,
    state: &'static str,
    button: &'static str,
}

impl Setting {
    fn is_on(self, settings: SystemSettings) -> bool {
        match self {
            Self::Registration => settings.self_registration,
            Self::ReadOnly => settings.read_only,
        }
    }

    fn field(self) -> &'static str {
        match self {
            Self::Registration => "self_registration",
            Self::ReadOnly => "read_only",
        }
    }

    fn texts(self, locale: Locale, is_on: bool) -> Texts {
        let (state, button) = match (self, is_on) {
            (Self::Registration, true) => {
                (td_string!(locale, users.registration_on), td_string!(locale, users.turn_off))
            }
            (Self::Registration, false) => {
                (td_string!(locale, users.registration_off), td_string!(locale, users.turn_on))
            }
            (Self::ReadOnly, true) => {
                (td_string!(locale, health.read_only_on), td_string!(locale, health.read_only_end))
            }
            (Self::ReadOnly, false) => {
                (td_string!(locale, health.read_only_off), td_string!(locale, health.read_only_start))
            }
        };
        let title = match self {
            Self::Registration => td_string!(locale, users.registration_title),
            Self::ReadOnly => td_string!(locale, health.read_only_title),
        };
        Texts { title, state, button }
    }

    fn saved(self, locale: Locale) -> &'static str {
        match self {
            Self::Registration => td_string!(locale, users.registration_saved),
            Self::ReadOnly => td_string!(locale, health.read_only_saved),
        }
    }
}

/// Shows the setting and changes it.
#[component]
pub fn SettingSwitch(
    /// Which one.
    setting: Setting,
) -> impl IntoView {
    let locale = use_locale();
    let toasts = use_toasts();
    let settings = load(|| GetSettings {});
    let update = Submission::of::<UpdateSettings>().staying().then(move |_| {
        settings.refetch();
        toasts.show(setting.saved(locale).to_owned());
    });
    show(settings, move |settings| panel(setting, setting.is_on(settings), locale, update))
}

fn panel(setting: Setting, is_on: bool, locale: Locale, update: Submission) -> AnyView {
    let texts = setting.texts(locale, is_on);
    view! {
        <section class="p-setting-switch">
            <div>
                <h2>{texts.title}</h2>
                <p class="p-setting-switch__state">{texts.state}</p>
            </div>
            <PostForm submission=update>
                <input type="hidden" name=setting.field() value=(!is_on).to_string() />
                <SubmitButton label=texts.button submission=update class="c-button" />
            </PostForm>
        </section>
    }
    .into_any()
}
