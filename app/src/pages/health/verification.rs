//! Whether the stored bytes are still what was pushed.

use super::{fact_list, text};
use crate::{
    components::time_ago::TimeAgo,
    format,
    i18n::{Locale, td_string},
    view::SystemState,
};
use leptos::prelude::*;

/// When the bytes were last read again, and what that showed.
pub fn verification(locale: Locale, state: &SystemState) -> AnyView {
    let (told, as_of) = (state.health.verification, state.as_of);
    let oldest = match told.oldest_at {
        Some(at) => view! { <TimeAgo at=at as_of=as_of /> }.into_any(),
        None => text(td_string!(locale, health.not_yet).to_owned()),
    };
    let next = match told.next_at {
        Some(at) if at <= as_of => td_string!(locale, health.now_due).to_owned(),
        Some(at) => format::time::instant(locale, at),
        None => td_string!(locale, health.verification_off).to_owned(),
    };
    fact_list(vec![
        (td_string!(locale, health.oldest_verified), oldest),
        (td_string!(locale, health.never_verified), text(format::count(told.never))),
        (td_string!(locale, health.damaged), text(format::count(told.damaged))),
        (td_string!(locale, health.next_verification), text(next)),
    ])
}
