//! The accounts of the system, for administrators.

mod create;
mod delete;
mod reset;
mod table;

use crate::{
    components::{
        icon::{Glyph, Icon},
        list_tools::ListTools,
        page_head::PageHead,
        show::show,
    },
    context::{locale::use_locale, session::use_session, toast::use_toasts},
    i18n::td_string,
    link,
    listing::use_listing,
    pages::setting_switch::{Setting, SettingSwitch},
    remote::{Submission, load},
    server_fns::user::{ListUsers, SetUserAdmin},
};
use leptos::prelude::*;

/// The account that a dialog is about.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Target {
    id: i64,
    username: String,
}

/// What the buttons of a row do.
#[derive(Clone, Copy)]
struct RowActions {
    set_admin: Callback<(Target, bool)>,
    reset: RwSignal<Option<Target>>,
    delete: RwSignal<Option<Target>>,
}

/// Everybody's account but the first administrator's, and whether people may make one for themselves.
#[component]
pub fn UsersPage() -> impl IntoView {
    let locale = use_locale();
    let session = use_session();
    let listing = use_listing();
    let users = load(move || ListUsers { listing: listing.get() });
    let is_creating = RwSignal::new(false);
    let actions = RowActions {
        set_admin: use_set_admin(move || users.refetch()),
        reset: RwSignal::new(None),
        delete: RwSignal::new(None),
    };
    let list =
        show(users, move |list| table::content(locale, session, list, listing.get_untracked(), actions));
    if !session.is_admin() {
        // the refusal is the whole page
        return list;
    }
    view! {
        <div class="l-stack">
            <PageHead title=td_string!(locale, users.title) note=td_string!(locale, users.note)>
                <button
                    type="button"
                    class="c-button c-button--primary"
                    on:click=move |_| is_creating.set(true)
                >
                    <Icon glyph=Glyph::Plus />
                    {td_string!(locale, users.create)}
                </button>
            </PageHead>
            <SettingSwitch setting=Setting::Registration />
            <ListTools path=link::USERS.to_owned() listing=listing label=td_string!(locale, users.search) />
            {list}
        </div>
        <create::CreateDialog is_open=is_creating done=Callback::new(move |()| users.refetch()) />
        <reset::ResetDialog target=actions.reset />
        <delete::DeleteDialog target=actions.delete done=Callback::new(move |()| users.refetch()) />
    }
    .into_any()
}

/// Makes somebody an administrator, or no longer, with a note that takes it back.
fn use_set_admin(done: impl Fn() + Copy + Send + Sync + 'static) -> Callback<(Target, bool)> {
    let locale = use_locale();
    let toasts = use_toasts();
    let last = StoredValue::new(None::<(Target, bool)>);
    let take_back = Submission::of::<SetUserAdmin>().staying().then(move |_| done());
    let set = Submission::of::<SetUserAdmin>().staying().then(move |_| {
        done();
        let Some((target, is_admin)) = last.get_value() else { return };
        let name = target.username.as_str();
        let text = if is_admin {
            td_string!(locale, users.made_admin, name = name)
        } else {
            td_string!(locale, users.unmade_admin, name = name)
        };
        toasts.show_with_undo(text, move || {
            take_back.send(&SetUserAdmin { id: target.id, is_admin: !is_admin });
        });
    });
    Effect::new(move || {
        if let Some(error) = set.error().or_else(|| take_back.error()) {
            toasts.show(crate::format::problem::sentence(locale, &error));
        }
    });
    Callback::new(move |(target, is_admin): (Target, bool)| {
        if untrack(move || set.is_pending()) {
            return;
        }
        let id = target.id;
        last.set_value(Some((target, is_admin)));
        set.send(&SetUserAdmin { id, is_admin });
    })
}
