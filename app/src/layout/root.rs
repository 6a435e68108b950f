//! The frame of every page.

use super::{
    shortcuts::Shortcuts, sidebar::Sidebar, sign_in_again::SignInAgain, toasts::ToastRegion, top_bar::TopBar,
};
use crate::{
    browser,
    components::notice::{Notice, Tone},
    context::{locale::use_locale, session::use_session},
    i18n::td_string,
    link,
};
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
    let (locale, is_read_only) = (use_locale(), use_session().is_read_only());
    view! {
        <div class="l-root">
            <a class="l-root__skip" href="#content">
                {td_string!(locale, shell.skip)}
            </a>
            <TopBar />
            <div class="l-root__columns">
                <Sidebar />
                <main class="l-root__content" id=CONTENT tabindex="-1">
                    {is_read_only
                        .then(|| {
                            view! { <Notice tone=Tone::Warn>{td_string!(locale, state.read_only_text)}</Notice> }
                        })}
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
