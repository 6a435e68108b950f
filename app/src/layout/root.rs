//! The frame of every page.

use super::{
    shortcuts::Shortcuts, sidebar::Sidebar, sign_in_again::SignInAgain, toasts::ToastRegion, top_bar::TopBar,
};
use crate::{browser, context::locale::use_locale, i18n::td_string, link};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// The id of the page inside of its frame, which the skip link names too.
const CONTENT: &str = "content";

/// The frame around the page; the pages before signing in stand alone.
#[component]
pub fn Shell(
    /// The page.
    children: ChildrenFn,
) -> impl IntoView {
    let pathname = use_location().pathname;
    let is_bare = Memo::new(move |_| matches!(pathname.get().as_str(), link::SIGN_IN | link::REGISTER));
    // a reader of the screen, and the next Tab, begin at the new page and not at a link that is gone
    Effect::new(move |before: Option<String>| {
        let present = pathname.get();
        if before.is_some_and(|before| before != present) {
            browser::focus(CONTENT);
        }
        present
    });
    move || if is_bare.get() { children().into_any() } else { framed(&children) }
}

fn framed(children: &ChildrenFn) -> AnyView {
    view! {
        <div class="l-root">
            <a class="l-root__skip" href="#content">
                {td_string!(use_locale(), shell.skip)}
            </a>
            <TopBar />
            <div class="l-root__columns">
                <Sidebar />
                <main class="l-root__content" id=CONTENT tabindex="-1">
                    {children()}
                </main>
            </div>
            <ToastRegion />
            <Shortcuts />
            <SignInAgain />
        </div>
    }
    .into_any()
}
