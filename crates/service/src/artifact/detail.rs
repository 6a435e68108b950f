//! What an artifact is made of, and what is about it, for people who look: nothing here counts as a pull.

use db::query::manifest::{self, Manifest};
use types::{
    digest::Digest,
    name::RepositoryName,
    oci::{manifest::ParsedManifest, reference::Reference},
    role::{Action, Resource},
    view::{Layer, Referrer},
};

use super::{
    Artifacts, Stored, history,
    kind::is_image_config,
    view::{annotations, time},
};
use crate::{Error, OpCtx};

/// The largest config that is shown, in bytes.
const CONFIG_LIMIT: i64 = 4 * 1024 * 1024;
/// The most artifacts about another one that are shown.
const MOST_REFERRERS: u64 = 100;

impl Artifacts {
    /// The layers of an artifact in build order, with the commands of an image and its steps that made no layer. An
    /// index has none.
    ///
    /// Errors: `NotFound`. Source: OCI image-spec, `config.md`; Harbor's addition `build_history`.
    pub async fn list_layers(
        &self,
        cx: &OpCtx,
        name: &RepositoryName,
        reference: &Reference,
    ) -> Result<Vec<Layer>, Error> {
        let parsed = parse(&self.read(cx, name, reference).await?)?;
        let config = match &parsed.config {
            Some(config) if is_image_config(&config.media_type) => {
                self.core.small_blob(name, &config.digest, CONFIG_LIMIT).await?
            }
            Some(_) | None => None,
        };
        Ok(history::layers(config.as_deref(), &parsed.layers))
    }

    /// The config of an artifact; None where it has none (an index), where it is no JSON, larger than 4 MiB or not there.
    ///
    /// Errors: `NotFound`.
    pub async fn get_config(
        &self,
        cx: &OpCtx,
        name: &RepositoryName,
        reference: &Reference,
    ) -> Result<Option<serde_json::Value>, Error> {
        let parsed = parse(&self.read(cx, name, reference).await?)?;
        let Some(config) = parsed.config else { return Ok(None) };
        let bytes = self.core.small_blob(name, &config.digest, CONFIG_LIMIT).await?;
        Ok(bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
    }

    /// The manifest of an artifact, byte for byte. Errors: `NotFound`.
    pub async fn get_raw(
        &self,
        cx: &OpCtx,
        name: &RepositoryName,
        reference: &Reference,
    ) -> Result<Stored, Error> {
        let found = self.read(cx, name, reference).await?;
        Ok(found.into())
    }

    /// The artifacts about the one with this digest, newest first, at most 100.
    ///
    /// Errors: `NotFound` when there is no such repository; the artifact itself need not exist.
    pub async fn list_accessories(
        &self,
        cx: &OpCtx,
        name: &RepositoryName,
        digest: &Digest,
    ) -> Result<Vec<Referrer>, Error> {
        self.core.require(cx, name.project(), Resource::Artifact, Action::Read).await?;
        let repository = self.repository(name).await?;
        let rows =
            manifest::newest_referrers(&self.core.db, repository.id, digest.as_ref(), MOST_REFERRERS).await?;
        rows.into_iter().map(referrer).collect()
    }

    async fn read(
        &self,
        cx: &OpCtx,
        name: &RepositoryName,
        reference: &Reference,
    ) -> Result<Manifest, Error> {
        self.core.require(cx, name.project(), Resource::Artifact, Action::Read).await?;
        self.core.find_manifest(name, reference).await
    }
}

fn parse(row: &Manifest) -> Result<ParsedManifest, Error> {
    ParsedManifest::parse(Some(&row.media_type), &row.content)
        .map_err(|_| Error::internal(db::Error::Damaged("manifests.content")))
}

fn referrer(row: manifest::Referrer) -> Result<Referrer, Error> {
    let artifact_type = row.artifact_type.or(row.config_media_type);
    Ok(Referrer {
        digest: row.digest,
        artifact_type: artifact_type.filter(|artifact_type| !artifact_type.is_empty()),
        media_type: row.media_type,
        size_bytes: row.total_bytes,
        pushed_at: time(row.pushed_at),
        annotations: annotations(&row.annotations)?,
    })
}
