//! The account's corner of the top bar.

use crate::{
    components::{
        avatar::Avatar,
        form::post_form::PostForm,
        icon::{Glyph, Icon},
        menu::Menu,
    },
    context::{locale::use_locale, session::use_session},
    i18n::td_string,
    link,
    remote::Submission,
    server_fns::session::DeleteSession,
    view::SessionUser,
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

const ACCOUNT: &str = "account-menu";

/// The account's menu, or the way to sign in.
#[component]
pub fn Account() -> impl IntoView {
    let corner = match use_session().view().user {
        Some(user) => view! { <AccountMenu user=user /> }.into_any(),
        None => view! { <SignInLink /> }.into_any(),
    };
    view! { <div class="l-top-bar__account">{corner}</div> }.into_any()
}

#[component]
fn AccountMenu(
    /// Who is signed in.
    user: SessionUser,
) -> impl IntoView {
    let locale = use_locale();
    let sign_out = Submission::of::<DeleteSession>().leaving();
    let note = user.is_admin.then(|| {
        view! { <div class="c-menu__note">{td_string!(locale, shell.administrator)}</div> }
    });
    view! {
        <Menu
            id=ACCOUNT
            label=td_string!(locale, shell.account, name = user.name.as_str())
            is_round=true
            trigger=view! { <Avatar name=user.name.clone() /> }.into_any()
        >
            <div class="c-menu__head">
                <div class="c-menu__name">{user.name}</div>
                {note}
            </div>
            <a href=link::ACCOUNT class="c-menu__item">
                <Icon glyph=Glyph::User />
                {td_string!(locale, account.title)}
            </a>
            <PostForm submission=sign_out class="">
                <button type="submit" class="c-menu__item">
                    <Icon glyph=Glyph::SignOut />
                    {td_string!(locale, shell.sign_out)}
                </button>
            </PostForm>
        </Menu>
    }
    .into_any()
}

#[component]
fn SignInLink() -> impl IntoView {
    let location = use_location();
    let href = move || link::sign_in_for(&location.pathname.get());
    view! {
        <a href=href class="c-button">
            {td_string!(use_locale(), shell.sign_in)}
        </a>
    }
    .into_any()
}
