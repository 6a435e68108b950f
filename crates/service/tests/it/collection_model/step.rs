//! What actors do, and what they are told.

use std::sync::Arc;

use futures::future::join_all;
use proptest::{collection::vec, option, prelude::*};
use serde_json::{Value, json};
use service::{
    Error, OpCtx, Services,
    collection::Parameters,
    testing::{ByHand, World},
};
use tokio::{runtime::Runtime, task::JoinHandle};
use types::{
    digest::{Algorithm, Digest},
    oci::media_type,
};

use crate::util::{body, descriptor, digest, put, reference, repository};

pub const GRACE: i64 = 7200;
/// How long a blob stays for somebody who looked at it.
pub const LOOK: i64 = GRACE / 4 * 3;
pub const UPLOAD_TTL: i64 = 86_400;
pub const NAMES: [&str; 2] = ["library/one", "library/two"];
const BLOBS: u8 = 4;
const TAGS: u8 = 3;

/// A blob by its number.
pub fn content(blob: u8) -> Vec<u8> {
    format!("the bytes of blob {blob}").into_bytes()
}

/// A manifest by what it is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    Image { config: u8, layer: u8, is_about: bool },
    Index { first: u8, second: u8 },
}

impl Key {
    /// The image that others are about.
    const SUBJECT: Self = Self::plain(0);

    const fn plain(layer: u8) -> Self {
        Self::Image { config: 0, layer, is_about: false }
    }

    pub fn blobs(self) -> Vec<u8> {
        match self {
            Self::Image { config, layer, .. } => vec![config, layer],
            Self::Index { .. } => Vec::new(),
        }
    }

    pub fn children(self) -> Vec<Self> {
        match self {
            Self::Image { .. } => Vec::new(),
            Self::Index { first, second } => vec![Self::plain(first), Self::plain(second)],
        }
    }

    pub fn subject(self) -> Option<Self> {
        matches!(self, Self::Image { is_about: true, .. }).then_some(Self::SUBJECT)
    }

    pub fn json(self) -> Value {
        let blob = |kind: &str, number: u8| {
            let bytes = content(number);
            descriptor(kind, &digest(&bytes), bytes.len())
        };
        match self {
            Self::Image { config, layer, .. } => {
                let mut image = json!({
                    "schemaVersion": 2,
                    "mediaType": media_type::OCI_MANIFEST,
                    "config": blob(media_type::OCI_CONFIG, config),
                    "layers": [blob("application/vnd.oci.image.layer.v1.tar", layer)],
                });
                if let Some(subject) = self.subject() {
                    image["subject"] = subject.descriptor();
                }
                image
            }
            Self::Index { .. } => json!({
                "schemaVersion": 2,
                "mediaType": media_type::OCI_INDEX,
                "manifests": self.children().into_iter().map(Self::descriptor).collect::<Vec<_>>(),
            }),
        }
    }

    fn descriptor(self) -> Value {
        descriptor(media_type::OCI_MANIFEST, &self.digest(), self.json().to_string().len())
    }

    pub fn digest(self) -> Digest {
        digest(self.json().to_string().as_bytes())
    }
}

/// What one actor does.
#[derive(Clone, Debug)]
pub enum Op {
    Push {
        at: usize,
        blob: u8,
    },
    /// An upload that is left alone, or finished.
    Upload {
        at: usize,
        blob: u8,
        is_finished: bool,
    },
    Mount {
        from: usize,
        blob: u8,
    },
    Ask {
        at: usize,
        blob: u8,
    },
    /// The end of an upload that is over, as somebody sends it whose answer was lost.
    FinishAgain {
        at: usize,
        blob: u8,
    },
    Put {
        at: usize,
        key: Key,
        tag: Option<u8>,
    },
    Untag {
        at: usize,
        tag: u8,
    },
    Delete {
        at: usize,
        key: Key,
    },
    DeleteBlob {
        at: usize,
        blob: u8,
    },
    Collect {
        delete_untagged: bool,
    },
}

/// What happens next.
#[derive(Clone, Debug)]
pub enum Step {
    One(Op),
    Together(Vec<Op>),
    Advance(i64),
    Crash { ops: Vec<Op>, after: u32 },
}

fn key() -> impl Strategy<Value = Key> {
    prop_oneof![
        4 => (0..2_u8, 0..BLOBS, any::<bool>())
            .prop_map(|(config, layer, is_about)| Key::Image { config, layer, is_about }),
        2 => (0..BLOBS).prop_map(Key::plain),
        1 => (0..2_u8, 2..BLOBS).prop_map(|(first, second)| Key::Index { first, second }),
    ]
}

fn op() -> impl Strategy<Value = Op> {
    let (at, blob) = (0..NAMES.len(), 0..BLOBS);
    prop_oneof![
        6 => (at.clone(), blob.clone()).prop_map(|(at, blob)| Op::Push { at, blob }),
        2 => (at.clone(), blob.clone(), any::<bool>())
            .prop_map(|(at, blob, is_finished)| Op::Upload { at, blob, is_finished }),
        2 => (at.clone(), blob.clone()).prop_map(|(from, blob)| Op::Mount { from, blob }),
        2 => (at.clone(), blob.clone()).prop_map(|(at, blob)| Op::Ask { at, blob }),
        1 => (at.clone(), blob.clone()).prop_map(|(at, blob)| Op::FinishAgain { at, blob }),
        8 => (at.clone(), key(), option::of(0..TAGS)).prop_map(|(at, key, tag)| Op::Put { at, key, tag }),
        2 => (at.clone(), 0..TAGS).prop_map(|(at, tag)| Op::Untag { at, tag }),
        2 => (at.clone(), key()).prop_map(|(at, key)| Op::Delete { at, key }),
        1 => (at, blob).prop_map(|(at, blob)| Op::DeleteBlob { at, blob }),
        3 => any::<bool>().prop_map(|delete_untagged| Op::Collect { delete_untagged }),
    ]
}

