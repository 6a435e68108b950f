//! What stands above a list: looking for a name in it, and choosing one of its groups.

use crate::{
    components::icon::{Glyph, Icon},
    context::{locale::use_locale, navigation::use_navigator},
    i18n::td_string,
    listing::Listing,
};
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};
use std::time::Duration;

/// The id of the field.
pub const FIELD: &str = "list-search";

/// How long typing pauses before the list follows.
const PAUSE: Duration = Duration::from_millis(150);

/// The tools of the list at `path`. Its form works before the page is awake.
#[component]
pub fn ListTools(
    /// The path of the list, without a query.
    #[prop(into)]
    path: Signal<String>,
    /// What the address asks for.
    listing: Memo<Listing>,
    /// What is looked for.
    #[prop(into)]
    label: String,
    /// The groups: the value in the address, and what each is called.
    #[prop(optional)]
    groups: Vec<(&'static str, &'static str)>,
) -> impl IntoView {
    let navigator = use_navigator();
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let go = move |q: String| {
        let listing = listing.get_untracked();
        if listing.q != q {
            navigator.replace(&Listing { page: 1, q, ..listing }.href(&path.get_untracked()));
        }
    };
    let type_on = move |event| {
        let q = event_target_value(&event);
        if let Some(waiting) = timer.get_value() {
            waiting.clear();
        }
        timer.set_value(set_timeout_with_handle(move || go(q), PAUSE).ok());
    };
    let groups = (!groups.is_empty()).then(|| segments(path, listing, groups));
    view! {
        <div class="c-list-tools">
            <form method="get" role="search" class="c-search-box" action=move || path.get()>
                <Icon glyph=Glyph::Search />
                <label class="u-visually-hidden" for=FIELD>
                    {label.clone()}
                </label>
                <input
                    type="search"
                    id=FIELD
                    name="q"
                    class="c-search-box__input"
                    placeholder=label
                    autocomplete="off"
                    spellcheck="false"
                    maxlength="255"
                    value=listing.get_untracked().q
                    on:input=type_on
                />
                <input type="hidden" name="filter" value=move || listing.get().filter />
                <input type="hidden" name="sort" value=move || listing.get().sort />
            </form>
            {groups}
        </div>
    }
    .into_any()
}

fn segments(
    path: Signal<String>,
    listing: Memo<Listing>,
    groups: Vec<(&'static str, &'static str)>,
) -> AnyView {
    let links = groups
        .into_iter()
        .map(|(value, name)| {
            let href = move || listing.get().filter_href(&path.get(), value);
            let is_current = move || (listing.get().filter == value).then_some("true");
            view! {
                <li>
                    <a href=href class="c-segments__link" aria-current=is_current data-noscroll="true">
                        {name}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <nav class="c-segments" aria-label=td_string!(use_locale(), form.filter)>
            <ul class="c-segments__list">{links}</ul>
        </nav>
    }
    .into_any()
}
