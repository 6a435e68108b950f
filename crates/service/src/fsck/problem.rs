//! What a check can find, and what there is to be done about it.

use db::query::{
    check::{Lack, Link},
    manifest::References,
};
use serde::Serialize;
use storage::{Location, UploadId};

/// A kind of damage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemKind {
    /// The database file contradicts itself.
    DatabaseDamaged,
    /// A row of a table lacks the row that it belongs to.
    RowWithoutParent,
    /// The bytes of a blob are not in the store.
    BlobMissing,
    /// The bytes of a blob are more or fewer than its row says.
    BlobSize,
    /// The bytes of a blob are others than its digest says.
    BlobDigest,
    /// The bytes of a blob can't be read.
    BlobUnreadable,
    /// A blob that is whole is marked as damaged.
    BlobMarked,
    /// Bytes of a blob that no row knows.
    OrphanBlob,
    /// Bytes of an upload that no row knows.
    OrphanUpload,
    /// An upload whose acknowledged bytes are missing.
    UploadWithoutBytes,
    /// A file in the store that Berth did not write.
    ForeignFile,
    /// A repository shows a blob that is missing.
    LinkWithoutBlob,
    /// A missing repository shows a blob.
    LinkWithoutRepository,
    /// The bytes of a manifest are others than its digest says.
    ManifestDigest,
    /// A manifest needs a blob that its repository does not have.
    ManifestLacksBlob,
    /// An index needs a manifest that its repository does not have.
    ManifestLacksChild,
    /// What is written down about the parts of a manifest is not what its bytes say.
    ReferencesDiffer,
    /// Something is written down about the parts of a missing manifest.
    ReferencesWithoutManifest,
    /// A tag points to a missing manifest.
    TagWithoutManifest,
    /// A tag points to a manifest of another repository, or is in no repository.
    TagElsewhere,
}

impl ProblemKind {
    /// The kind in a few words.
    pub fn title(self) -> &'static str {
        match self {
            Self::DatabaseDamaged => "the database is damaged",
            Self::RowWithoutParent => "row without its parent",
            Self::BlobMissing => "blob without bytes",
            Self::BlobSize => "blob of another size",
            Self::BlobDigest => "blob with other bytes",
            Self::BlobUnreadable => "blob that can't be read",
            Self::BlobMarked => "whole blob marked as damaged",
            Self::OrphanBlob => "bytes without a blob",
            Self::OrphanUpload => "bytes without an upload",
            Self::UploadWithoutBytes => "upload without its bytes",
            Self::ForeignFile => "foreign file",
            Self::LinkWithoutBlob => "link to a missing blob",
            Self::LinkWithoutRepository => "link of a missing repository",
            Self::ManifestDigest => "manifest with other bytes",
            Self::ManifestLacksBlob => "manifest without a blob it needs",
            Self::ManifestLacksChild => "index without a manifest it needs",
            Self::ReferencesDiffer => "parts of a manifest written down wrong",
            Self::ReferencesWithoutManifest => "parts of a missing manifest",
            Self::TagWithoutManifest => "tag of a missing manifest",
            Self::TagElsewhere => "tag across repositories",
        }
    }
}

/// Damage that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// What kind it is.
    pub kind: ProblemKind,
    /// What has it: a digest, a tag, an upload, a table or a path.
    pub subject: String,
    /// Where that is: a repository, or a location in the store; empty where the subject says it.
    pub place: String,
    /// What was seen.
    pub detail: String,
    /// What a repair does, or what a person has to do.
    pub remedy: &'static str,
    /// Whether a repair does anything about it.
    pub is_repairable: bool,
    /// Whether it was repaired in this run.
    pub is_repaired: bool,
}

/// What a repair changes; each is tried again against the state of that moment.
#[derive(Clone, Debug)]
pub(super) enum Fix {
    Push,
    Disk,
    Database,
    Foreign,
    MarkDamaged { digest: String, location: String },
    MarkWhole { digest: String, location: String },
    RemoveBlob(Location),
    RemoveUpload(UploadId),
    DeleteUpload { id: String, offset: i64 },
    DeleteLink { link: Link, lack: Lack },
    DeleteTag(i64),
    PutReferences { manifest: i64, references: References },
}

impl Fix {
    fn remedy(&self) -> &'static str {
        match self {
            Self::Push => "can't be repaired here: push the image again",
            Self::Disk => "can't be repaired here: check the disk, then run the check again",
            Self::Database => "can't be repaired here: restore a backup",
            Self::Foreign => "is left alone: remove it if nobody needs it",
            Self::MarkDamaged { .. } => {
                "marks the blob as damaged, so that clients push it again: push the image again"
            }
            Self::MarkWhole { .. } => "clears the mark",
            Self::RemoveBlob(_) | Self::RemoveUpload(_) => "removes the bytes",
            Self::DeleteUpload { .. } => "removes the upload: the client starts again",
            Self::DeleteLink { .. } => "removes the link",
            Self::DeleteTag(_) => "removes the tag: push it again",
            Self::PutReferences { references, .. } if references.is_empty() => "removes what is written",
            Self::PutReferences { .. } => "writes it down again, from the manifest's bytes",
        }
    }

    fn is_change(&self) -> bool {
        !matches!(self, Self::Push | Self::Disk | Self::Database | Self::Foreign)
    }
}

/// A problem with the way to repair it.
#[derive(Clone, Debug)]
pub(super) struct Finding {
    pub(super) problem: Problem,
    pub(super) fix: Fix,
}

impl Finding {
    pub(super) fn new(
        kind: ProblemKind,
        (subject, place): (impl Into<String>, impl Into<String>),
        detail: impl Into<String>,
        fix: Fix,
    ) -> Self {
        let problem = Problem {
            kind,
            subject: subject.into(),
            place: place.into(),
            detail: detail.into(),
            remedy: fix.remedy(),
            is_repairable: fix.is_change(),
            is_repaired: false,
        };
        Self { problem, fix }
    }
}
