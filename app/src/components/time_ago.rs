//! A moment, as far away as it is.

use crate::{
    format::time::{Age, instant, relative},
    i18n::use_i18n,
};
use chrono::{DateTime, SecondsFormat, Utc};
use leptos::prelude::*;

/// How long ago `at` was when the page's data was read; the exact moment shows on hovering.
///
/// Both renders measure from `as_of`, never from a clock, so they agree.
#[component]
pub fn TimeAgo(
    /// The moment.
    at: DateTime<Utc>,
    /// When the page's data was read.
    as_of: DateTime<Utc>,
) -> impl IntoView {
    let i18n = use_i18n();
    let age = Age::between(at, as_of);
    view! {
        <time
            datetime=at.to_rfc3339_opts(SecondsFormat::Secs, true)
            title=move || instant(i18n.get_locale(), at)
        >
            {move || relative(i18n.get_locale(), age)}
        </time>
    }
}
