//! The stream itself, and asking in its place.

use super::{ReadAt, Scope};
use crate::{
    context::session::{Session, use_session},
    error::AppError,
    link, remote,
    server_fns::repository::GetMark,
    view::Mark,
};
use futures::{StreamExt as _, stream::select};
use gloo_net::eventsource::{State, futures::EventSource};
use leptos::{
    leptos_dom::helpers::{IntervalHandle, TimeoutHandle},
    prelude::*,
    task::spawn_local,
};
use std::time::Duration;
use types::view::Change;
use web_sys::MessageEvent;

const EVENTS: &str = "/ui-fn/events";
/// What a stream tells of itself.
const OPEN: &str = "open";
/// What the server tells.
const CHANGE: &str = "change";
/// Changes that come together are one.
const TOGETHER: Duration = Duration::from_millis(200);
/// How often the server is asked while there is no stream.
const ASKING: Duration = Duration::from_secs(5);
/// After how many times of looking after it a stream is tried again that the server refused.
const PATIENCE: u32 = 12;

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
            stream: None,
            was_open: false,
            asking: None,
            asked: 0,
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

/// What is followed and by what means.
struct Watch {
    scope: Scope,
    read_at: ReadAt,
    changed: Callback<()>,
    session: Session,
    /// Closes when it is let go.
    stream: Option<EventSource>,
    /// Whether there was a stream that was open.
    was_open: bool,
    asking: Option<IntervalHandle>,
    /// How often the stream was looked after since it was tried.
    asked: u32,
    telling: Option<TimeoutHandle>,
    mark: Option<Mark>,
}

impl Watch {
    fn stop(&mut self) {
        self.stream = None;
        if let Some(asking) = self.asking.take() {
            asking.clear();
        }
        if let Some(telling) = self.telling.take() {
            telling.clear();
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

    /// Opens the stream, and looks after it from then on.
    fn connect(self) {
        let Some(project) = self.with(|watch| watch.scope.project.clone()) else { return };
        // a stream that can't be opened is asked for again, as one that is refused
        let stream = self.open(&link::with_query(EVENTS, &[("project", &project)]));
        let asking = set_interval_with_handle(move || self.look_after(), ASKING).ok();
        self.with(|watch| {
            watch.stop();
            watch.stream = stream;
            watch.asking = asking;
            watch.asked = 0;
        });
    }

    fn open(self, address: &str) -> Option<EventSource> {
        let mut source = EventSource::new(address).ok()?;
        // the stream's own event of being open comes by its name, as those of the server do
        let mut events = select(source.subscribe(OPEN).ok()?, source.subscribe(CHANGE).ok()?);
        spawn_local(async move {
            while let Some(Ok((kind, event))) = events.next().await {
                if kind == OPEN { self.opened() } else { self.heard(&event) }
            }
        });
        Some(source)
    }

    /// Follows nothing for as long as nobody looks.
    fn pause(self) {
        self.with(Watch::stop);
    }

    /// Catches up: nothing was missed before the first stream that asking does not tell.
    fn opened(self) {
        match self.with(|watch| std::mem::replace(&mut watch.was_open, true)) {
            Some(false) => self.ask(),
            Some(true) => self.tell(),
            None => {}
        }
    }

    /// Asks while the stream is not open, and tries one again that was refused: the browser does not.
    fn look_after(self) {
        let state = self.with(|watch| {
            watch.asked = watch.asked.saturating_add(1);
            (watch.stream.as_ref().map_or(State::Closed, EventSource::state), watch.asked)
        });
        match state {
            Some((State::Open, _)) | None => {}
            Some((State::Closed, PATIENCE..)) => self.connect(),
            Some((State::Connecting | State::Closed, _)) => self.ask(),
        }
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
