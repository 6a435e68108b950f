//! What must be true, as far as the actors were told.

use std::collections::{BTreeMap, BTreeSet};

use service::{Services, testing::World};

use super::step::{GRACE, Key, LOOK, NAMES, Op, content, tag_name};
use crate::util::{digest, digest_at};

/// What is known. Times are in seconds.
#[derive(Debug)]
pub struct Model {
    pub now: i64,
    /// Manifests, and since when nothing needs them.
    manifests: BTreeMap<(usize, Key), Option<i64>>,
    tags: BTreeMap<(usize, u8), Key>,
    /// Until when somebody who was told that a repository has a blob may use it.
    told: BTreeMap<(usize, u8), i64>,
    /// A collection died, and the next one may do its work as well.
    is_one_open: bool,
}

impl Model {
    pub fn at(now: i64) -> Self {
        Self {
            now,
            manifests: BTreeMap::new(),
            tags: BTreeMap::new(),
            told: BTreeMap::new(),
            is_one_open: false,
        }
    }

    /// Manifests, blobs of repositories and blobs that are needed.
    pub fn size(&self) -> (u64, u64, u64) {
        let links: BTreeSet<_> = self
            .manifests
            .keys()
            .flat_map(|&(at, key)| key.blobs().into_iter().map(move |blob| (at, blob)))
            .collect();
        let blobs: BTreeSet<_> = links.iter().map(|(_, blob)| *blob).collect();
        let count = |len| u64::try_from(len).expect("few");
        (count(self.manifests.len()), count(links.len()), count(blobs.len()))
    }

    fn is_needed(&self, (at, key): (usize, Key)) -> bool {
        let is_tagged = self.tags.iter().any(|((place, _), tagged)| (*place, *tagged) == (at, key));
        let is_child =
            self.manifests.keys().any(|(place, parent)| *place == at && parent.children().contains(&key));
        let is_about = key.subject().is_some_and(|subject| self.manifests.contains_key(&(at, subject)));
        is_tagged || is_child || is_about
    }

    /// Whether whoever pushes this manifest must be let, because they were told of everything in it.
    fn must_be_taken(&self, at: usize, key: Key) -> bool {
        let was_told = |blob: &u8| {
            let is_in_use =
                self.manifests.keys().any(|(place, other)| *place == at && other.blobs().contains(blob));
            is_in_use || self.told.get(&(at, *blob)).is_some_and(|until| *until >= self.now)
        };
        let is_there = |child: &Key| self.manifests.contains_key(&(at, *child));
        key.blobs().iter().all(was_told) && key.children().iter().all(is_there)
    }

    /// Learns what actors did at the same time.
    pub async fn learn(&mut self, services: &Services, done: &[(Op, bool)]) {
        let ops: Vec<Op> = done.iter().map(|(op, _)| op.clone()).collect();
        let acknowledged: Vec<Op> =
            done.iter().filter(|(_, is_done)| *is_done).map(|(op, _)| op.clone()).collect();
        self.assert_taken(done);
        match done {
            [(op, is_done)] if !self.is_one_open => {
                let before: BTreeMap<_, _> = self.manifests.clone();
                if *is_done {
                    self.apply(op);
                }
                self.mark(&before, &acknowledged);
            }
            _ => self.relearn(services, &ops, &acknowledged).await,
        }
        for (op, is_done) in done {
            let told = match op {
                Op::Push { at, blob } | Op::Upload { at, blob, is_finished: true } => {
                    Some(((*at, *blob), GRACE))
                }
                Op::Mount { from, blob } => Some(((1 - *from, *blob), GRACE)),
                Op::Ask { at, blob } | Op::FinishAgain { at, blob } => Some(((*at, *blob), LOOK)),
                _ => None,
            };
            if let Some((place, secs)) = told.filter(|_| *is_done) {
                let until = self.told.entry(place).or_insert(self.now);
                *until = (*until).max(self.now + secs);
            }
        }
        self.forget_deleted(&ops);
        if ops.iter().any(|op| matches!(op, Op::Collect { .. })) {
            self.is_one_open = false;
        }
    }

    /// Pushes that nothing of the same step gets in the way of must have been taken.
    fn assert_taken(&self, done: &[(Op, bool)]) {
        let is_deleting = |op: &Op| {
            matches!(op, Op::Delete { .. } | Op::DeleteBlob { .. } | Op::Collect { delete_untagged: true })
        };
        let is_quiet = !self.is_one_open && !done.iter().any(|(op, _)| done.len() > 1 && is_deleting(op));
        for (op, is_done) in done {
            match op {
                Op::Put { at, key, .. } if is_quiet && self.must_be_taken(*at, *key) => {
                    assert!(is_done, "{op:?} was refused: {self:?}");
                }
                Op::Push { .. } | Op::Collect { .. } => assert!(is_done, "{op:?} was refused"),
                _ => {}
            }
        }
    }

