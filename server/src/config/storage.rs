//! Where blobs are kept.

use service::ObjectOptions;
use types::secret::Secret;

use super::reader::Reader;

/// Two parts of an upload.
const LEAST_BUFFER_BYTES: u64 = 16 * 1024 * 1024;

/// The blob store.
#[derive(Clone, Debug)]
pub struct Storage {
    /// Address of the store; absent means files in the data folder.
    pub url: Option<String>,
    /// Address of the object store's service; absent means the provider's own.
    pub endpoint: Option<String>,
    /// Region of an S3 bucket.
    pub region: Option<String>,
    /// Id of an S3 key, or name of an Azure account.
    pub access_key: Option<String>,
    /// The key itself; absent means what the provider's environment gives.
    pub secret_key: Option<Secret<String>>,
    /// Whether the endpoint may be without TLS.
    pub allow_http: bool,
    /// Whether an S3 bucket is named in the path of requests.
    pub path_style: bool,
    /// Whether clients are sent to the object store for downloads.
    pub redirect: bool,
    /// Memory of all uploads to an object store, in bytes.
    pub buffer_bytes: u64,
}

impl Storage {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let defaults = ObjectOptions::default();
        let storage = Self {
            url: reader.optional("storage.url"),
            endpoint: reader.optional("storage.endpoint"),
            region: reader.optional("storage.region"),
            access_key: reader.optional("storage.access_key"),
            secret_key: reader.secret("storage.secret_key"),
            allow_http: reader.get("storage.allow_http", defaults.allow_http),
            path_style: reader.get("storage.path_style", defaults.path_style),
            redirect: reader.get("storage.redirect", defaults.redirect),
            buffer_bytes: reader.get("storage.buffer_bytes", defaults.buffer_bytes),
        };
        reader.at_least("storage.buffer_bytes", storage.buffer_bytes, LEAST_BUFFER_BYTES);
        storage.check(reader);
        storage
    }

    fn check(&self, reader: &mut Reader<'_>) {
        let url = self.url.as_deref().unwrap_or_default();
        if url.starts_with("s3:") && self.access_key.is_some() != self.secret_key.is_some() {
            reader.refuse("storage.access_key", "and storage.secret_key are set together, or neither is");
        }
        let is_plain = self.endpoint.as_deref().is_some_and(|endpoint| endpoint.starts_with("http://"));
        if is_plain && !self.allow_http {
            reader.refuse("storage.endpoint", "is without TLS, which storage.allow_http has to allow");
        }
    }

    pub(super) fn options(&self) -> ObjectOptions {
        ObjectOptions {
            endpoint: self.endpoint.clone(),
            region: self.region.clone(),
            access_key: self.access_key.clone(),
            secret_key: self.secret_key.clone(),
            allow_http: self.allow_http,
            path_style: self.path_style,
            redirect: self.redirect,
            buffer_bytes: self.buffer_bytes,
        }
    }
}
