//! The top of a page.

use crate::{
    components::{
        page_title::PageTitle,
        pill::{Pill, PillKind},
    },
    context::locale::use_locale,
    i18n::td_string,
};
use leptos::prelude::*;

/// One step above the page: where it leads, and what it is called.
pub type Crumb = (String, String);

/// The way back up, the page's one heading, and what there is to do with the whole page.
#[component]
pub fn PageHead(
    /// The steps above this page, the topmost first.
    #[prop(optional)]
    crumbs: Vec<Crumb>,
    /// The heading.
    #[prop(into)]
    title: String,
    /// The line under it.
    #[prop(optional, into)]
    note: Option<String>,
    /// A word beside the heading.
    #[prop(optional, into)]
    pill: Option<String>,
    /// The page's name where it says more than the heading.
    #[prop(optional, into)]
    tab: Option<String>,
    /// What there is to do.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let actions = children.map(|children| view! { <div class="c-page-head__actions">{children()}</div> });
    let note = note.map(|note| view! { <p class="c-page-head__note">{note}</p> });
    let pill = pill.map(|pill| view! { <Pill kind=PillKind::State text=pill /> });
    view! {
        <PageTitle text=tab.unwrap_or_else(|| title.clone()) />
        <div class="c-page-head">
            {(!crumbs.is_empty()).then(|| breadcrumb(crumbs))}
            <div class="c-page-head__row">
                <div>
                    <div class="c-page-head__title">
                        <h1>{title}</h1>
                        {pill}
                    </div>
                    {note}
                </div>
                {actions}
            </div>
        </div>
    }
    .into_any()
}

fn breadcrumb(crumbs: Vec<Crumb>) -> AnyView {
    let items = crumbs
        .into_iter()
        .map(|(href, text)| {
            view! {
                <li class="c-breadcrumb__item">
                    <a href=href>{text}</a>
                </li>
            }
        })
        .collect_view();
    view! {
        <nav class="c-breadcrumb" aria-label=td_string!(use_locale(), shell.breadcrumb)>
            <ol class="c-breadcrumb__list">{items}</ol>
        </nav>
    }
    .into_any()
}