/// Any step.
pub fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => op().prop_map(Step::One),
        8 => vec(op(), 2..6).prop_map(Step::Together),
        5 => prop_oneof![Just(60), Just(GRACE / 4), Just(LOOK), Just(GRACE), Just(GRACE + 1), Just(3 * GRACE)]
            .prop_map(Step::Advance),
        1 => (vec(op(), 1..5), 0..30_u32).prop_map(|(ops, after)| Step::Crash { ops, after }),
    ]
}

/// Two processes on one folder, and whoever uses them.
pub struct Actors {
    pub world: World,
    pub hand: Arc<ByHand>,
    neighbour: Services,
    admin: OpCtx,
}

impl Actors {
    pub async fn new() -> Self {
        let hand = ByHand::at(World::anonymous().now);
        let clock = hand.clock();
        let world = World::with(|options| options.clock = clock).await;
        let (admin, neighbour) = (world.admin().await, world.neighbour().await);
        Self { world, hand, neighbour, admin }
    }

    /// Opens everything again after a crash.
    pub async fn reopen(&mut self) {
        self.world.reopen().await;
        self.neighbour = self.world.neighbour().await;
    }

    fn actor(&self, op: &Op) -> (Services, OpCtx) {
        let services = if matches!(op, Op::Collect { .. }) { &self.neighbour } else { &self.world.services };
        (services.clone(), OpCtx { now: self.hand.now(), ..self.admin.clone() })
    }

    /// Does everything at the same time and waits for the ends. The result says whether it was done.
    pub async fn run(&self, ops: &[Op]) -> Vec<(Op, bool)> {
        let tasks = ops.iter().map(|op| {
            let (services, cx) = self.actor(op);
            async move {
                let done = act(services, cx, op.clone()).await;
                (op.clone(), done.unwrap_or_else(|error| panic!("{op:?}: {error:?}")))
            }
        });
        join_all(tasks).await
    }

    /// Begins everything at the same time.
    pub fn spawn(&self, runtime: &Runtime, ops: &[Op]) -> Vec<JoinHandle<Result<bool, Error>>> {
        let begin = |op: &Op| {
            let (services, cx) = self.actor(op);
            runtime.spawn(act(services, cx, op.clone()))
        };
        ops.iter().map(begin).collect()
    }
}

/// Does it; false when it was refused.
async fn act(services: Services, cx: OpCtx, op: Op) -> Result<bool, Error> {
    let (artifacts, blobs, uploads) = (&services.artifacts, &services.blobs, &services.uploads);
    let done = match op {
        Op::Push { at, blob } => {
            let bytes = content(blob);
            uploads.push(&cx, &repository(NAMES[at]), &digest(&bytes), body(&bytes)).await
        }
        Op::Upload { at, blob, is_finished } => upload(&services, &cx, NAMES[at], blob, is_finished).await,
        Op::Mount { from, blob } => {
            let (to, from) = (repository(NAMES[1 - from]), repository(NAMES[from]));
            match uploads.mount(&cx, &to, &digest(&content(blob)), Some(&from)).await {
                Ok(is_mounted) => return Ok(is_mounted),
                Err(error) => Err(error),
            }
        }
        Op::Ask { at, blob } => {
            blobs.get(&cx, &repository(NAMES[at]), &digest(&content(blob))).await.map(drop)
        }
        Op::FinishAgain { at, blob } => {
            let (name, gone) = (repository(NAMES[at]), storage::UploadId::new().to_string());
            uploads.finish(&cx, &name, &gone, (&digest(&content(blob)), None), body(b"")).await
        }
        Op::Put { at, key, tag } => {
            let place = tag.map_or_else(|| key.digest().to_string(), tag_name);
            put(&services, &cx, NAMES[at], &place, &key.json()).await.map(drop)
        }
        Op::Untag { at, tag } => {
            artifacts.delete_manifest(&cx, &repository(NAMES[at]), &reference(&tag_name(tag))).await
        }
        Op::Delete { at, key } => {
            artifacts.delete_manifest(&cx, &repository(NAMES[at]), &reference(key.digest().as_ref())).await
        }
        Op::DeleteBlob { at, blob } => {
            blobs.delete(&cx, &repository(NAMES[at]), &digest(&content(blob))).await
        }
        Op::Collect { delete_untagged } => {
            let parameters = Parameters { delete_untagged, pause_ms: 0, ..services.collection.defaults() };
            services.collection.run_here(parameters, |_| ()).await.map(drop)
        }
    };
    match done {
        Ok(()) => Ok(true),
        Err(
            Error::NotFound(..) | Error::MissingReference(_) | Error::Precondition(_) | Error::Conflict(_),
        ) => Ok(false),
        Err(error) => Err(error),
    }
}

async fn upload(
    services: &Services,
    cx: &OpCtx,
    name: &str,
    blob: u8,
    is_finished: bool,
) -> Result<(), Error> {
    let (name, bytes) = (repository(name), content(blob));
    let id = services.uploads.start(cx, &name, Algorithm::Sha256).await?.to_string();
    let (head, tail) = bytes.split_at(5);
    services.uploads.append(cx, &name, &id, None, body(head)).await?;
    if is_finished {
        services.uploads.finish(cx, &name, &id, (&digest(&bytes), None), body(tail)).await?;
    }
    Ok(())
}

pub fn tag_name(tag: u8) -> String {
    format!("tag-{tag}")
}
