//! A change that a form sends.

use super::{Answer, Payload};
#[cfg(not(feature = "ssr"))]
use super::{Call, browser::send};
use crate::{
    context::{
        navigation::{Navigator, use_navigator},
        session::{Session, use_session},
    },
    error::AppError,
};
use leptos::{ev::SubmitEvent, prelude::*, server_fn::ServerFn};
use serde::Serialize;

type Done = Callback<Payload>;

/// Where a success leads.
#[derive(Clone, Copy, PartialEq, Eq)]
enum After {
    /// To wherever the answer says, within this document.
    Follow,
    /// There too, but the page is loaded anew.
    Leave,
    /// Nowhere.
    Stay,
}

/// A server function that changes something, and what became of the last time it was called.
///
/// The form that sends it works before the page is awake: it then leads back to the page by itself.
#[derive(Clone, Copy)]
#[cfg_attr(feature = "ssr", expect(dead_code, reason = "only a browser sends and follows the answer"))]
pub struct Submission {
    path: &'static str,
    is_pending: RwSignal<bool>,
    answer: RwSignal<Option<Answer>>,
    done: Option<Done>,
    after: After,
    session: Session,
    navigator: Navigator,
}

impl Submission {
    /// A submission of `F`, not sent yet; one that came back refused before the page was awake says so.
    pub fn of<F: ServerFn<Error = AppError>>() -> Self {
        Self::to(F::PATH)
    }

    /// The same for every function, so that it is compiled once.
    fn to(path: &'static str) -> Self {
        let session = use_session();
        Self {
            path,
            is_pending: RwSignal::new(false),
            answer: RwSignal::new(session.take_returned(path).map(Err)),
            done: None,
            after: After::Follow,
            session,
            navigator: use_navigator(),
        }
    }

    /// The same, with what happens on the page after a success.
    #[must_use]
    pub fn then(self, done: impl Fn(Payload) + Send + Sync + 'static) -> Self {
        Self { done: Some(Callback::new(done)), ..self }
    }

    /// The same, for a change of who is signed in or in which language: the page is loaded anew where it leads to.
    #[must_use]
    pub fn leaving(self) -> Self {
        Self { after: After::Leave, ..self }
    }

    /// The same, for a form over a page that stays, wherever its answer leads.
    #[must_use]
    pub fn staying(self) -> Self {
        Self { after: After::Stay, ..self }
    }

    /// Where the form is sent.
    pub fn path(self) -> &'static str {
        self.path
    }

    /// Whether an answer is awaited.
    pub fn is_pending(self) -> bool {
        self.is_pending.get()
    }

    /// The last answer; none while the next one is awaited.
    pub fn answer(self) -> Option<Answer> {
        self.answer.get()
    }

    /// The error of the last answer.
    pub fn error(self) -> Option<AppError> {
        self.answer.with(|answer| answer.as_ref().and_then(|answer| answer.as_ref().err()).cloned())
    }

    /// Forgets the last answer.
    pub fn clear(self) {
        self.answer.set(None);
    }

    /// Sends the form that was submitted, in place of the browser.
    #[cfg_attr(
        feature = "ssr",
        expect(unused_variables, clippy::unused_self, reason = "only a browser sends")
    )]
    pub fn submit(self, event: &SubmitEvent) {
        #[cfg(not(feature = "ssr"))]
        {
            event.prevent_default();
            if let Some(arguments) = crate::browser::form_arguments(event) {
                self.call(arguments);
            }
        }
    }

    /// Calls the function without a form.
    #[cfg_attr(
        feature = "ssr",
        expect(unused_variables, clippy::unused_self, reason = "only a browser sends")
    )]
    pub fn send<F: ServerFn + Serialize>(self, function: &F) {
        #[cfg(not(feature = "ssr"))]
        self.call(Call::of(function).arguments);
    }
}

#[cfg(not(feature = "ssr"))]
impl Submission {
    /// Sends these arguments, unless an answer is awaited already.
    pub(crate) fn call(self, arguments: String) {
        // what takes back a change may outlive the page it was made on
        if self.is_pending.try_get_untracked() == Some(true) {
            return;
        }
        let _ = self.is_pending.try_set(true);
        let _ = self.answer.try_set(None);
        leptos::task::spawn_local(async move {
            let outcome = send(Call { path: self.path, arguments }).await;
            let _ = self.is_pending.try_set(false);
            if let Err(error) = &outcome.answer {
                self.session.note(error);
            }
            let answer = outcome.answer.clone();
            let _ = self.answer.try_set(Some(answer));
            let Ok(payload) = outcome.answer else { return };
            if let Some(done) = self.done {
                // the page may be gone by then
                let _ = done.try_run(payload);
            }
            match (self.after, outcome.redirect) {
                (After::Follow, Some(target)) => self.navigator.go(&target),
                (After::Leave, Some(target)) => crate::browser::leave_for(&target),
                // a refusal that the page itself shows leads nowhere
                (After::Follow | After::Stay | After::Leave, _) => {}
            }
        });
    }
}