    fn apply(&mut self, op: &Op) {
        match *op {
            Op::Put { at, key, tag } => {
                self.manifests.insert((at, key), Some(self.now));
                if let Some(tag) = tag {
                    self.tags.insert((at, tag), key);
                }
            }
            Op::Untag { at, tag } => {
                self.tags.remove(&(at, tag));
            }
            Op::Delete { at, key } => {
                self.manifests.remove(&(at, key));
                self.tags.retain(|(place, _), tagged| (*place, *tagged) != (at, key));
            }
            Op::Collect { delete_untagged: true } => {
                let over = self.now - GRACE;
                self.manifests.retain(|_, since| since.is_none_or(|since| since >= over));
            }
            _ => {}
        }
    }

    /// Begins the time of what lost its need, and ends that of what is needed.
    fn mark(&mut self, before: &BTreeMap<(usize, Key), Option<i64>>, ops: &[Op]) {
        let needed: BTreeSet<_> = self.manifests.keys().copied().filter(|one| self.is_needed(*one)).collect();
        for (one, since) in &mut self.manifests {
            let was_put = ops.iter().any(|op| matches!(op, Op::Put { at, key, .. } if (*at, *key) == *one));
            let was_needed = before.get(one).is_none_or(Option::is_none);
            if needed.contains(one) {
                *since = None;
            } else if was_put || was_needed {
                *since = Some(self.now);
            }
        }
    }

    /// Looks at what several actors, or one that died, may have changed; the rest must be as it was.
    pub async fn relearn(&mut self, services: &Services, ops: &[Op], acknowledged: &[Op]) {
        let before = self.manifests.clone();
        let is_collected = ops.iter().any(|op| matches!(op, Op::Collect { delete_untagged: true }))
            || (self.is_one_open && ops.iter().any(|op| matches!(op, Op::Collect { .. })));
        self.is_one_open |= ops.iter().any(|op| matches!(op, Op::Collect { .. }));
        let tags: BTreeSet<_> = ops
            .iter()
            .filter_map(|op| match *op {
                Op::Put { at, tag, .. } => tag.map(|tag| (at, tag)),
                Op::Untag { at, tag } => Some((at, tag)),
                _ => None,
            })
            .collect();
        let mut keys: BTreeSet<_> = ops
            .iter()
            .filter_map(|op| match *op {
                Op::Put { at, key, .. } | Op::Delete { at, key } => Some((at, key)),
                _ => None,
            })
            .collect();
        let over = self.now - GRACE;
        if is_collected {
            // What was young, or needed by what nobody touches, must stay.
            let old = self.manifests.iter().filter(|(_, since)| since.is_some_and(|since| since < over));
            keys.extend(old.map(|(one, _)| *one));
        }
        let deleted: Vec<_> = ops
            .iter()
            .filter_map(|op| match *op {
                Op::Delete { at, key } => Some((at, key)),
                _ => None,
            })
            .collect();
        let candidates: BTreeSet<Key> = self
            .manifests
            .keys()
            .chain(&keys)
            .map(|(_, key)| *key)
            .chain(self.tags.values().copied())
            .collect();
        for (at, key) in keys {
            if stored(services, at, key).await.is_some() {
                self.manifests.entry((at, key)).or_insert(Some(self.now));
            } else {
                self.manifests.remove(&(at, key));
            }
        }
        let with_deleted = self.tags.iter().filter(|((at, _), key)| deleted.contains(&(*at, **key)));
        let tags: BTreeSet<_> = tags.into_iter().chain(with_deleted.map(|(tag, _)| *tag)).collect();
        for (at, tag) in tags {
            let found = digest_at(services, &World::anonymous(), NAMES[at], &tag_name(tag)).await;
            let key = candidates.iter().find(|key| Some(key.digest().to_string()) == found);
            if let Some(key) = key {
                self.tags.insert((at, tag), *key);
            } else {
                assert_eq!(found, None, "a tag points to what nobody pushed");
                self.tags.remove(&(at, tag));
            }
        }
        self.mark(&before, acknowledged);
        self.forget_deleted(ops);
    }

    fn forget_deleted(&mut self, ops: &[Op]) {
        for op in ops {
            if let Op::DeleteBlob { at, blob } = op {
                self.told.remove(&(*at, *blob));
            }
        }
    }

    /// Every manifest is whole, and every tag points where it should.
    pub async fn check(&self, services: &Services) {
        for &(at, key) in self.manifests.keys() {
            let name = NAMES[at];
            let Some(found) = stored(services, at, key).await else {
                panic!("{key:?} is not in {name}: {self:?}");
            };
            assert_eq!(digest(&found), key.digest());
            for blob in key.blobs() {
                let bytes = World::peek(services, name, &digest(&content(blob))).await;
                assert_eq!(bytes, Some(content(blob)), "{key:?} in {name} lacks blob {blob}: {self:?}");
            }
            for child in key.children() {
                assert!(
                    stored(services, at, child).await.is_some(),
                    "{key:?} in {name} lacks {child:?}: {self:?}"
                );
            }
        }
        for (&(at, tag), key) in &self.tags {
            let found = digest_at(services, &World::anonymous(), NAMES[at], &tag_name(tag)).await;
            assert_eq!(found, Some(key.digest().to_string()), "tag {tag} in {}", NAMES[at]);
        }
    }
}

/// The bytes of a manifest. The database is asked: a collection of another process may stay unseen for a moment.
async fn stored(services: &Services, at: usize, key: Key) -> Option<Vec<u8>> {
    World::peek_manifest(services, NAMES[at], &key.digest()).await
}
