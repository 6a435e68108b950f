//! Live events: `GET /ui-fn/events` tells an open page what happens, as server-sent events.
//!
//! A stream looks after its session at every heartbeat and does not prolong it: a page that is left open does not keep
//! anybody signed in. It ends by itself after a while, and at once when the server stops; the browser opens a new one.
//! Source: HTML Living Standard, "Server-sent events".

use std::{convert::Infallible, time::Duration};

use axum::{
    Extension,
    extract::{Query, State},
    response::{
        IntoResponse, Response,
        sse::{Event, Sse},
    },
};
use futures::stream::{BoxStream, Stream, StreamExt, once, unfold};
use http::{HeaderName, StatusCode, header};
use serde::Deserialize;
use service::{Error, OpCtx, Services, feed::Change};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at, sleep_until};
use tower_sessions::{Session, session::Id};

use super::{
    seats::{Holder, Seat, Seats},
    session,
};
use crate::{
    listener::Stop,
    middleware::{Cause, ClientInfo, Door, failure},
    state::AppState,
};

/// Where the stream is.
pub(super) const PATH: &str = "/ui-fn/events";
/// How a stream goes on.
const PACE: Pace = Pace { heartbeat: Duration::from_secs(15), life: Duration::from_mins(30) };
/// When a browser that lost the stream asks again.
const RETRY: Duration = Duration::from_secs(3);

/// Tells no proxy to hold the stream back. Source: nginx, `proxy_buffering`.
const NO_BUFFERING: (HeaderName, &str) = (HeaderName::from_static("x-accel-buffering"), "no");

#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    /// The one project to tell of.
    project: Option<String>,
}

/// The changes of a project, or of all that the session may see.
pub(super) async fn subscribe(
    State(AppState { services, stop, .. }): State<AppState>,
    Extension(cx): Extension<OpCtx>,
    Extension(seats): Extension<Seats>,
    client: ClientInfo,
    session: Session,
    Query(Asked { project }): Query<Asked>,
) -> Response {
    let Some(seat) = seats.take(Holder::of(&cx, client.ip)) else {
        return failure(
            Door::Site,
            StatusCode::TOO_MANY_REQUESTS,
            "too many live pages are open: close some",
        );
    };
    let project = project.filter(|project| !project.is_empty());
    let changes = match services.feed.subscribe(&cx, project.as_deref()).await {
        Ok(changes) => changes,
        Err(error) => return refused(error),
    };
    let watch = Watch { services, session: session.id(), user: cx.user_id() };
    let opening = once(async { Ok::<_, Infallible>(Event::default().retry(RETRY).comment("open")) });
    let rest = Live::new(changes, watch, stop, PACE).stream(seat).map(Ok);
    ([(header::CACHE_CONTROL, "no-store"), NO_BUFFERING], Sse::new(opening.chain(rest))).into_response()
}

/// How a stream goes on.
#[derive(Clone, Copy, Debug)]
struct Pace {
    /// How often it shows that it lives, and looks after its session.
    heartbeat: Duration,
    /// How long it goes on.
    life: Duration,
}

/// One open stream.
struct Live {
    changes: BoxStream<'static, Change>,
    beat: Interval,
    ends_at: Instant,
    stop: Stop,
    watch: Watch,
}

impl Live {
    fn new(changes: BoxStream<'static, Change>, watch: Watch, stop: Stop, pace: Pace) -> Self {
        let began = Instant::now();
        let mut beat = interval_at(began + pace.heartbeat, pace.heartbeat);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self { changes, beat, ends_at: began + pace.life, stop, watch }
    }

    /// What is sent, up to the end; `seat` is free again then.
    fn stream(self, seat: Seat) -> impl Stream<Item = Event> + Send + 'static {
        unfold((self, seat), |(mut live, seat)| async move {
            live.next().await.map(|event| (event, (live, seat)))
        })
    }

    /// What is sent next; None ends the stream.
    async fn next(&mut self) -> Option<Event> {
        tokio::select! {
            biased;
            () = self.stop.requested() => None,
            () = sleep_until(self.ends_at) => None,
            _ = self.beat.tick() => self.watch.is_unchanged().await.then(|| Event::default().comment("")),
            change = self.changes.next() => tell(&change?),
        }
    }
}

fn tell(change: &Change) -> Option<Event> {
    let event = Event::default().event("change").json_data(change);
    event.inspect_err(|error| tracing::error!(%error, "Could not write a change as JSON: {error}")).ok()
}

/// Whose stream it is.
struct Watch {
    services: Services,
    session: Option<Id>,
    user: Option<i64>,
}

