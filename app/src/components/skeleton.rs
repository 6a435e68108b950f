//! What stands in for a list while it is on its way.

use crate::i18n::{t, use_i18n};
use leptos::prelude::*;

/// The outline of a list.
#[component]
pub fn Skeleton() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="c-skeleton" role="status">
            <span class="u-visually-hidden">{t!(i18n, state.loading)}</span>
            {(0..6).map(|_| view! { <div class="c-skeleton__line"></div> }).collect_view()}
        </div>
    }
}
