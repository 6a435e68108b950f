//! Manifests, tags and referrers as the registry protocol has them.

use std::sync::Arc;

use bytes::Bytes;
use db::{
    Tx,
    query::{blob, manifest, project::Visible, repository, tag},
};
use futures::{FutureExt, StreamExt};
use storage::Hasher;
use types::{
    digest::{Algorithm, Digest},
    name::{RepositoryName, Tag},
    oci::{condition::Condition, manifest::ParsedManifest, reference::Reference},
    role::{Action, SystemResource},
};

use super::{
    Artifacts,
    kind::is_image_config,
    push::{Push, new_manifest},
    tagging::{Tagging, check},
    view,
};
use crate::{
    Caller, Denial, Error, Kind, OpCtx,
    authz::{RegistryAction, SEES_REPOSITORIES},
    core::Core,
    feed::Changes,
    journal::{Act, Origin},
};

/// The largest config that is looked into for what Harbor shows of an image, in bytes.
const CONFIG_LIMIT: i64 = 1024 * 1024;

/// A manifest as it was pushed.
#[derive(Clone, Debug)]
pub struct Stored {
    /// Its media type, without parameters.
    pub media_type: String,
    /// Its digest, in the algorithm it was pushed with.
    pub digest: String,
    /// Its bytes.
    pub content: Bytes,
    id: i64,
    repository_id: i64,
}

impl From<manifest::Manifest> for Stored {
    fn from(row: manifest::Manifest) -> Self {
        Self {
            media_type: row.media_type,
            digest: row.digest,
            content: row.content.into(),
            id: row.id,
            repository_id: row.repository_id,
        }
    }
}

/// A manifest as a request names it that changes something.
#[derive(Clone, Debug)]
pub struct Named {
    /// By tag or digest.
    pub reference: Reference,
    /// Further tags that a push by digest sets.
    pub tags: Vec<Tag>,
    /// What must be there before: at each of the tags, or at the digest where no tag is named.
    pub condition: Condition,
}

impl From<&Reference> for Named {
    /// Without a condition.
    fn from(reference: &Reference) -> Self {
        Self { reference: reference.clone(), tags: Vec::new(), condition: Condition::default() }
    }
}

impl Named {
    /// Each tag once, in the order they were named.
    fn all_tags(&self) -> Vec<Tag> {
        let mut tags: Vec<Tag> = self.reference.tag().cloned().into_iter().collect();
        for tag in &self.tags {
            if !tags.contains(tag) {
                tags.push(tag.clone());
            }
        }
        tags
    }
}

/// What a push of a manifest made.
#[derive(Clone, Debug)]
pub struct Pushed {
    /// The digest of the manifest.
    pub digest: Digest,
    /// The tags that point to it by this push.
    pub tags: Vec<Tag>,
    /// The manifest it is about, if it names one.
    pub subject: Option<Digest>,
}

impl Artifacts {
    /// A manifest by tag or digest. `is_pull` counts it as pulled.
    ///
    /// Errors: `NotFound`.
    pub async fn get_manifest(
        &self,
        cx: &OpCtx,
        name: &RepositoryName,
        reference: &Reference,
        is_pull: bool,
    ) -> Result<Arc<Stored>, Error> {
        self.core.require_registry(cx, name, RegistryAction::Pull).await?;
        let (text, tag) = match reference {
            Reference::Tag(tag) => (tag.as_str(), Some(tag.as_str())),
            Reference::Digest(digest) => (digest.as_ref(), None),
        };
        let read = async { Ok(self.core.find_manifest(name, reference).await?.into()) };
        let found = self.core.lookups.manifest((&self.core.db, cx.now_ms()), (name, text), read).await?;
        if is_pull {
            self.core.pulls.count(found.repository_id, found.id, tag, cx.now_ms());
        }
        Ok(found)
    }

