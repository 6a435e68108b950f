//! The write of a pushed manifest: bytes, references, tags, events and audit rows, all or nothing.

use std::collections::HashSet;

use bytes::Bytes;
use db::{
    Tx,
    query::{
        blob,
        manifest::{self, NewManifest, ReferenceKind, References},
        repository,
    },
};
use types::{
    digest::Digest,
    name::Tag,
    oci::{
        condition::Condition,
        descriptor::Descriptor,
        manifest::{ManifestKind, ParsedManifest},
        media_type,
    },
};

use super::tagging::{Tagging, check};
use crate::{
    Error,
    feed::Changes,
    journal::{Act, Origin},
};

/// The row of a manifest, before what depends on the repository is known.
pub(super) fn new_manifest(
    digest: &Digest,
    parsed: &ParsedManifest,
    content: Bytes,
    extra_attrs: Option<String>,
) -> Result<NewManifest, Error> {
    let own = i64::try_from(content.len()).map_err(Error::internal)?;
    let blobs = parsed.config.iter().chain(&parsed.layers).map(|one| one.size);
    Ok(NewManifest {
        digest: digest.to_string(),
        media_type: parsed.media_type.clone(),
        artifact_type: parsed.artifact_type.clone(),
        config_media_type: parsed.config.as_ref().map(|config| config.media_type.clone()),
        subject_digest: parsed.subject.as_ref().map(|subject| subject.digest.to_string()),
        annotations: serde_json::to_string(&parsed.annotations).map_err(Error::internal)?,
        extra_attrs,
        total_bytes: blobs.fold(own, i64::saturating_add),
        content: content.into(),
        references: references(parsed),
    })
}

/// What a manifest refers to, as it is written down.
pub(crate) fn references(parsed: &ParsedManifest) -> References {
    let named = |kind, descriptors: &[Descriptor]| -> References {
        descriptors.iter().map(|one| (kind, one.digest.to_string(), one.size)).collect()
    };
    let mut references = named(ReferenceKind::Config, parsed.config.as_slice());
    references.extend(named(ReferenceKind::Layer, &parsed.layers));
    references.extend(named(ReferenceKind::Manifest, &parsed.manifests));
    references
}

/// The blobs that a repository must have for a manifest: all but layers that may not be distributed.
pub(crate) fn needed_blobs(parsed: &ParsedManifest) -> impl Iterator<Item = &Descriptor> {
    let layers = parsed.layers.iter().filter(|layer| !media_type::is_non_distributable(&layer.media_type));
    parsed.config.iter().chain(layers)
}

/// A push that was authorised and parsed.
pub(super) struct Push {
    pub(super) project_id: i64,
    pub(super) repository: String,
    pub(super) tags: Vec<Tag>,
    pub(super) condition: Condition,
    pub(super) manifest: NewManifest,
    pub(super) parsed: ParsedManifest,
    pub(super) is_sparse: bool,
    pub(super) lease: i64,
    pub(super) origin: Origin,
    pub(super) changes: Changes,
}

impl Push {
    /// Writes it. Errors: `MissingReference`, `Precondition`.
    pub(super) async fn run(mut self, tx: &Tx) -> Result<(), Error> {
        let now = self.origin.occurred_at();
        let repository_id = repository::ensure(tx, self.project_id, &self.repository, now).await?;
        if !self.is_sparse {
            self.require_references(tx, repository_id).await?;
        }
        if self.parsed.kind == ManifestKind::Index {
            let children = self.parsed.manifests.iter().map(|child| child.digest.to_string()).collect();
            let below = manifest::total_of(tx, repository_id, children).await?;
            self.manifest.total_bytes = self.manifest.total_bytes.saturating_add(below);
        }
        let digest = self.manifest.digest.clone();
        if self.tags.is_empty() {
            let known = manifest::ids(tx, repository_id, vec![digest.clone()]).await?.pop();
            check(&self.condition, &digest, known.as_ref().map(|(digest, _)| digest.as_str()))?;
        }
        let (children, blobs): (Vec<_>, Vec<_>) = self
            .manifest
            .references
            .iter()
            .map(|(kind, digest, _)| (*kind == ReferenceKind::Manifest, digest.clone()))
            .partition(|(is_child, _)| *is_child);
        let id = manifest::put(tx, repository_id, self.manifest, now).await?;
        manifest::renew(tx, id, self.lease).await?;
        let digests = |named: Vec<(bool, String)>| named.into_iter().map(|(_, digest)| digest).collect();
        blob::need(tx, repository_id, digests(blobs)).await?;
        manifest::need(tx, repository_id, digests(children)).await?;
        let tagging = Tagging { tx, repository_id, origin: &self.origin, lease: self.lease };
        for tag in &self.tags {
            tagging.point(tag.as_str(), (id, &digest), &self.condition).await?;
        }
        repository::touch(tx, repository_id, now).await?;
        let told = Told { project_id: self.project_id, repository: self.repository, digest, tags: self.tags };
        told.write(tx, &self.origin, &self.changes).await
    }

    /// Refuses a manifest whose blobs or children are not in the repository at this moment.
    async fn require_references(&self, tx: &Tx, repository_id: i64) -> Result<(), Error> {
        let blobs: Vec<&Descriptor> = needed_blobs(&self.parsed).collect();
        let wanted = blobs.iter().map(|blob| blob.digest.to_string()).collect();
        let linked: HashSet<_> = blob::linked(tx, repository_id, wanted).await?.into_iter().collect();
        let children = &self.parsed.manifests;
        let wanted = children.iter().map(|child| child.digest.to_string()).collect();
        let known: HashSet<_> =
            manifest::ids(tx, repository_id, wanted).await?.into_iter().map(|(digest, _)| digest).collect();
        let missing_blob = blobs.into_iter().find(|blob| !linked.contains(blob.digest.as_str()));
        let missing_child = children.iter().find(|child| !known.contains(child.digest.as_str()));
        match missing_blob.or(missing_child) {
            Some(missing) => Err(Error::MissingReference(missing.digest.clone())),
            None => Ok(()),
        }
    }
}

/// What is told of a push: an event and an audit row for each tag, or for the digest alone.
struct Told {
    project_id: i64,
    repository: String,
    digest: String,
    tags: Vec<Tag>,
}

impl Told {
    async fn write(self, tx: &Tx, origin: &Origin, changes: &Changes) -> Result<(), Error> {
        let mut tags: Vec<Option<String>> = self.tags.iter().map(|tag| Some(tag.to_string())).collect();
        if tags.is_empty() {
            tags.push(None);
        }
        for tag in tags {
            let resource = match &tag {
                Some(tag) => format!("{}:{tag}", self.repository),
                None => format!("{}@{}", self.repository, self.digest),
            };
            let place = (self.project_id, self.repository.clone());
            let what = (Some(self.digest.clone()), tag);
            origin.event(tx, changes, "PUSH_ARTIFACT", place, what).await?;
            let act = Act {
                operation: "create",
                resource_type: "artifact",
                resource,
                project_id: Some(self.project_id),
            };
            origin.audit(tx, act, true).await?;
        }
        Ok(())
    }
}
