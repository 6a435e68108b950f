//! From settings to the clients of the three providers.
//!
//! With a key of its own, a store takes nothing from the environment: a session token or an account found there would
//! belong to another key.

use std::sync::Arc;
use std::time::Duration;

use object_store::aws::AmazonS3Builder;
use object_store::azure::MicrosoftAzureBuilder;
use object_store::gcp::GoogleCloudStorageBuilder;
use object_store::multipart::MultipartStore;
use object_store::path::Path;
use object_store::signer::Signer;
use object_store::{BackoffConfig, ClientOptions, ObjectStore, RetryConfig};

use super::BucketStore;
use crate::ObjectOptions;

type Opened = Result<BucketStore, object_store::Error>;

/// Longest silence of the store, the time to send a part included.
const READ_TIMEOUT: Duration = Duration::from_mins(2);

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Opens a bucket of S3, or of a service that speaks its protocol.
pub(crate) fn s3(bucket: &str, prefix: Path, options: &ObjectOptions) -> Opened {
    let builder =
        if options.secret_key.is_some() { AmazonS3Builder::new() } else { AmazonS3Builder::from_env() };
    let mut builder = builder
        .with_bucket_name(bucket)
        .with_virtual_hosted_style_request(!options.path_style)
        // Removing one object at a time is what every service knows.
        .with_disable_bulk_delete(true)
        .with_client_options(client(options))
        .with_retry(retry());
    if let Some(endpoint) = &options.endpoint {
        builder = builder.with_endpoint(endpoint);
    }
    if let Some(region) = &options.region {
        builder = builder.with_region(region);
    }
    if let (Some(id), Some(secret)) = (&options.access_key, &options.secret_key) {
        builder = builder.with_access_key_id(id).with_secret_access_key(secret.expose());
    }
    Ok(store("s3", builder.build()?, prefix, options))
}

/// Opens a bucket of Google Cloud Storage.
pub(crate) fn gcs(bucket: &str, prefix: Path, options: &ObjectOptions) -> Opened {
    let builder = match &options.secret_key {
        Some(key) => GoogleCloudStorageBuilder::new().with_service_account_key(key.expose()),
        None => GoogleCloudStorageBuilder::from_env(),
    };
    let mut builder =
        builder.with_bucket_name(bucket).with_client_options(client(options)).with_retry(retry());
    if let Some(endpoint) = &options.endpoint {
        builder = builder.with_base_url(endpoint);
    }
    Ok(store("gcs", builder.build()?, prefix, options))
}

/// Opens a container of Azure Blob Storage.
pub(crate) fn azure(container: &str, prefix: Path, options: &ObjectOptions) -> Opened {
    let builder = match &options.secret_key {
        Some(key) => MicrosoftAzureBuilder::new().with_access_key(key.expose()),
        None => MicrosoftAzureBuilder::from_env(),
    };
    let mut builder =
        builder.with_container_name(container).with_client_options(client(options)).with_retry(retry());
    if let Some(endpoint) = &options.endpoint {
        builder = builder.with_endpoint(endpoint.clone());
    }
    if let Some(account) = &options.access_key {
        builder = builder.with_account(account);
    }
    Ok(store("azure", builder.build()?, prefix, options))
}

fn store<S: ObjectStore + MultipartStore + Signer>(
    kind: &'static str,
    client: S,
    prefix: Path,
    options: &ObjectOptions,
) -> BucketStore {
    let client = Arc::new(client);
    let store = BucketStore::new(kind, Arc::clone(&client), prefix, options.buffer_bytes);
    if options.redirect { store.with_signer(client) } else { store }
}

/// A request may take as long as it moves: a blob has no size at which it must be done.
fn client(options: &ObjectOptions) -> ClientOptions {
    ClientOptions::new()
        .with_allow_http(options.allow_http)
        .with_connect_timeout(CONNECT_TIMEOUT)
        .with_timeout_disabled()
        .with_read_timeout(READ_TIMEOUT)
}

/// A busy store is asked again, more and more slowly, for three minutes at most.
fn retry() -> RetryConfig {
    RetryConfig {
        backoff: BackoffConfig {
            init_backoff: Duration::from_millis(100),
            max_backoff: Duration::from_secs(10),
            base: 2.0,
        },
        max_retries: 12,
        retry_timeout: Duration::from_mins(3),
    }
}
