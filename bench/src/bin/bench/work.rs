//! The kinds of work that a crowd does.

use std::sync::atomic::{AtomicU64, Ordering};

use bench::{Client, Error, Image, MANIFEST_TYPE};

use crate::{load::Work, row::Peer, server::sign_in};

/// A step that has no common divisor with any number of tags here, so that turns come to all of them, far apart.
const STRIDE: u64 = 7_919;

/// The name of a tag by its number.
pub fn tag(number: u64) -> String {
    format!("t{number:06}")
}

/// Asks for a manifest by one tag after another.
pub struct ReadManifest {
    pub repository: String,
    pub tags: u64,
    pub is_head: bool,
}

impl Work for ReadManifest {
    async fn once(&self, client: &mut Client, turn: u64, _: &AtomicU64) -> Result<(), Error> {
        let tag = tag(turn.wrapping_mul(STRIDE) % self.tags);
        if self.is_head {
            client.head_manifest(&self.repository, &tag).await.map(drop)
        } else {
            client.get_manifest(&self.repository, &tag).await.map(drop)
        }
    }
}

/// Reads a page of a hundred tags somewhere in the list.
pub struct ReadTagPage {
    pub repository: String,
    pub tags: u64,
}

impl Work for ReadTagPage {
    async fn once(&self, client: &mut Client, turn: u64, _: &AtomicU64) -> Result<(), Error> {
        let last = tag(turn.wrapping_mul(STRIDE) % self.tags);
        client.list_tags(&self.repository, 100, Some(&last)).await.map(drop)
    }
}

/// Puts one manifest under many tags.
pub struct PushTag {
    pub repository: String,
    pub image: Image,
}

impl Work for PushTag {
    async fn once(&self, client: &mut Client, turn: u64, _: &AtomicU64) -> Result<(), Error> {
        let manifest = self.image.manifest();
        client.push_manifest(&self.repository, &tag(turn), MANIFEST_TYPE, manifest).await.map(drop)
    }
}

/// Pushes images that were never there under tags that showed another image before, each client under its own where there
/// are as many tags as clients.
pub struct MoveTag {
    pub repository: String,
    pub tags: u64,
}

impl Work for MoveTag {
    async fn once(&self, client: &mut Client, turn: u64, _: &AtomicU64) -> Result<(), Error> {
        let name = format!("moving-{}", turn % self.tags);
        client.push_image(&self.repository, &name, &Image::random(&[1024])).await.map(drop)
    }
}

/// Reads a blob.
pub struct ReadBlob {
    pub repository: String,
    pub digest: String,
    pub is_large: bool,
}

impl Work for ReadBlob {
    fn counts_bytes(&self) -> bool {
        self.is_large
    }

    async fn once(&self, client: &mut Client, _: u64, bytes: &AtomicU64) -> Result<(), Error> {
        let count = |piece: &[u8]| {
            bytes.fetch_add(piece.len() as u64, Ordering::Relaxed);
        };
        client.get_blob(&self.repository, &self.digest, count).await.map(drop)
    }
}

/// Pushes images that were never there, each client into the repository that its turns lead to.
pub struct PushImage {
    pub repositories: Vec<String>,
    pub layer: u64,
}

impl Work for PushImage {
    async fn once(&self, client: &mut Client, turn: u64, _: &AtomicU64) -> Result<(), Error> {
        let image = Image::random(&[self.layer]);
        let repository = place(&self.repositories, turn);
        client.push_image(repository, &tag(turn), &image).await.map(drop)
    }
}

/// The repository of a turn.
pub fn place(repositories: &[String], turn: u64) -> &str {
    let count = u64::try_from(repositories.len()).unwrap_or(1).max(1);
    usize::try_from(turn % count).ok().and_then(|at| repositories.get(at)).map_or("", String::as_str)
}

/// Makes repositories, each with an image.
pub struct MakeRepository {
    pub peer: Peer,
}

impl Work for MakeRepository {
    async fn once(&self, client: &mut Client, turn: u64, _: &AtomicU64) -> Result<(), Error> {
        let repository = format!("library/many-{turn:06}");
        if self.peer == Peer::Berth {
            sign_in(client, &repository, "pull,push").await?;
        }
        client.push_image(&repository, "1", &Image::random(&[1024])).await.map(drop)
    }
}

/// Gets a token by name and password.
pub struct FetchToken;

impl Work for FetchToken {
    async fn once(&self, client: &mut Client, _: u64, _: &AtomicU64) -> Result<(), Error> {
        sign_in(client, "library/token", "pull,push").await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_come_to_every_tag() {
        for tags in [10, 1_000, 50_000] {
            let seen: std::collections::BTreeSet<u64> = (0..tags).map(|turn| turn * STRIDE % tags).collect();
            assert_eq!(seen.len() as u64, tags);
        }
    }

    #[test]
    fn each_client_keeps_to_its_repository() {
        let repositories = ["a", "b"].map(ToOwned::to_owned);
        assert_eq!([0, 1, 2, 201].map(|turn| place(&repositories, turn)), ["a", "b", "a", "b"]);
    }
}
