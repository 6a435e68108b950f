//! The stream itself, and asking in its place.

use super::{
    ReadAt, Scope,
    stream::{CatchUp, Health},
};
use crate::{
    context::session::{Session, use_session},
    error::AppError,
    link, remote,
    server_fns::repository::GetMark,
    view::Mark,
};
use leptos::{
    leptos_dom::helpers::{IntervalHandle, TimeoutHandle},
    prelude::*,
    task::spawn_local,
};
use std::time::Duration;
use types::view::Change;
use wasm_bindgen::{JsCast as _, closure::Closure};
use web_sys::{EventSource, MessageEvent};

const EVENTS: &str = "/ui-fn/events";
/// Changes that come together are one.
const TOGETHER: Duration = Duration::from_millis(200);
/// How often the server is asked where there is no stream.
const ASKING: Duration = Duration::from_secs(5);
/// When a stream is tried again.
const RETRY: Duration = Duration::from_mins(1);

/// Follows the scope until the page is left, and another one when it changes.
pub(super) fn follow(scope: Box<dyn Fn() -> Scope>, read_at: ReadAt, changed: Callback<()>) {
    let session = use_session();
    let is_shown = Memo::new(move |_| read_at.with(Option::is_some));
    Effect::new(move || {
        if !is_shown.get() {
            return;
        }
        let watch = Watch {
            scope: scope(),
            read_at,
            changed,
            session,
            health: Health::default(),
            stream: None,
            asking: None,
            retry: None,
            telling: None,
            mark: None,
        };
        let watcher = Watcher(StoredValue::new_local(watch));
        let look = window_event_listener_untyped("visibilitychange", move |_| {
            if document().hidden() { watcher.pause() } else { watcher.connect() }
        });
        // a connection that the browser itself cuts is an error in its console
        let leave = window_event_listener_untyped("pagehide", move |_| watcher.pause());
        on_cleanup(move || {
            look.remove();
            leave.remove();
        });
        if !document().hidden() {
            watcher.connect();
        }
    });
}

/// An open stream; it closes when it is let go.
struct Stream {
    source: EventSource,
    _callbacks: [Closure<dyn Fn(MessageEvent)>; 3],
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.source.close();
    }
}

/// What is followed and by what means.
struct Watch {
    scope: Scope,
    read_at: ReadAt,
    changed: Callback<()>,
    session: Session,
    health: Health,
    stream: Option<Stream>,
    asking: Option<IntervalHandle>,
    retry: Option<TimeoutHandle>,
    telling: Option<TimeoutHandle>,
    mark: Option<Mark>,
}

impl Watch {
    fn stop(&mut self) {
        self.stream = None;
        self.stop_asking();
        if let Some(telling) = self.telling.take() {
            telling.clear();
        }
    }

    fn stop_asking(&mut self) {
        if let Some(asking) = self.asking.take() {
            asking.clear();
        }
        if let Some(retry) = self.retry.take() {
            retry.clear();
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The handle of a watch, which may be gone when a callback comes.
#[derive(Clone, Copy)]
struct Watcher(StoredValue<Watch, LocalStorage>);

impl Watcher {
    fn with<T>(self, change: impl FnOnce(&mut Watch) -> T) -> Option<T> {
        self.0.try_update_value(change)
    }

    /// Opens the stream.
    fn connect(self) {
        let Some(project) = self.with(|watch| watch.scope.project.clone()) else { return };
        match self.open(&link::with_query(EVENTS, &[("project", &project)])) {
            Some(stream) => drop(self.with(|watch| watch.stream.replace(stream))),
            None => self.do_without(),
        }
    }

    fn open(self, address: &str) -> Option<Stream> {
        let source = EventSource::new(address).ok()?;
        let callbacks = [
            Closure::<dyn Fn(MessageEvent)>::new(move |event| self.heard(&event)),
            Closure::<dyn Fn(MessageEvent)>::new(move |_| self.opened()),
            Closure::<dyn Fn(MessageEvent)>::new(move |_| self.failed()),
        ];
        let [heard, opened, failed] = &callbacks;
        source.add_event_listener_with_callback("change", heard.as_ref().unchecked_ref()).ok()?;
        source.set_onopen(Some(opened.as_ref().unchecked_ref()));
        source.set_onerror(Some(failed.as_ref().unchecked_ref()));
        Some(Stream { source, _callbacks: callbacks })
    }

    /// Follows nothing for as long as nobody looks.
    fn pause(self) {
        self.with(Watch::stop);
    }

    fn opened(self) {
        let catch_up = self.with(|watch| {
            watch.stop_asking();
            watch.health.opened()
        });
        match catch_up {
            Some(CatchUp::Ask) => self.ask(),
            Some(CatchUp::Read) => self.tell(),
            None => {}
        }
    }

    fn failed(self) {
        let is_over = self.with(|watch| {
            let is_closed =
                watch.stream.as_ref().is_none_or(|stream| stream.source.ready_state() == EventSource::CLOSED);
            watch.health.failed(is_closed)
        });
        if is_over == Some(true) {
            self.do_without();
        }
    }

    /// Asks now and then, and tries the stream again later.
    fn do_without(self) {
        let asking = set_interval_with_handle(move || self.ask(), ASKING).ok();
        let retry = set_timeout_with_handle(move || self.connect(), RETRY).ok();
        let stream = self.with(|watch| {
            watch.stop_asking();
            watch.asking = asking;
            watch.retry = retry;
            watch.stream.take()
        });
        drop(stream);
    }

    fn heard(self, event: &MessageEvent) {
        let change = event.data().as_string().and_then(|text| serde_json::from_str::<Change>(&text).ok());
        let is_about = self.with(|watch| match &change {
            Some(change) if change.kind != Change::RELOAD => {
                watch.scope.repository.is_empty() || watch.scope.repository == change.repository
            }
            // something happened that could not be told
            Some(_) | None => true,
        });
        if is_about == Some(true) {
            self.tell();
        }
    }

    /// Lets the page read again, soon.
    fn tell(self) {
        if self.with(|watch| watch.telling.is_some()) != Some(false) {
            return;
        }
        let telling = set_timeout_with_handle(
            move || {
                let changed = self.with(|watch| {
                    watch.telling = None;
                    watch.changed
                });
                if let Some(changed) = changed {
                    changed.run(());
                }
            },
            TOGETHER,
        );
        self.with(|watch| watch.telling = telling.ok());
    }

    /// Asks how far the scope has come.
    fn ask(self) {
        let Some(Scope { project, repository }) = self.with(|watch| watch.scope.clone()) else { return };
        spawn_local(async move {
            let answer = remote::ask(&GetMark { project, repository }).await;
            match answer.and_then(|payload| payload.read()) {
                Ok(mark) => self.compare(mark),
                Err(error) => self.refused(&error),
            }
        });
    }

    fn compare(self, mark: Mark) {
        let is_new = self.with(|watch| match watch.mark.replace(mark) {
            Some(before) => before != mark,
            None => mark.changed_at > watch.read_at.try_get_untracked().flatten(),
        });
        if is_new == Some(true) {
            self.tell();
        }
    }

    /// One refusal ends the asking: a reload then says why. A server that is away may be back at the next turn.
    fn refused(self, error: &AppError) {
        if matches!(error, AppError::Answered(_)) {
            let session = self.with(|watch| {
                watch.stop();
                watch.session
            });
            if let Some(session) = session {
                session.note(error);
            }
        }
    }
}
