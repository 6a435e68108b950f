//! Signing in.

mod model;

use crate::{
    components::{
        form::field::Field,
        logo::Logo,
        notice::{Notice, Tone},
        page_title::PageTitle,
    },
    context::session::use_session,
    i18n::{t, t_string, use_i18n},
    layout::PreferenceMenus,
};
use leptos::{either::Either, form::ActionForm, prelude::*};
use leptos_router::{
    components::{A, Redirect},
    hooks::use_query_map,
};
use model::Refusal;
#[cfg(feature = "ssr")]
pub use model::address_after;
pub use model::safe_path;

/// The sign-in form; a visitor who is signed in already goes on.
#[component]
pub fn SignInPage() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let title = Signal::derive(move || t_string!(i18n, sign_in.title).to_owned());
    view! {
        <PageTitle text=title />
        <div class="l-centre">
            <header class="l-centre__actions">
                <PreferenceMenus />
            </header>
            <main class="l-centre__content">
                <Transition fallback=|| ()>
                    {move || Suspend::new(async move {
                        match session.current.await {
                            Ok(session) if session.user.is_some() => {
                                Either::Left(view! { <GoOn /> })
                            }
                            session => {
                                let host = session.map(|session| session.registry.host).unwrap_or_default();
                                Either::Right(view! { <Card host=host /> })
                            }
                        }
                    })}
                </Transition>
            </main>
        </div>
    }
    .into_any()
}

#[component]
fn GoOn() -> impl IntoView {
    let next = use_query_map().read_untracked().get("next").unwrap_or_default();
    view! { <Redirect path=safe_path(&next) /> }
}

#[component]
fn Card(host: String) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="p-sign-in">
            <Logo />
            <div>
                <h1>{t!(i18n, sign_in.title)}</h1>
                <p class="p-sign-in__host">{host}</p>
            </div>
            <Form />
            <p class="p-sign-in__foot">
                <A href="/projects">{t!(i18n, sign_in.browse)}</A>
            </p>
        </div>
    }
    .into_any()
}

#[component]
fn Form() -> impl IntoView {
    let i18n = use_i18n();
    let query = use_query_map();
    let session = use_session();
    let is_pending = session.sign_in.pending();
    let next = move || query.read().get("next").unwrap_or_default();
    // an answer of this page speaks louder than the address a form without scripting came back to
    let refusal = Memo::new(move |_| match session.sign_in.value().get() {
        Some(answer) => Refusal::of_answer(&answer),
        None => Refusal::of_query(&query.read()),
    });
    let message = move || {
        let refusal = refusal.get().filter(|_| !is_pending.get())?;
        let text = move || refusal.text(i18n.get_locale());
        Some(view! { <Notice tone=Tone::Danger>{text}</Notice> })
    };
    let caption = move || {
        if is_pending.get() { t_string!(i18n, sign_in.pending) } else { t_string!(i18n, sign_in.submit) }
    };
    view! {
        <ActionForm action=session.sign_in>
            <div class="p-sign-in__form">
                {message}
                <input type="hidden" name="next" value=next />
                <Field
                    name="username"
                    label=Signal::derive(move || t_string!(i18n, sign_in.username).to_owned())
                    autocomplete="username"
                    is_first=true
                />
                <Field
                    name="password"
                    label=Signal::derive(move || t_string!(i18n, sign_in.password).to_owned())
                    kind="password"
                    autocomplete="current-password"
                    max_length=1024
                />
                <button type="submit" class="c-button c-button--primary c-button--wide">
                    {caption}
                </button>
            </div>
        </ActionForm>
    }
    .into_any()
}
