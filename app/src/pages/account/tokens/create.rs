//! Making an access token, whose secret is shown once.

use crate::{
    components::{
        copy_field::CopyField,
        dialog::{CancelButton, Dialog},
        form::{
            choice::{Choice, Radios, Select},
            field::Field,
            post_form::{PostForm, SubmitButton, is_taken},
        },
        notice::{Notice, Tone},
    },
    context::{locale::use_locale, session::use_session},
    format::problem::sentence,
    i18n::{Locale, td_string},
    pages::{account::docker::login_command, forget_with_dialog},
    remote::Submission,
    server_fns::access::CreateAccessToken,
};
use leptos::prelude::*;
use types::validate::MAX_TOKEN_NAME_BYTES;

/// How long a token may count, in days; 0 never ends.
const LIVES: [u32; 5] = [7, 30, 90, 365, 0];

/// The dialog that asks what to make, and then shows it.
#[component]
pub fn CreateDialog(
    /// Whose the token is.
    username: String,
    /// Whether it is open.
    is_open: RwSignal<bool>,
    /// What happens once there is a new one.
    done: Callback<()>,
) -> impl IntoView {
    let locale = use_locale();
    let host = use_session().view().registry.host;
    let secret = RwSignal::new(None::<String>);
    let create = Submission::of::<CreateAccessToken>().staying().then(move |payload| {
        secret.set(payload.read().ok());
        done.run(());
    });
    forget_with_dialog(create, is_open);
    Effect::new(move || {
        if !is_open.get() {
            secret.set(None);
        }
    });
    let body = move || {
        let content = match secret.get() {
            Some(secret) => shown(locale, secret, login_command(&host, &username), is_open),
            None => form(locale, create, is_open),
        };
        is_open.get().then_some(content)
    };
    view! {
        <Dialog id="create-token" is_open=is_open title=td_string!(locale, access.create_title)>
            {body}
        </Dialog>
    }
    .into_any()
}

fn form(locale: Locale, create: Submission, is_open: RwSignal<bool>) -> AnyView {
    let refusal = move || {
        let error = create.error()?;
        let text = if is_taken(&error) {
            td_string!(locale, access.name_taken).to_owned()
        } else {
            sentence(locale, &error)
        };
        Some(view! { <Notice tone=Tone::Danger>{text}</Notice> }.into_any())
    };
    view! {
        <PostForm submission=create is_mute=true>
            {refusal}
            <Field
                name="name"
                id="token-name"
                label=td_string!(locale, access.name)
                hint=td_string!(locale, access.name_hint)
                max_length=u32::try_from(MAX_TOKEN_NAME_BYTES).unwrap_or_default()
                pattern=r#"[^,"~#%$]+"#
                is_first=true
            />
            <Select
                name="days"
                id="token-days"
                label=td_string!(locale, access.life)
                choices=lives(locale)
                chosen="90"
            />
            <Radios
                name="is_read_only"
                legend=td_string!(locale, access.scope)
                choices=scopes(locale)
                chosen="false"
            />
            <div class="c-form__actions">
                <CancelButton is_open=is_open />
                <SubmitButton label=td_string!(locale, access.create_submit) submission=create />
            </div>
        </PostForm>
    }
    .into_any()
}

fn shown(locale: Locale, secret: String, login: String, is_open: RwSignal<bool>) -> AnyView {
    view! {
        <div class="c-form">
            <Notice tone=Tone::Good>{td_string!(locale, access.shown_once)}</Notice>
            <CopyField text=secret is_inset=true />
            <div class="p-account__step">
                <p>{td_string!(locale, access.login)}</p>
                <CopyField text=login is_inset=true />
            </div>
            <div class="c-form__actions">
                <button
                    type="button"
                    class="c-button c-button--primary"
                    on:click=move |_| is_open.set(false)
                >
                    {td_string!(locale, access.done)}
                </button>
            </div>
        </div>
    }
    .into_any()
}

fn lives(locale: Locale) -> Vec<Choice> {
    let choice = |days: u32| {
        let label = match days {
            0 => td_string!(locale, access.never_ends).to_owned(),
            days => td_string!(locale, access.days, count = days),
        };
        Choice { value: days.to_string(), label, note: None }
    };
    LIVES.into_iter().map(choice).collect()
}

fn scopes(locale: Locale) -> Vec<Choice> {
    let choice = |value: bool, label: &str, note: &str| Choice {
        value: value.to_string(),
        label: label.to_owned(),
        note: Some(note.to_owned()),
    };
    vec![
        choice(true, td_string!(locale, access.read_only), td_string!(locale, access.read_only_note)),
        choice(false, td_string!(locale, access.all_rights), td_string!(locale, access.all_rights_note)),
    ]
}
