//! The answer of the referrers address: an image index of everything that names a manifest as its subject.

use serde::{Deserialize, Serialize};

use super::{descriptor::Descriptor, media_type::OCI_INDEX};

/// An image index that lists referrers, each with its artifact type and annotations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReferrerIndex {
    /// Always 2.
    pub schema_version: u8,
    /// Always [`OCI_INDEX`].
    pub media_type: String,
    /// The referrers; an empty list, never absent, when there are none.
    pub manifests: Vec<Descriptor>,
}

impl ReferrerIndex {
    /// The index of these referrers.
    pub fn new(manifests: Vec<Descriptor>) -> Self {
        Self { schema_version: 2, media_type: OCI_INDEX.to_owned(), manifests }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_index_still_has_its_list() {
        assert_eq!(
            serde_json::to_value(ReferrerIndex::new(Vec::new())).unwrap(),
            serde_json::json!({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": []})
        );
    }
}
