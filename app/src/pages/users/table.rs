//! The list of accounts.

use super::{RowActions, Target};
use crate::{
    components::{
        data_table::{Cell, Column, DataTable},
        icon::{Glyph, Icon},
        pager::Pager,
        pill::{Pill, PillKind},
        state_panel::StatePanel,
    },
    context::session::Session,
    i18n::{Locale, td_string},
    link,
    listing::Listing,
    view::{UserList, UserRow},
};
use chrono::{DateTime, Utc};
use leptos::prelude::*;

/// One page of the accounts, with what may be done to each.
pub fn content(
    locale: Locale,
    session: Session,
    list: UserList,
    listing: Listing,
    actions: RowActions,
) -> AnyView {
    let UserList { as_of, users } = list;
    if users.items.is_empty() {
        return empty(locale, &listing);
    }
    let sort = |key| listing.sort_link(link::USERS, key, "username");
    let columns = vec![
        Column::text(td_string!(locale, users.name)).sorted_by(sort("username")),
        Column::text(td_string!(locale, users.realname)),
        Column::text(td_string!(locale, users.created)).sorted_by(sort("creation_time")),
        Column::text(td_string!(locale, users.actions)),
    ];
    let own = session.view().user.map(|user| user.id);
    let rows = users.items.into_iter().map(|user| row(locale, user, as_of, own, actions)).collect();
    view! {
        <DataTable caption=td_string!(locale, users.caption) columns=columns rows=rows />
        <Pager path=link::USERS listing=listing total=users.total />
    }
    .into_any()
}

fn row(
    locale: Locale,
    user: UserRow,
    as_of: DateTime<Utc>,
    own: Option<i64>,
    actions: RowActions,
) -> Vec<Cell> {
    let is_own = own == Some(user.id);
    let target = Target { id: user.id, username: user.username.clone() };
    let buttons = if is_own { own_account(locale) } else { buttons(locale, target, user.is_admin, actions) };
    vec![
        Cell::View(name(locale, &user, is_own)),
        Cell::Text(user.realname),
        Cell::Time(Some(user.created_at), as_of),
        Cell::View(buttons),
    ]
}

fn name(locale: Locale, user: &UserRow, is_own: bool) -> AnyView {
    let mark =
        |is_shown: bool, kind, text: &'static str| is_shown.then(|| view! { <Pill kind=kind text=text /> });
    view! {
        <div class="c-data-table__head">
            <span class="c-data-table__line">
                <span class="c-data-table__name">{user.username.clone()}</span>
                {mark(user.is_admin, PillKind::Good, td_string!(locale, users.administrator))}
                {mark(is_own, PillKind::State, td_string!(locale, users.you))}
            </span>
            <span class="c-data-table__note">{user.email.clone()}</span>
        </div>
    }
    .into_any()
}

fn own_account(locale: Locale) -> AnyView {
    view! { <a href=link::ACCOUNT>{td_string!(locale, users.own_account)}</a> }.into_any()
}

fn buttons(locale: Locale, target: Target, is_admin: bool, actions: RowActions) -> AnyView {
    let name = target.username.as_str();
    let admin_label = if is_admin {
        td_string!(locale, users.unmake_admin, name = name)
    } else {
        td_string!(locale, users.make_admin, name = name)
    };
    let reset_label = td_string!(locale, users.reset_label, name = name);
    let delete_label = td_string!(locale, users.delete_label, name = name);
    let (admin_target, reset_target, delete_target) = (target.clone(), target.clone(), target);
    let set_admin = Callback::new(move |()| actions.set_admin.run((admin_target.clone(), !is_admin)));
    let reset = Callback::new(move |()| actions.reset.set(Some(reset_target.clone())));
    let delete = Callback::new(move |()| actions.delete.set(Some(delete_target.clone())));
    view! {
        <div class="p-users__actions">
            {button(Glyph::Shield, admin_label, Some(is_admin), set_admin)}
            {button(Glyph::Key, reset_label, None, reset)}
            {button(Glyph::Trash, delete_label, None, delete)}
        </div>
    }
    .into_any()
}

fn button(glyph: Glyph, label: String, is_pressed: Option<bool>, press: Callback<()>) -> AnyView {
    let class = if is_pressed == Some(true) {
        "c-button c-button--icon p-users__action p-users__action--on"
    } else {
        "c-button c-button--icon p-users__action"
    };
    view! {
        <button type="button" class=class aria-label=label.clone() title=label on:click=move |_| press.run(())>
            <Icon glyph=glyph />
        </button>
    }
    .into_any()
}

fn empty(locale: Locale, listing: &Listing) -> AnyView {
    if listing.q.is_empty() {
        return view! {
            <StatePanel
                glyph=Glyph::Users
                title=td_string!(locale, users.empty_title)
                text=td_string!(locale, users.empty_text)
            />
        }
        .into_any();
    }
    view! {
        <StatePanel
            glyph=Glyph::Search
            title=td_string!(locale, state.no_match_title)
            text=td_string!(locale, state.no_match_text)
        >
            <a href=link::USERS class="c-button">
                {td_string!(locale, state.show_all)}
            </a>
        </StatePanel>
    }
    .into_any()
}
