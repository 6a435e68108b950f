//! Who is signed in, and where this registry is: one answer for the life of a document, since signing in and out load
//! the page anew.

use crate::{
    error::AppError,
    view::{Returned, SessionView},
};
use leptos::prelude::*;

/// The session of this page.
#[derive(Clone, Copy)]
pub struct Session {
    view: StoredValue<SessionView>,
    has_ended: RwSignal<bool>,
}

/// Makes the session known to the whole page: the server looks it up, the browser reads what the server found.
pub fn provide_session() {
    let view = SharedValue::new(present).into_inner();
    provide_context(Session { view: StoredValue::new(view), has_ended: RwSignal::new(false) });
}

#[cfg(feature = "ssr")]
fn present() -> SessionView {
    crate::ssr::session::view()
}

#[cfg(not(feature = "ssr"))]
fn present() -> SessionView {
    // the server has written it into every page
    SessionView::default()
}

/// The session of this page.
pub fn use_session() -> Session {
    expect_context()
}

impl Session {
    /// Who looks at the page, and where this registry is.
    pub fn view(self) -> SessionView {
        self.view.get_value()
    }

    /// Whether somebody was signed in when the page was made.
    pub fn is_signed_in(self) -> bool {
        self.view.with_value(|view| view.user.is_some())
    }

    /// Whether the one who looks administers the system.
    pub fn is_admin(self) -> bool {
        self.view.with_value(|view| view.user.as_ref().is_some_and(|user| user.is_admin))
    }

    /// Whether the one who looks may make projects.
    pub fn may_create_projects(self) -> bool {
        self.view.with_value(|view| view.may_create_projects)
    }

    /// Whether somebody is signed in who can change nothing for a while.
    pub fn is_read_only(self) -> bool {
        self.view.with_value(|view| view.user.is_some() && view.read_only)
    }

    /// Why the form that is sent to `path` was refused before the page was awake; told once.
    pub fn take_returned(self, path: &str) -> Option<AppError> {
        let is_of_path = |returned: &mut Returned| returned.path == path;
        let returned = self.view.try_update_value(|view| view.returned.take_if(is_of_path));
        returned.flatten().map(|returned| returned.error)
    }

    /// Whether the session ended while the page was open.
    pub fn has_ended(self) -> RwSignal<bool> {
        self.has_ended
    }

    /// Learns from an answer that the session has ended.
    #[cfg(not(feature = "ssr"))]
    pub fn note(self, error: &AppError) {
        if self.is_signed_in() && matches!(error, AppError::Answered(types::ui_error::UiError::SignIn)) {
            self.has_ended.set(true);
        }
    }
}
