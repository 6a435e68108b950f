//! The error envelope of the `/v2/` door: `{"errors":[{"code":"BLOB_UNKNOWN","message":"…","detail":…}]}`.
//!
//! Source: the OCI distribution specification, "Error Codes", and for the last five Harbor and the distribution project.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The codes a registry answers with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ErrorCode {
    /// The registry does not have the blob.
    BlobUnknown,
    /// The upload went wrong.
    BlobUploadInvalid,
    /// The registry does not have the upload.
    BlobUploadUnknown,
    /// The digest is malformed, not supported, or not that of the content.
    DigestInvalid,
    /// The manifest refers to something the repository does not have.
    ManifestBlobUnknown,
    /// The manifest is not valid.
    ManifestInvalid,
    /// The registry does not have the manifest.
    ManifestUnknown,
    /// The repository's name is not valid.
    NameInvalid,
    /// The registry does not have the repository.
    NameUnknown,
    /// The length is not that of the content, or too much.
    SizeInvalid,
    /// Credentials are needed, or those sent do not do.
    Unauthorized,
    /// The caller may not do this.
    Denied,
    /// The registry does not do this.
    Unsupported,
    /// The caller must slow down.
    #[serde(rename = "TOOMANYREQUESTS")]
    TooManyRequests,
    /// The chunk does not follow what was sent before, or the range lies outside the content.
    RangeInvalid,
    /// The registry cannot answer at present.
    Unavailable,
    /// The registry failed.
    Unknown,
    /// Something must be done first.
    Precondition,
    /// A rule of the project forbids it.
    #[serde(rename = "PROJECTPOLICYVIOLATION")]
    ProjectPolicyViolation,
}

impl ErrorCode {
    /// All codes.
    pub const ALL: [Self; 19] = [
        Self::BlobUnknown,
        Self::BlobUploadInvalid,
        Self::BlobUploadUnknown,
        Self::DigestInvalid,
        Self::ManifestBlobUnknown,
        Self::ManifestInvalid,
        Self::ManifestUnknown,
        Self::NameInvalid,
        Self::NameUnknown,
        Self::SizeInvalid,
        Self::Unauthorized,
        Self::Denied,
        Self::Unsupported,
        Self::TooManyRequests,
        Self::RangeInvalid,
        Self::Unavailable,
        Self::Unknown,
        Self::Precondition,
        Self::ProjectPolicyViolation,
    ];

    /// The code on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BlobUnknown => "BLOB_UNKNOWN",
            Self::BlobUploadInvalid => "BLOB_UPLOAD_INVALID",
            Self::BlobUploadUnknown => "BLOB_UPLOAD_UNKNOWN",
            Self::DigestInvalid => "DIGEST_INVALID",
            Self::ManifestBlobUnknown => "MANIFEST_BLOB_UNKNOWN",
            Self::ManifestInvalid => "MANIFEST_INVALID",
            Self::ManifestUnknown => "MANIFEST_UNKNOWN",
            Self::NameInvalid => "NAME_INVALID",
            Self::NameUnknown => "NAME_UNKNOWN",
            Self::SizeInvalid => "SIZE_INVALID",
            Self::Unauthorized => "UNAUTHORIZED",
            Self::Denied => "DENIED",
            Self::Unsupported => "UNSUPPORTED",
            Self::TooManyRequests => "TOOMANYREQUESTS",
            Self::RangeInvalid => "RANGE_INVALID",
            Self::Unavailable => "UNAVAILABLE",
            Self::Unknown => "UNKNOWN",
            Self::Precondition => "PRECONDITION",
            Self::ProjectPolicyViolation => "PROJECTPOLICYVIOLATION",
        }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// What an unsuccessful request is answered with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OciErrors {
    /// At least one error.
    pub errors: Vec<OciErrorBody>,
}

impl OciErrors {
    /// The envelope around a single error.
    pub fn one(code: ErrorCode, message: impl Into<String>, detail: Option<serde_json::Value>) -> Self {
        Self { errors: vec![OciErrorBody { code, message: message.into(), detail }] }
    }
}

/// One error.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OciErrorBody {
    /// The code, for programs.
    pub code: ErrorCode,
    /// What went wrong, in English.
    #[serde(default)]
    pub message: String,
    /// More, in a form that depends on the code; left out when there is nothing more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<serde_json::Value>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_written_by_serde_as_it_is_spelt() {
        for code in ErrorCode::ALL {
            assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
            assert_eq!(serde_json::from_value::<ErrorCode>(code.as_str().into()).unwrap(), code);
        }
    }

    #[test]
    fn detail_is_left_out_when_there_is_none() {
        let plain = OciErrors::one(ErrorCode::Denied, "no", None);
        assert_eq!(
            serde_json::to_string(&plain).unwrap(),
            r#"{"errors":[{"code":"DENIED","message":"no"}]}"#
        );
        let detailed = OciErrors::one(ErrorCode::Denied, "no", Some(serde_json::json!({"request_id": "x"})));
        assert_eq!(
            serde_json::to_string(&detailed).unwrap(),
            r#"{"errors":[{"code":"DENIED","message":"no","detail":{"request_id":"x"}}]}"#
        );
    }
}
