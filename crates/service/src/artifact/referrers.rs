//! What is about a manifest, as the registry protocol lists it.

use db::query::{
    manifest::{self, About},
    repository, tag,
};
use types::{digest::Digest, name::RepositoryName, oci::descriptor::Descriptor};

use super::{Artifacts, view};
use crate::{Error, OpCtx, authz::RegistryAction};

/// A page ends before its annotations pass this, in bytes: clients read a list up to the size of a manifest.
const PAGE_BYTES: i64 = 4 * 1024 * 1024;
/// What an entry takes besides its annotations, in bytes; more than any does.
const ENTRY_BYTES: i64 = 1024;
/// How many characters of a digest a tag of the referrers tag schema has at most.
const TAG_HEX: usize = 64;

/// Manifests about a subject, as descriptors with artifact type and annotations.
#[derive(Clone, Debug)]
pub struct Referrers {
    /// In the order they were pushed.
    pub manifests: Vec<Descriptor>,
    /// Whether only those of one artifact type are listed.
    pub is_filtered: bool,
    /// Where the next page begins, if there is more.
    pub next: Option<i64>,
}

impl Artifacts {
    /// The manifests about `subject`, which need not exist; those of `artifact_type` if one is given. Up to `limit`
    /// after the place where the page before ended.
    ///
    /// Clients that know no referrers keep them in an index with a tag; what such an index lists counts too.
    /// Source: OCI distribution-spec, "Listing referrers" and "Referrers tag schema".
    pub async fn list_referrers(
        &self,
        cx: &OpCtx,
        name: &RepositoryName,
        subject: &Digest,
        artifact_type: Option<&str>,
        (after, limit): (i64, u64),
    ) -> Result<Referrers, Error> {
        self.core.require_registry(cx, name, RegistryAction::Pull).await?;
        let mut referrers =
            Referrers { manifests: Vec::new(), is_filtered: artifact_type.is_some(), next: None };
        let Some(repository) = repository::find_by_name(&self.core.db, name.as_str()).await? else {
            return Ok(referrers);
        };
        let index = tag::pointed(&self.core.db, repository.id, &schema_tag(subject)).await?;
        let about = About {
            repository_id: repository.id,
            subject: subject.as_ref(),
            index_id: index.map(|(id, _)| id),
            artifact_type,
        };
        let found = manifest::entry_sizes(&self.core.db, about, after, limit.saturating_add(1)).await?;
        let ids = page(&found, limit);
        referrers.next = ids.last().copied().filter(|_| ids.len() < found.len());
        let rows = manifest::entries(&self.core.db, ids).await?;
        referrers.manifests = rows.into_iter().map(view::descriptor).collect::<Result<_, _>>()?;
        Ok(referrers)
    }
}

/// The tag under which clients keep an index of the referrers of a subject.
fn schema_tag(subject: &Digest) -> String {
    let hex: String = subject.hex().chars().take(TAG_HEX).collect();
    format!("{}-{hex}", subject.algorithm())
}

/// Ids of the first entries that make a page, at least one.
fn page(found: &[(i64, i64)], limit: u64) -> Vec<i64> {
    let mut bytes = 0;
    let fits = |&&(_, annotations): &&(i64, i64)| {
        let is_first = bytes == 0;
        bytes += annotations + ENTRY_BYTES;
        is_first || bytes <= PAGE_BYTES
    };
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    found.iter().take(limit).take_while(fits).map(|(id, _)| *id).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_ends_at_its_number_or_its_size_but_holds_one() {
        let small = [(1, 2), (2, 2), (5, 2)];
        assert_eq!(page(&small, 9), [1, 2, 5]);
        assert_eq!(page(&small, 2), [1, 2]);
        assert!(page(&small, 0).is_empty());
        let half = PAGE_BYTES / 2 - ENTRY_BYTES;
        assert_eq!(page(&[(1, half), (2, half), (3, 0)], 9), [1, 2]);
        assert_eq!(page(&[(1, PAGE_BYTES), (2, 0)], 9), [1]);
    }

    #[test]
    fn a_tag_of_the_schema_has_no_more_than_64_characters_of_the_digest() {
        let digest = |text: String| text.parse::<Digest>().unwrap();
        let long = digest(format!("sha512:{}", "ab".repeat(64)));
        assert_eq!(schema_tag(&long), format!("sha512-{}", "ab".repeat(32)));
        let short = digest(format!("sha256:{}", "ab".repeat(32)));
        assert_eq!(schema_tag(&short), format!("sha256-{}", "ab".repeat(32)));
    }
}
