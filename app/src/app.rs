//! The root of the portal: contexts first, then the table of its pages.

use crate::{
    context::{locale::provide_locale, session::provide_session, theme::provide_theme},
    layout::root::{RootLayout, Shell},
    pages::{
        not_found::NotFoundPage, project::ProjectPage, projects::ProjectsPage, repository::RepositoryPage,
        sign_in::SignInPage,
    },
    preferences::Preferences,
};
use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::{
    SsrMode,
    components::{ParentRoute, Redirect, Route, Router, Routes},
    path,
};

/// The whole portal inside of `<body>`.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let preferences = Preferences::current();
    provide_locale(preferences.locale);
    provide_theme(preferences.theme);
    provide_session();

    view! {
        <Router>
            <Routes fallback=|| {
                view! {
                    <Shell>
                        <NotFoundPage />
                    </Shell>
                }
            }>
                <Route path=path!("/sign-in") view=SignInPage ssr=SsrMode::Async />
                <ParentRoute path=path!("") view=RootLayout ssr=SsrMode::Async>
                    <Route path=path!("/") view=|| view! { <Redirect path="/projects" /> } ssr=SsrMode::Async />
                    <Route path=path!("/projects") view=ProjectsPage ssr=SsrMode::Async />
                    <Route path=path!("/projects/:project") view=ProjectPage ssr=SsrMode::Async />
                    <Route path=path!("/projects/:project/*repository") view=RepositoryPage ssr=SsrMode::Async />
                </ParentRoute>
            </Routes>
        </Router>
    }
}
