//! Manifests: their bytes, and what they need.
//!
//! A manifest's row never changes and its number is not used again. What it needs stays linked as long as it is there;
//! so whatever is missing while the manifest is there afterwards is missing indeed.

use std::collections::{HashMap, HashSet};

use db::query::{
    check::{self, NamedManifest, ReferenceRow},
    manifest::{self, References},
};
use storage::Hasher;
use types::{digest::Digest, oci::manifest::ParsedManifest};

use super::{
    Run, Stage,
    problem::{Finding, Fix, ProblemKind},
};
use crate::{
    Error,
    artifact::{needed_blobs, references},
};

/// Manifests of a page; each may have some MiB.
const PAGE: u64 = 64;

impl Run<'_> {
    pub(super) async fn manifests(&mut self) -> Result<(), Error> {
        let (of, mut done, mut last) = (self.report.checked.manifests, 0, i64::MIN);
        loop {
            let page = check::manifests(&self.db, last, PAGE).await?;
            let (Some(first), Some(end)) = (page.first(), page.last()) else { break };
            last = end.id;
            let mut written: HashMap<i64, Vec<ReferenceRow>> = HashMap::new();
            for row in check::references(&self.db, first.id, end.id).await? {
                written.entry(row.manifest_id).or_default().push(row);
            }
            for manifest in page {
                done += 1;
                let written = written.remove(&manifest.id).unwrap_or_default();
                self.manifest(&manifest, &written).await?;
            }
            self.progress(Stage::Manifests, done, Some(of.max(done)));
        }
        self.report.checked.manifests = done;
        Ok(())
    }

    async fn manifest(&mut self, row: &NamedManifest, written: &[ReferenceRow]) -> Result<(), Error> {
        let mut found = Vec::new();
        if let Some(finding) = other_bytes(row) {
            found.push(finding);
        } else if let Ok(parsed) = ParsedManifest::parse(Some(&row.media_type), &row.content) {
            found.extend(differing(row, &parsed, written));
            if row.repository.is_some() && !self.is_sparse {
                self.lacking(row, &parsed, &mut found).await?;
            }
        }
        if found.is_empty() || !check::has_manifest(&self.db, row.id).await? {
            return Ok(());
        }
        for finding in found {
            self.found(finding).await?;
        }
        Ok(())
    }

    async fn lacking(
        &self,
        row: &NamedManifest,
        parsed: &ParsedManifest,
        found: &mut Vec<Finding>,
    ) -> Result<(), Error> {
        let blobs: Vec<String> = needed_blobs(parsed).map(|blob| blob.digest.to_string()).collect();
        let linked: HashSet<String> =
            check::links(&self.db, row.repository_id, blobs.clone()).await?.into_iter().collect();
        for digest in blobs.into_iter().filter(|digest| !linked.contains(digest)) {
            let detail = format!("the repository does not have blob {digest}");
            found.push(Finding::new(ProblemKind::ManifestLacksBlob, about(row), detail, Fix::Push));
        }
        if parsed.manifests.is_empty() {
            return Ok(());
        }
        let children: Vec<String> = parsed.manifests.iter().map(|child| child.digest.to_string()).collect();
        let known = manifest::ids(&self.db, row.repository_id, children.clone()).await?;
        let known: HashSet<String> = known.into_iter().map(|(digest, _)| digest).collect();
        for digest in children.into_iter().filter(|digest| !known.contains(digest)) {
            let detail = format!("the repository does not have manifest {digest}");
            found.push(Finding::new(ProblemKind::ManifestLacksChild, about(row), detail, Fix::Push));
        }
        Ok(())
    }
}

fn about(row: &NamedManifest) -> (String, String) {
    let missing = || format!("repository {}", row.repository_id);
    (row.digest.clone(), row.repository.clone().unwrap_or_else(missing))
}

fn other_bytes(row: &NamedManifest) -> Option<Finding> {
    let detail = match row.digest.parse::<Digest>() {
        Ok(expected) => {
            let mut hasher = Hasher::new(expected.algorithm());
            hasher.update(&row.content);
            let actual = hasher.finalize();
            if actual == expected {
                return None;
            }
            format!("its bytes have the digest {actual}")
        }
        Err(error) => error.to_string(),
    };
    Some(Finding::new(ProblemKind::ManifestDigest, about(row), detail, Fix::Push))
}

fn differing(row: &NamedManifest, parsed: &ParsedManifest, written: &[ReferenceRow]) -> Option<Finding> {
    let said: References = references(parsed);
    let is_same = said.len() == written.len()
        && said.iter().zip(written).all(|((kind, digest, size), row)| {
            *kind as i32 == row.kind && *digest == row.digest && *size == row.size_bytes
        });
    if is_same {
        return None;
    }
    let detail = format!("{} parts are written down, its bytes have {}", written.len(), said.len());
    let fix = Fix::PutReferences { manifest: row.id, references: said };
    Some(Finding::new(ProblemKind::ReferencesDiffer, about(row), detail, fix))
}
