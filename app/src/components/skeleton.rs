//! What stands in for a list while it is on its way.

use crate::{context::locale::use_locale, i18n::td_string};
use leptos::prelude::*;

/// The outline of a list.
#[component]
pub fn Skeleton() -> impl IntoView {
    view! {
        <div class="c-skeleton" role="status">
            <span class="u-visually-hidden">{td_string!(use_locale(), state.loading)}</span>
            <div class="c-skeleton__line"></div>
            <div class="c-skeleton__line"></div>
            <div class="c-skeleton__line"></div>
            <div class="c-skeleton__line"></div>
            <div class="c-skeleton__line"></div>
        </div>
    }
    .into_any()
}
