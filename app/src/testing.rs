//! Rendering parts of pages as the server does, for tests.

use crate::{
    context::{
        client::provide_client, locale::provide_locale, session::provide_session, theme::provide_theme,
        toast::provide_toasts,
    },
    i18n::Locale,
};
use leptos::prelude::*;
use leptos_router::{components::Router, location::RequestUrl};
use types::preference::{Client, Theme};

/// The HTML of what `view` makes within a page at `/`, for nobody in particular.
pub fn rendered(view: impl FnOnce() -> AnyView + Send + 'static) -> String {
    let owner = Owner::new();
    owner.with(|| {
        provide_context(RequestUrl::new("/"));
        provide_locale(Locale::en_us);
        provide_theme(Theme::default());
        provide_client(Client::default());
        provide_session();
        provide_toasts();
        view! { <Router>{view()}</Router> }.to_html()
    })
}
