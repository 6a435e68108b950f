//! Signing in.

mod model;

use crate::{
    components::{
        form::{
            field::Field,
            post_form::{PostForm, SubmitButton},
        },
        logo::Logo,
        notice::{Notice, Tone},
        page_title::PageTitle,
    },
    context::{locale::use_locale, session::use_session},
    i18n::td_string,
    layout::PreferenceMenus,
    link,
    pages::refusal,
    remote::Submission,
    server_fns::session::CreateSession,
};
use leptos::prelude::*;
use leptos_router::{components::Redirect, hooks::use_query_map};
#[cfg(feature = "ssr")]
pub use model::address_after;
pub use model::{Refusal, safe_path};

/// The sign-in form; a visitor who is signed in already goes on.
#[component]
pub fn SignInPage() -> impl IntoView {
    let locale = use_locale();
    let session = use_session().view();
    let next = use_query_map().read_untracked().get("next").unwrap_or_default();
    if session.user.is_some() {
        return view! { <Redirect path=safe_path(&next) /> }.into_any();
    }
    let register = session.self_registration.then(|| {
        view! { <a href=link::REGISTER>{td_string!(locale, sign_in.register)}</a> }
    });
    view! {
        <PageTitle text=td_string!(locale, sign_in.title) />
        <Alone>
            <div>
                <h1>{td_string!(locale, sign_in.title)}</h1>
                <p class="p-sign-in__host">{session.registry.host}</p>
            </div>
            <Form next=next />
            <p class="p-sign-in__hint">{td_string!(locale, sign_in.forgot)}</p>
            <p class="p-sign-in__foot">
                <a href=link::PROJECTS>{td_string!(locale, sign_in.browse)}</a>
                {register}
            </p>
        </Alone>
    }
    .into_any()
}

/// The frame of the pages before signing in: a card by itself.
#[component]
pub fn Alone(
    /// What is on the card.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="l-centre">
            <header class="l-centre__actions">
                <PreferenceMenus />
            </header>
            <main class="l-centre__content">
                <div class="p-sign-in">
                    <Logo />
                    {children()}
                </div>
            </main>
        </div>
    }
    .into_any()
}

#[component]
fn Form(
    /// Where it leads.
    next: String,
) -> impl IntoView {
    let locale = use_locale();
    let query = use_query_map();
    let sign_in = Submission::of::<CreateSession>().leaving();
    let refusal = move || {
        let refusal = refusal(sign_in, Refusal::of_answer, query, Refusal::of_query)?;
        Some(view! { <Notice tone=Tone::Danger>{refusal.text(locale)}</Notice> })
    };
    view! {
        <PostForm submission=sign_in is_mute=true>
            {refusal}
            <input type="hidden" name="next" value=next />
            <Field
                name="username"
                label=td_string!(locale, sign_in.username)
                autocomplete="username"
                is_first=true
            />
            <Field
                name="password"
                label=td_string!(locale, sign_in.password)
                kind="password"
                autocomplete="current-password"
                max_length=1024
            />
            <SubmitButton
                label=td_string!(locale, sign_in.submit)
                submission=sign_in
                class="c-button c-button--primary c-button--wide"
            />
        </PostForm>
    }
    .into_any()
}
