//! What is pushed: bytes that come from a seed, never kept whole.
//!
//! ```text
//! |stamp|      noise      |stamp|      noise      |stamp|  noise …      every stamp differs, the noise is one buffer
//! 0     16            256 Ki
//! ```
//!
//! The noise of one seed is made once and shared by all its frames. Making content this way costs next to nothing, which
//! leaves the processor to the server under test; nothing on the way to the disk can shrink it.

use bytes::Bytes;
use sha2::{Digest as _, Sha256};

use crate::image::digest_of;

const STAMP: u64 = 16;
const BLOCK: u64 = 256 * 1024;

/// Bytes of a given length that follow from a seed.
#[derive(Clone, Debug)]
pub struct Content {
    seed: u64,
    len: u64,
    noise: Bytes,
}

impl Content {
    /// Makes the content of `len` bytes that belongs to `seed`.
    pub fn new(seed: u64, len: u64) -> Self {
        let mut noise = vec![0; usize::try_from(len.min(BLOCK - STAMP)).unwrap_or_default()];
        fastrand::Rng::with_seed(seed).fill(&mut noise);
        Self { seed, len, noise: noise.into() }
    }

    /// Makes content of `len` bytes from a seed that nobody knows.
    pub fn random(len: u64) -> Self {
        Self::new(fastrand::u64(..), len)
    }

    /// The length in bytes.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// All of it, piece by piece.
    pub fn frames(&self) -> Frames {
        self.range(0, self.len)
    }

    /// The part from `start` to `end`, which is cut to the length.
    pub fn range(&self, start: u64, end: u64) -> Frames {
        Frames { content: self.clone(), at: start, end: end.min(self.len) }
    }

    /// Computes its digest, `sha256:…`. Reads all of it.
    pub fn digest(&self) -> String {
        let mut hash = Sha256::new();
        self.frames().for_each(|frame| hash.update(&frame));
        digest_of(hash)
    }

    /// The longest piece that starts at `at`.
    fn frame(&self, at: u64) -> Bytes {
        let within = at % BLOCK;
        if let Some(skip) = within.checked_sub(STAMP) {
            return self.noise.slice(usize::try_from(skip).unwrap_or_default()..);
        }
        let stamp = (u128::from(at / BLOCK) << 64 | u128::from(self.seed)).to_le_bytes();
        Bytes::copy_from_slice(&stamp).slice(usize::try_from(within).unwrap_or_default()..)
    }
}

/// Content on its way, in pieces.
#[derive(Clone, Debug)]
pub struct Frames {
    content: Content,
    at: u64,
    end: u64,
}

impl Frames {
    /// Bytes that are still to come.
    pub(crate) fn left(&self) -> u64 {
        self.end.saturating_sub(self.at)
    }
}

impl Iterator for Frames {
    type Item = Bytes;

    fn next(&mut self) -> Option<Bytes> {
        let left = self.left();
        if left == 0 {
            return None;
        }
        let mut frame = self.content.frame(self.at);
        frame.truncate(usize::try_from(left).unwrap_or(usize::MAX));
        self.at += frame.len() as u64;
        Some(frame)
    }
}

/// Content together with its digest, ready to be pushed.
#[derive(Clone, Debug)]
pub struct Blob {
    content: Content,
    digest: String,
}

impl Blob {
    /// Makes the blob of `len` bytes that belongs to `seed`. Reads all of it once, for the digest.
    pub fn new(seed: u64, len: u64) -> Self {
        Self::from(Content::new(seed, len))
    }

    /// Makes a blob of `len` bytes that was never there before.
    pub fn random(len: u64) -> Self {
        Self::from(Content::random(len))
    }

    /// What is in it.
    pub fn content(&self) -> &Content {
        &self.content
    }

    /// Its digest, `sha256:…`.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Its length in bytes.
    pub fn size(&self) -> u64 {
        self.content.len()
    }
}

impl From<Content> for Blob {
    fn from(content: Content) -> Self {
        let digest = content.digest();
        Self { content, digest }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(frames: Frames) -> Vec<u8> {
        frames.flatten().collect()
    }

    #[test]
    fn content_has_the_length_that_was_asked_for() {
        for len in [0, 1, 15, 16, 17, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 20] {
            assert_eq!(all(Content::new(7, len).frames()).len() as u64, len);
        }
    }

    #[test]
    fn content_follows_from_its_seed() {
        let len = 2 * BLOCK + 5;
        assert_eq!(all(Content::new(7, len).frames()), all(Content::new(7, len).frames()));
        assert_ne!(Content::new(7, len).digest(), Content::new(8, len).digest());
    }

    #[test]
    fn ranges_add_up_to_the_whole() {
        let content = Content::new(1, 2 * BLOCK + 100);
        let whole = all(content.frames());
        for step in [1000, BLOCK - 3, BLOCK, BLOCK + 9] {
            let mut joined = Vec::new();
            for start in (0..content.len()).step_by(usize::try_from(step).unwrap()) {
                joined.extend(all(content.range(start, start + step)));
            }
            assert!(joined == whole, "in steps of {step}");
        }
    }

    #[test]
    fn the_digest_is_that_of_the_bytes() {
        let content = Content::new(3, 1000);
        assert_eq!(content.digest(), digest_of(Sha256::new_with_prefix(all(content.frames()))));
    }

    #[test]
    fn no_two_blocks_are_alike() {
        let whole = all(Content::new(5, 2 * BLOCK).frames());
        let (first, second) = whole.split_at(whole.len() / 2);
        assert!(first != second);
    }
}