    /// Stores a manifest byte for byte, with what it refers to, its tags, events and audit rows, all or nothing.
    ///
    /// Errors: `TooLarge`, `InvalidManifest`, `DigestMismatch`, `MissingReference`, `Precondition`.
    /// Source: OCI distribution-spec, "Pushing manifests".
    pub async fn put_manifest(
        &self,
        cx: &OpCtx,
        name: &RepositoryName,
        named: impl Into<Named>,
        (content_type, content): (Option<&str>, Bytes),
    ) -> Result<Pushed, Error> {
        let named = named.into();
        let standing = self.core.require_registry(cx, name, RegistryAction::Push).await?;
        let digest = self.digest_of(&named.reference, &content)?;
        let parsed = ParsedManifest::parse(content_type, &content)
            .map_err(|error| Error::InvalidManifest(error.to_string()))?;
        let subject = parsed.subject.as_ref().map(|subject| subject.digest.clone());
        let extra_attrs = self.extra_attrs(name, &parsed).await?;
        let tags = named.all_tags();
        let push = Push {
            project_id: standing.project.id,
            repository: name.to_string(),
            tags: tags.clone(),
            condition: named.condition,
            manifest: new_manifest(&digest, &parsed, content, extra_attrs)?,
            parsed,
            is_sparse: self.core.options.sparse_manifests,
            lease: self.core.lease_ms(cx.now_ms()),
            origin: Origin::from(cx),
            changes: self.core.changes.clone(),
        };
        self.core.db.write(move |tx| push.run(tx).boxed()).await?;
        tracing::info!(repository.name = %name, artifact.digest = %digest, "Pushed manifest {digest} to {name}");
        Ok(Pushed { digest, tags, subject })
    }

    /// Removes a tag, or a manifest with all its tags.
    ///
    /// Errors: `NotFound`, `Precondition` while an index of the repository refers to the manifest, or when it is not
    /// what the condition of the request says.
    pub async fn delete_manifest(
        &self,
        cx: &OpCtx,
        name: &RepositoryName,
        named: impl Into<Named>,
    ) -> Result<(), Error> {
        self.core.require_registry(cx, name, RegistryAction::Delete).await?;
        self.core.remove(cx, name, named.into()).await
    }

    /// Up to `limit` tags after `last`, in order, and whether there are more.
    pub async fn list_tags(
        &self,
        cx: &OpCtx,
        name: &RepositoryName,
        (last, limit): (Option<&str>, u64),
    ) -> Result<(Vec<String>, bool), Error> {
        self.core.require_registry(cx, name, RegistryAction::Pull).await?;
        let found = repository::find_by_name(&self.core.db, name.as_str()).await?;
        let found = found.filter(|found| found.pushed_at.is_some());
        let found = found.ok_or_else(|| Error::NotFound(Kind::Repository, name.to_string()))?;
        let names = tag::names_after(&self.core.db, found.id, last, limit.saturating_add(1)).await?;
        Ok(cut(names, limit))
    }

    /// Up to `limit` names after `last` of the repositories that the caller may see, and whether there are more.
    ///
    /// A bearer token must carry `registry:catalog:*`. Source: OCI distribution-spec, extensions.
    pub async fn list_catalog(
        &self,
        cx: &OpCtx,
        (last, limit): (Option<&str>, u64),
    ) -> Result<(Vec<String>, bool), Error> {
        let has_scope = cx.grants.as_ref().is_none_or(|grants| {
            grants.access.iter().any(|access| access.grants("registry", "catalog", "*"))
        });
        if cx.caller == Caller::Anonymous || !has_scope {
            let denial = if has_scope { Denial::NoCredentials } else { Denial::InsufficientScope };
            return Err(Error::Unauthenticated { denial, scopes: vec![catalog_scope()] });
        }
        let visible = if Core::may_system(cx, SystemResource::Catalog, Action::Read) {
            Visible::All
        } else {
            Core::visible(cx, SEES_REPOSITORIES)
        };
        let names = repository::names_after(&self.core.db, visible, last, limit.saturating_add(1)).await?;
        Ok(cut(names, limit))
    }

    fn digest_of(&self, reference: &Reference, content: &Bytes) -> Result<Digest, Error> {
        let limit = self.core.options.manifest_limit_bytes;
        if u64::try_from(content.len()).unwrap_or(u64::MAX) > limit {
            return Err(Error::TooLarge { limit });
        }
        let algorithm = match reference {
            Reference::Tag(_) => Algorithm::Sha256,
            Reference::Digest(expected) => expected.algorithm(),
        };
        let mut hasher = Hasher::new(algorithm);
        hasher.update(content);
        let actual = hasher.finalize();
        match reference {
            Reference::Digest(expected) if *expected != actual => {
                Err(Error::DigestMismatch { expected: expected.clone(), actual })
            }
            Reference::Digest(_) | Reference::Tag(_) => Ok(actual),
        }
    }

    /// What Harbor shows of an image, read from its config before the manifest is written.
    async fn extra_attrs(
        &self,
        name: &RepositoryName,
        parsed: &ParsedManifest,
    ) -> Result<Option<String>, Error> {
        let Some(config) = parsed.config.as_ref().filter(|config| is_image_config(&config.media_type)) else {
            return Ok(None);
        };
        let bytes = self.core.small_blob(name, &config.digest, CONFIG_LIMIT).await?;
        Ok(bytes.and_then(|bytes| view::image_attrs(&bytes)))
    }
}

