//! The list of access tokens.

use super::Target;
use crate::{
    components::{
        data_table::{Cell, Column, DataTable},
        icon::{Glyph, Icon},
        pill::{Pill, PillKind},
    },
    format::time,
    i18n::{Locale, td_string},
    view::AccessTokenList,
};
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use types::view::AccessTokenView;

/// The tokens, each with what revokes it.
pub fn content(locale: Locale, list: AccessTokenList, target: RwSignal<Option<Target>>) -> AnyView {
    let AccessTokenList { as_of, tokens } = list;
    if tokens.is_empty() {
        let text = td_string!(locale, access.no_tokens);
        return view! { <p class="p-account__text">{text}</p> }.into_any();
    }
    let columns = vec![
        Column::text(td_string!(locale, access.name)),
        Column::text(td_string!(locale, access.last_used)),
        Column::text(td_string!(locale, access.ends)),
        Column::text(td_string!(locale, users.actions)),
    ];
    let rows = tokens.into_iter().map(|token| row(locale, token, as_of, target)).collect();
    view! { <DataTable caption=td_string!(locale, access.tokens_caption) columns=columns rows=rows /> }
        .into_any()
}

fn row(
    locale: Locale,
    token: AccessTokenView,
    as_of: DateTime<Utc>,
    target: RwSignal<Option<Target>>,
) -> Vec<Cell> {
    let last_used = match token.last_used_at {
        Some(at) => Cell::Time(Some(at), as_of),
        None => Cell::Muted(td_string!(locale, access.never_used).to_owned()),
    };
    let ends = match token.expires_at {
        Some(at) => Cell::Text(time::date(locale, at)),
        None => Cell::Muted(td_string!(locale, access.never_ends).to_owned()),
    };
    vec![
        Cell::View(name(locale, &token)),
        last_used,
        ends,
        Cell::View(button(locale, Target { id: token.id, name: token.name }, target)),
    ]
}

fn name(locale: Locale, token: &AccessTokenView) -> AnyView {
    let pill =
        |is_shown: bool, kind, text: &'static str| is_shown.then(|| view! { <Pill kind=kind text=text /> });
    view! {
        <div class="c-data-table__head">
            <span class="c-data-table__line">
                <span class="c-data-table__name">{token.name.clone()}</span>
                {pill(token.is_read_only, PillKind::State, td_string!(locale, access.read_only))}
                {pill(token.is_expired, PillKind::Bad, td_string!(locale, access.expired))}
            </span>
            <span class="c-data-table__note">
                {td_string!(locale, access.made_on, date = time::date(locale, token.created_at))}
            </span>
        </div>
    }
    .into_any()
}

fn button(locale: Locale, own: Target, target: RwSignal<Option<Target>>) -> AnyView {
    let label = td_string!(locale, access.revoke_label, name = own.name.as_str());
    view! {
        <button
            type="button"
            class="c-button c-button--icon"
            aria-label=label.clone()
            title=label
            on:click=move |_| target.set(Some(own.clone()))
        >
            <Icon glyph=Glyph::Trash />
        </button>
    }
    .into_any()
}
