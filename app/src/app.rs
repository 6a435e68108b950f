//! The root of the portal: contexts first, then the table of its pages.

use crate::{
    context::{
        client::provide_client, locale::provide_locale, session::provide_session, theme::provide_theme,
        toast::provide_toasts,
    },
    layout::root::Shell,
    pages::{
        account::AccountPage, activity::ActivityPage, health::HealthPage, home::HomePage,
        members::MembersPage, not_found::NotFoundPage, project::ProjectPage, projects::ProjectsPage,
        register::RegisterPage, repository::RepositoryRoute, search::SearchPage, settings::SettingsPage,
        sign_in::SignInPage, users::UsersPage,
    },
    preferences::Preferences,
};
use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::{
    SsrMode,
    components::{FlatRoutes, Route, Router},
    path,
};

/// The whole portal inside of `<body>`.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let preferences = Preferences::current();
    provide_locale(preferences.locale);
    provide_theme(preferences.theme);
    provide_client(preferences.client);
    provide_session();
    provide_toasts();

    view! {
        <Router>
            <Shell>
                <FlatRoutes fallback=NotFoundPage>
                    <Route path=path!("/") view=HomePage ssr=SsrMode::Async />
                    <Route path=path!("/sign-in") view=SignInPage ssr=SsrMode::Async />
                    <Route path=path!("/register") view=RegisterPage ssr=SsrMode::Async />
                    <Route path=path!("/account") view=AccountPage ssr=SsrMode::Async />
                    <Route path=path!("/search") view=SearchPage ssr=SsrMode::Async />
                    <Route path=path!("/projects") view=ProjectsPage ssr=SsrMode::Async />
                    <Route path=path!("/projects/:project") view=ProjectPage ssr=SsrMode::Async />
                    <Route path=path!("/projects/:project/members") view=MembersPage ssr=SsrMode::Async />
                    <Route path=path!("/projects/:project/activity") view=ActivityPage ssr=SsrMode::Async />
                    <Route path=path!("/projects/:project/settings") view=SettingsPage ssr=SsrMode::Async />
                    <Route
                        path=path!("/projects/:project/repositories/*repository")
                        view=RepositoryRoute
                        ssr=SsrMode::Async
                    />
                    <Route path=path!("/administration/users") view=UsersPage ssr=SsrMode::Async />
                    <Route path=path!("/administration/health") view=HealthPage ssr=SsrMode::Async />
                </FlatRoutes>
            </Shell>
        </Router>
    }
}
