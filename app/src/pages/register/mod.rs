//! Making an account for oneself.

mod model;

use crate::{
    components::{
        form::{
            field::Field,
            password_field::PasswordField,
            post_form::{PostForm, SubmitButton},
        },
        notice::{Notice, Tone},
        page_title::PageTitle,
    },
    context::{locale::use_locale, session::use_session},
    format::validation,
    i18n::td_string,
    link,
    pages::{refusal, sign_in::Alone},
    remote::Submission,
    server_fns::user::RegisterUser,
};
use leptos::prelude::*;
use leptos_router::{components::Redirect, hooks::use_query_map};
use model::Refusal;
#[cfg(feature = "ssr")]
pub use model::address_after;

/// The form for a new account, where people may make one; a visitor who is signed in already goes home.
#[component]
pub fn RegisterPage() -> impl IntoView {
    let session = use_session().view();
    if session.user.is_some() {
        return view! { <Redirect path=link::HOME /> }.into_any();
    }
    if session.self_registration {
        view! { <Open host=session.registry.host /> }.into_any()
    } else {
        view! { <Closed /> }.into_any()
    }
}

#[component]
fn Open(
    /// The registry's name.
    host: String,
) -> impl IntoView {
    let locale = use_locale();
    view! {
        <PageTitle text=td_string!(locale, register.title) />
        <Alone>
            <div>
                <h1>{td_string!(locale, register.title)}</h1>
                <p class="p-sign-in__host">{host}</p>
            </div>
            <Form />
            <p class="p-sign-in__foot">
                <span>{td_string!(locale, register.existing)}</span>
                <a href=link::SIGN_IN>{td_string!(locale, shell.sign_in)}</a>
            </p>
        </Alone>
    }
    .into_any()
}

#[component]
fn Closed() -> impl IntoView {
    let locale = use_locale();
    view! {
        <PageTitle text=td_string!(locale, register.closed_title) />
        <Alone>
            <h1>{td_string!(locale, register.closed_title)}</h1>
            <p class="p-register__text">{td_string!(locale, register.closed_text)}</p>
            <a href=link::SIGN_IN class="c-button c-button--primary c-button--wide">
                {td_string!(locale, shell.sign_in)}
            </a>
            <p class="p-sign-in__foot">
                <a href=link::PROJECTS>{td_string!(locale, sign_in.browse)}</a>
            </p>
        </Alone>
    }
    .into_any()
}

#[component]
fn Form() -> impl IntoView {
    let locale = use_locale();
    let query = use_query_map();
    let register = Submission::of::<RegisterUser>().leaving();
    let refusal = move || {
        let refusal = refusal(register, Refusal::of_answer, query, Refusal::of_query)?;
        Some(view! { <Notice tone=Tone::Danger>{refusal.text(locale)}</Notice> })
    };
    view! {
        <PostForm submission=register is_mute=true>
            {refusal}
            <UserFields />
            <SubmitButton
                label=td_string!(locale, register.submit)
                submission=register
                class="c-button c-button--primary c-button--wide"
            />
        </PostForm>
    }
    .into_any()
}

/// What every new account is made of, for a form whose function takes it as `new`.
#[component]
pub fn UserFields() -> impl IntoView {
    let locale = use_locale();
    view! {
        <Field
            name="new[username]"
            id="new-username"
            label=td_string!(locale, register.username)
            hint=td_string!(locale, register.username_hint)
            autocomplete="username"
            is_first=true
            pattern=r#"[^,"~#%$]+"#
            rule=Callback::new(move |text: String| validation::username(locale, &text))
        />
        <Field
            name="new[email]"
            id="new-email"
            label=td_string!(locale, register.email)
            kind="email"
            autocomplete="email"
            pattern=r".+@.+\..+"
            rule=Callback::new(move |text: String| validation::email(locale, &text))
        />
        <Field
            name="new[realname]"
            id="new-realname"
            label=td_string!(locale, register.realname)
            autocomplete="name"
            pattern=r#"[^,"~#%$]+"#
            rule=Callback::new(move |text: String| validation::realname(locale, &text))
        />
        <PasswordField name="new[password]" id="new-password" label=td_string!(locale, register.password) />
    }
    .into_any()
}
