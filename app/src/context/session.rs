//! Who is signed in, and the two actions that change it.

use crate::{
    error::AppError,
    server_fns::session::{CreateSession, DeleteSession, get_session},
    view::{SessionView, SignInOutcome},
};
use leptos::prelude::*;

/// The session of this page.
#[derive(Clone, Copy)]
pub struct SessionContext {
    /// Who is signed in; asked again after signing in or out.
    pub current: Resource<Result<SessionView, AppError>>,
    /// Signs in.
    pub sign_in: ServerAction<CreateSession>,
    /// Signs out.
    pub sign_out: ServerAction<DeleteSession>,
}

/// Makes the session known to the whole page.
pub fn provide_session() {
    let sign_in = ServerAction::<CreateSession>::new();
    let sign_out = ServerAction::<DeleteSession>::new();
    // a refused attempt changes nobody's session
    let signed_in = Memo::new(move |last: Option<&usize>| {
        let version = sign_in.version().get();
        let is_signed_in = sign_in.value().with(|answer| matches!(answer, Some(Ok(SignInOutcome::SignedIn))));
        if is_signed_in { version } else { last.copied().unwrap_or_default() }
    });
    let current = Resource::new(move || (signed_in.get(), sign_out.version().get()), |_| get_session());
    provide_context(SessionContext { current, sign_in, sign_out });
}

/// The session of this page.
pub fn use_session() -> SessionContext {
    expect_context()
}