impl Watch {
    /// Whether the session still belongs to whom it did; a store that does not answer says no.
    async fn is_unchanged(&self) -> bool {
        match session::owner(&self.services, self.session).await {
            Ok(owner) => owner == self.user,
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(error, "Ended a live page: its session could not be looked at");
                false
            }
        }
    }
}

/// A refusal in one short line.
fn refused(error: Error) -> Response {
    let (status, text) = match &error {
        Error::Unauthenticated { .. } => (StatusCode::UNAUTHORIZED, "sign in first"),
        Error::Forbidden(_) => (StatusCode::FORBIDDEN, "you may not see this project"),
        Error::NotFound(..) | Error::Hidden(_) => (StatusCode::NOT_FOUND, "there is no such project"),
        Error::InvalidName(_)
        | Error::Malformed(_)
        | Error::Denied(_)
        | Error::Invalid { .. }
        | Error::InvalidManifest(_)
        | Error::InvalidDigest(_)
        | Error::DigestMismatch { .. }
        | Error::MissingReference(_)
        | Error::BadRange { .. }
        | Error::BodyBroken
        | Error::TooLarge { .. }
        | Error::ReadOnly
        | Error::AlreadyExists(_)
        | Error::Conflict(_)
        | Error::Precondition(_)
        | Error::Unsupported(_) => (StatusCode::BAD_REQUEST, "this can't be followed"),
        Error::RateLimited { .. } => (StatusCode::TOO_MANY_REQUESTS, "try again later"),
        Error::NoSpace(_) | Error::Unavailable(_) => {
            (StatusCode::SERVICE_UNAVAILABLE, "try again in a moment")
        }
        Error::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "internal server error"),
    };
    let mut response = failure(Door::Site, status, text);
    if status.is_server_error() {
        response.extensions_mut().insert(Cause::new(error));
    }
    response
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use app::ssr::session::{SESSION_KEY, SessionIdentity};
    use service::testing::World;
    use tower_sessions::{SessionStore, cookie::time::OffsetDateTime, session::Record};
    use types::{harbor::PasswordReq, secret::Secret};

    use super::*;
    use crate::session_store::DatabaseStore;

    const OFTEN: Pace = Pace { heartbeat: Duration::from_millis(5), life: Duration::from_mins(1) };

    /// A stream of ann with her session.
    async fn scene(pace: Pace) -> (World, OpCtx, Id, Live) {
        let world = World::new().await;
        let ann = world.user("ann").await;
        let user = ann.user_id();
        let identity = SessionIdentity {
            user_id: user.unwrap(),
            credential_version: 1,
            address: String::new(),
            client: String::new(),
            started_at: ann.now.timestamp(),
        };
        let data = HashMap::from([(SESSION_KEY.to_owned(), serde_json::to_value(identity).unwrap())]);
        let expiry_date = OffsetDateTime::from_unix_timestamp(ann.now.timestamp() + 600).unwrap();
        let mut record = Record { id: Id::default(), data, expiry_date };
        DatabaseStore(world.services.sessions.clone()).create(&mut record).await.unwrap();
        let changes = world.services.feed.subscribe(&ann, None).await.unwrap();
        let watch = Watch { services: world.services.clone(), session: Some(record.id), user };
        let live = Live::new(changes, watch, Stop::new(), pace);
        (world, ann, record.id, live)
    }

    /// Reads heartbeats to the end.
    async fn ends(mut live: Live) {
        let reading = async { while live.next().await.is_some() {} };
        tokio::time::timeout(Duration::from_secs(20), reading).await.expect("the stream ends");
    }

    #[tokio::test]
    async fn a_stream_beats_until_its_session_is_gone() {
        let (world, _, session, mut live) = scene(OFTEN).await;
        for _ in 0..3 {
            assert!(live.next().await.is_some());
        }
        world.services.sessions.delete(&session.to_string()).await.unwrap();
        ends(live).await;
    }

    #[tokio::test]
    async fn a_stream_ends_when_its_session_is_nobodys_any_more() {
        let (world, ann, _, live) = scene(OFTEN).await;
        let secret = |text: &str| Some(Secret::new(text.to_owned()));
        let new =
            PasswordReq { old_password: secret(World::PASSWORD), new_password: secret("Another-12345") };
        world.services.users.set_password(&ann, ann.user_id().unwrap(), new).await.unwrap();
        ends(live).await;
    }

    #[tokio::test]
    async fn a_stream_does_not_go_on_for_ever() {
        let short = Pace { heartbeat: Duration::from_mins(1), life: Duration::from_millis(5) };
        ends(scene(short).await.3).await;
    }
}
