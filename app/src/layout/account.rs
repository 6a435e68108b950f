//! The account's corner of the top bar.

use crate::{
    components::{
        avatar::Avatar,
        icon::{Glyph, Icon},
        menu::Menu,
    },
    context::session::use_session,
    format,
    i18n::{t, t_string, use_i18n},
    view::SessionUser,
};
use leptos::{either::Either, form::ActionForm, prelude::*};
use leptos_router::{components::A, hooks::use_location};

const ACCOUNT: &str = "account-menu";

/// The account's menu, or the way to sign in.
#[component]
pub fn Account() -> impl IntoView {
    let session = use_session();
    view! {
        <div class="l-top-bar__account">
            <Transition fallback=|| ()>
                {move || Suspend::new(async move {
                    match session.current.await.ok().and_then(|session| session.user) {
                        Some(user) => Either::Left(view! { <AccountMenu user=user /> }),
                        None => Either::Right(view! { <SignInLink /> }),
                    }
                })}
            </Transition>
        </div>
    }
    .into_any()
}

#[component]
fn AccountMenu(
    /// Who is signed in.
    user: SessionUser,
) -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let name = user.name.clone();
    let label = Signal::derive(move || t_string!(i18n, shell.account, name = name.as_str()));
    view! {
        <Menu id=ACCOUNT label=label is_round=true trigger=view! { <Avatar name=user.name.clone() /> }.into_any()>
            <div class="c-menu__head">
                <div class="c-menu__name">{user.name}</div>
                {user.is_admin.then(|| view! { <div class="c-menu__note">{t!(i18n, shell.administrator)}</div> })}
            </div>
            <ActionForm action=session.sign_out>
                <button type="submit" class="c-menu__item">
                    <Icon glyph=Glyph::SignOut />
                    {t!(i18n, shell.sign_out)}
                </button>
            </ActionForm>
        </Menu>
    }
    .into_any()
}

#[component]
fn SignInLink() -> impl IntoView {
    let i18n = use_i18n();
    let location = use_location();
    let href = move || format!("/sign-in?next={}", format::encode(&location.pathname.get()));
    view! {
        <A href=href attr:class="c-button">
            {t!(i18n, shell.sign_in)}
        </A>
    }
}