/// The scope of the catalog.
fn catalog_scope() -> types::scope::Scope {
    types::scope::Scope {
        kind: "registry".to_owned(),
        name: "catalog".to_owned(),
        actions: vec!["*".to_owned()],
    }
}

fn cut(mut names: Vec<String>, limit: u64) -> (Vec<String>, bool) {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = names.len() > limit;
    names.truncate(limit);
    (names, has_more && limit > 0)
}

impl Core {
    /// The bytes of a blob that the repository shows; None when it does not, or when they are more than `limit`.
    pub(super) async fn small_blob(
        &self,
        name: &RepositoryName,
        digest: &Digest,
        limit: i64,
    ) -> Result<Option<Vec<u8>>, Error> {
        let found = blob::find_in(&self.db, name.as_str(), digest.as_ref()).await?;
        let Some(found) = found.filter(|found| found.size_bytes <= limit) else { return Ok(None) };
        let mut reader = match self.open_copy(digest, &found.location, None).await {
            Err(Error::NotFound(..)) => return Ok(None),
            opened => opened?,
        };
        let mut bytes = Vec::new();
        while let Some(chunk) = reader.stream.next().await {
            bytes.extend_from_slice(&chunk.map_err(Error::internal)?);
        }
        Ok(Some(bytes))
    }

    /// The manifest that a reference names.
    pub(super) async fn find_manifest(
        &self,
        name: &RepositoryName,
        reference: &Reference,
    ) -> Result<manifest::Manifest, Error> {
        let found = match reference {
            Reference::Tag(tag) => manifest::find_by_tag(&self.db, name.as_str(), tag.as_str()).await?,
            Reference::Digest(digest) => manifest::find(&self.db, name.as_str(), digest.as_ref()).await?,
        };
        found.ok_or_else(|| Error::NotFound(Kind::Manifest, reference.to_string()))
    }

    /// Removes a tag, or a manifest with all its tags, with an event and an audit row. The caller has authorised.
    pub(super) async fn remove(&self, cx: &OpCtx, name: &RepositoryName, named: Named) -> Result<(), Error> {
        let repository = repository::find_by_name(&self.db, name.as_str()).await?;
        let missing = Error::NotFound(Kind::Manifest, named.reference.to_string());
        let Some(repository) = repository else { return Err(missing) };
        let (told, lease) = ((Origin::from(cx), self.changes.clone()), self.lease_ms(cx.now_ms()));
        self.db.write(move |tx| remove(tx, repository, named, told, lease).boxed()).await
    }
}

async fn remove(
    tx: &Tx,
    repository: repository::Repository,
    named: Named,
    (origin, changes): (Origin, Changes),
    lease: i64,
) -> Result<(), Error> {
    let tagging = Tagging { tx, repository_id: repository.id, origin: &origin, lease };
    let (kind, resource_type, resource, what) = match &named.reference {
        Reference::Tag(tag) => {
            let digest = tagging.remove(tag.as_str(), &named.condition).await?;
            let resource = format!("{}:{tag}", repository.name);
            ("DELETE_TAG", "tag", resource, (Some(digest), Some(tag.to_string())))
        }
        Reference::Digest(digest) => {
            remove_manifest(&tagging, &repository.name, digest, &named.condition).await?;
            let resource = format!("{}@{digest}", repository.name);
            ("DELETE_ARTIFACT", "artifact", resource, (Some(digest.to_string()), None))
        }
    };
    let place = (repository.project_id, repository.name);
    origin.event(tx, &changes, kind, place, what).await?;
    let act = Act { operation: "delete", resource_type, resource, project_id: Some(repository.project_id) };
    origin.audit(tx, act, true).await
}

async fn remove_manifest(
    tagging: &Tagging<'_>,
    repository: &str,
    digest: &Digest,
    condition: &Condition,
) -> Result<(), Error> {
    let missing = || Error::NotFound(Kind::Manifest, digest.to_string());
    let found = manifest::find(tagging.tx, repository, digest.as_ref()).await?.ok_or_else(missing)?;
    check(condition, digest.as_ref(), Some(digest.as_ref()))?;
    if let Some(parent) = manifest::referring(tagging.tx, tagging.repository_id, digest.as_ref()).await? {
        return Err(Error::Precondition(format!("index {parent} refers to this manifest: delete it first")));
    }
    tagging.forget((found.id, &found.digest)).await?;
    let which = (found.id, found.repository_id, found.digest.as_str());
    if manifest::delete(tagging.tx, which, tagging.lease).await? { Ok(()) } else { Err(missing()) }
}
