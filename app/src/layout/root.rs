//! The frame of every page but signing in.

use super::{sidebar::Sidebar, top_bar::TopBar};
use crate::i18n::{t, use_i18n};
use leptos::prelude::*;
use leptos_router::components::Outlet;

/// The frame around a route's page.
#[component]
pub fn RootLayout() -> impl IntoView {
    view! {
        <Shell>
            <Outlet />
        </Shell>
    }
}

/// The frame around anything.
#[component]
pub fn Shell(
    /// The page.
    children: Children,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="l-root">
            <a class="l-root__skip" href="#content">
                {t!(i18n, shell.skip)}
            </a>
            <TopBar />
            <div class="l-root__columns">
                <Sidebar />
                <main class="l-root__content" id="content" tabindex="-1">
                    {children()}
                </main>
            </div>
        </div>
    }
    .into_any()
}
