//! Manifests, whole images and lists of tags.

use bytes::Bytes;
use http::{Method, StatusCode, header};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::{Client, Error, Upload};
use crate::{Image, MANIFEST_TYPE, image::digest_of};

/// What is accepted in place of a manifest.
const ACCEPT: &str = "application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json, \
    application/vnd.docker.distribution.manifest.v2+json, application/vnd.docker.distribution.manifest.list.v2+json";

/// A manifest as it came.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// The digest that the registry names; nobody has checked it yet.
    pub digest: Option<String>,
    /// Its bytes.
    pub bytes: Bytes,
}

/// One page of a list of tags.
#[derive(Clone, Debug)]
pub struct Page {
    /// The tags, in the registry's order.
    pub tags: Vec<String>,
    /// Whether another page follows.
    pub has_more: bool,
}

impl Client {
    /// Asks whether a manifest is there, by tag or digest. Returns the digest that the registry names.
    ///
    /// Errors: `Status` when it isn't there.
    pub async fn head_manifest(
        &mut self,
        repository: &str,
        reference: &str,
    ) -> Result<Option<String>, Error> {
        let path = format!("/v2/{repository}/manifests/{reference}");
        let request = self.request(Method::HEAD, &path).header(header::ACCEPT, ACCEPT);
        let answer = self.ask(request, Upload::empty()).await?.expect(StatusCode::OK)?;
        Ok(answer.header("docker-content-digest").map(ToOwned::to_owned))
    }

    /// Gets a manifest by tag or digest.
    ///
    /// Errors: `Status` when it isn't there.
    pub async fn get_manifest(&mut self, repository: &str, reference: &str) -> Result<Manifest, Error> {
        let path = format!("/v2/{repository}/manifests/{reference}");
        let request = self.request(Method::GET, &path).header(header::ACCEPT, ACCEPT);
        let answer = self.ask(request, Upload::empty()).await?.expect(StatusCode::OK)?;
        let digest = answer.header("docker-content-digest").map(ToOwned::to_owned);
        Ok(Manifest { digest, bytes: answer.body })
    }

    /// Puts a manifest of `media_type` under a tag or its digest. What it names must be there already. Returns its digest.
    ///
    /// Errors: `Status` when the registry refuses, `Answer` when it names another digest.
    pub async fn push_manifest(
        &mut self,
        repository: &str,
        reference: &str,
        media_type: &str,
        bytes: &Bytes,
    ) -> Result<String, Error> {
        let digest = digest_of(Sha256::new_with_prefix(bytes));
        let request = self
            .request(Method::PUT, &format!("/v2/{repository}/manifests/{reference}"))
            .header(header::CONTENT_TYPE, media_type);
        let answer = self.ask(request, Upload::Bytes(bytes.clone())).await?.expect(StatusCode::CREATED)?;
        answer.check_digest(&digest)?;
        Ok(digest)
    }

    /// Pushes an image: its blobs one after another, then the manifest under `tag`. Returns the manifest's digest.
    ///
    /// Errors: as [`push_blob`](Self::push_blob) and [`push_manifest`](Self::push_manifest).
    pub async fn push_image(&mut self, repository: &str, tag: &str, image: &Image) -> Result<String, Error> {
        for blob in image.blobs() {
            self.push_blob(repository, blob).await?;
        }
        self.push_manifest(repository, tag, MANIFEST_TYPE, image.manifest()).await
    }

    /// Gets a page of at most `count` tags that come after `last`.
    ///
    /// Errors: `Status` when there is no such repository.
    pub async fn list_tags(
        &mut self,
        repository: &str,
        count: usize,
        last: Option<&str>,
    ) -> Result<Page, Error> {
        #[derive(Deserialize)]
        struct List {
            tags: Option<Vec<String>>,
        }
        let after = last.map(|tag| format!("&last={tag}")).unwrap_or_default();
        let request = self.request(Method::GET, &format!("/v2/{repository}/tags/list?n={count}{after}"));
        let answer = self.ask(request, Upload::empty()).await?.expect(StatusCode::OK)?;
        let tags = answer.parse::<List>()?.tags.unwrap_or_default();
        Ok(Page { tags, has_more: answer.header("link").is_some() })
    }
}
