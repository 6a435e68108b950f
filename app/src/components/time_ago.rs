//! A moment, as far away as it is.

use crate::{
    context::locale::use_locale,
    format::time::{Age, instant, relative},
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
    let locale = use_locale();
    view! {
        <time datetime=at.to_rfc3339_opts(SecondsFormat::Secs, true) title=instant(locale, at)>
            {relative(locale, Age::between(at, as_of))}
        </time>
    }
    .into_any()
}
