//! How an object store is reached.

use types::secret::Secret;

/// What an object store needs besides its address. Where no key is given, the provider's own environment variables,
/// workload identity or instance credentials are used.
#[derive(Clone, Debug)]
pub struct ObjectOptions {
    /// Address of the service; the provider's own when absent.
    pub endpoint: Option<String>,
    /// Region of an S3 bucket.
    pub region: Option<String>,
    /// S3: the access key's id. Azure: the account's name.
    pub access_key: Option<String>,
    /// S3: the secret access key. Azure: the account's key. Google: a service account's key file, as JSON.
    pub secret_key: Option<Secret<String>>,
    /// Whether an endpoint without TLS may be used.
    pub allow_http: bool,
    /// S3: whether the bucket is named in the path of requests; else in their host name.
    pub path_style: bool,
    /// Whether clients are sent to the store for downloads.
    pub redirect: bool,
    /// Memory that uploads may take together, in bytes.
    pub buffer_bytes: u64,
}

impl Default for ObjectOptions {
    fn default() -> Self {
        Self {
            endpoint: None,
            region: None,
            access_key: None,
            secret_key: None,
            allow_http: false,
            path_style: true,
            redirect: false,
            buffer_bytes: 256 << 20,
        }
    }
}
