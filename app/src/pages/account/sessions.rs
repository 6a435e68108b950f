//! Where one is signed in. Each way out is a form, so that it works before the page is awake.

use super::agent;
use crate::{
    components::{
        data_table::{Cell, Column, DataTable},
        form::post_form::{PostForm, SubmitButton},
        pill::{Pill, PillKind},
        show::show_within,
    },
    context::{locale::use_locale, toast::use_toasts},
    format::time,
    i18n::{Locale, td_string},
    remote::{Submission, load},
    server_fns::access::{EndOtherSessions, EndSession, ListSessions},
    view::SessionList,
};
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use types::view::SessionEntry;

/// The list of the account's sessions.
#[component]
pub fn Sessions() -> impl IntoView {
    let locale = use_locale();
    let toasts = use_toasts();
    let sessions = load(|| ListSessions {});
    let end = Submission::of::<EndSession>().staying().then(move |_| {
        toasts.show(td_string!(locale, access.session_ended).to_owned());
        sessions.refetch();
    });
    let end_others = Submission::of::<EndOtherSessions>().staying().then(move |_| {
        toasts.show(td_string!(locale, access.others_ended).to_owned());
        sessions.refetch();
    });
    view! {
        <div class="p-account__list">
            {show_within(sessions, move |list| content(locale, list, end, end_others))}
        </div>
    }
    .into_any()
}

fn content(locale: Locale, list: SessionList, end: Submission, end_others: Submission) -> AnyView {
    let SessionList { as_of, sessions } = list;
    let has_others = sessions.iter().any(|session| !session.is_current);
    let columns = vec![
        Column::text(td_string!(locale, access.browser)),
        Column::text(td_string!(locale, access.address)),
        Column::text(td_string!(locale, access.last_used)),
        Column::text(td_string!(locale, users.actions)),
    ];
    let rows = sessions.into_iter().map(|session| row(locale, session, as_of, end)).collect();
    let others = has_others.then(|| {
        view! {
            <PostForm submission=end_others>
                <div>
                    <SubmitButton
                        label=td_string!(locale, access.end_others)
                        submission=end_others
                        class="c-button"
                    />
                </div>
            </PostForm>
        }
        .into_any()
    });
    view! {
        <DataTable caption=td_string!(locale, access.sessions_caption) columns=columns rows=rows />
        {others}
    }
    .into_any()
}

fn row(locale: Locale, session: SessionEntry, as_of: DateTime<Utc>, end: Submission) -> Vec<Cell> {
    let used_at = session.used_at;
    vec![
        Cell::View(browser(locale, &session)),
        Cell::Muted(session.address.clone()),
        Cell::Time(Some(used_at), as_of),
        Cell::View(way_out(locale, session, end)),
    ]
}

fn browser(locale: Locale, session: &SessionEntry) -> AnyView {
    let name = agent::name(&session.client);
    let name = name.unwrap_or_else(|| td_string!(locale, access.unknown_browser).to_owned());
    let current = session
        .is_current
        .then(|| view! { <Pill kind=PillKind::Good text=td_string!(locale, access.this_browser) /> });
    let since = td_string!(locale, access.since, date = time::instant(locale, session.created_at));
    view! {
        <div class="c-data-table__head">
            <span class="c-data-table__line">
                <span class="c-data-table__name" title=session.client.clone()>
                    {name}
                </span>
                {current}
            </span>
            <span class="c-data-table__note">{since}</span>
        </div>
    }
    .into_any()
}

/// The button that ends a session elsewhere; one's own is ended by signing out.
fn way_out(locale: Locale, session: SessionEntry, end: Submission) -> AnyView {
    if session.is_current {
        return ().into_any();
    }
    view! {
        <PostForm submission=end class="p-account__way-out">
            <input type="hidden" name="handle" value=session.handle />
            <SubmitButton
                label=td_string!(locale, access.end_session)
                submission=end
                class="c-button c-button--small"
            />
        </PostForm>
    }
    .into_any()
}
