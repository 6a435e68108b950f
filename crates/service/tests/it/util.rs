//! Images, bodies and names to test with.

use std::fmt::Debug;

use bytes::Bytes;
use futures::{StreamExt, stream};
use service::{Denial, Error, OpCtx, Services, testing::World, upload::ByteStream};
use storage::Hasher;
use types::{
    digest::{Algorithm, Digest},
    name::RepositoryName,
    oci::{media_type, reference::Reference},
    secret::Secret,
};

pub fn repository(name: &str) -> RepositoryName {
    name.parse().expect("a repository name")
}

pub fn reference(text: &str) -> Reference {
    text.parse().expect("a tag or a digest")
}

pub fn secret(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

pub fn password() -> Secret<String> {
    secret(World::PASSWORD)
}

pub fn digest(bytes: &[u8]) -> Digest {
    digest_by(Algorithm::Sha256, bytes)
}

pub fn digest_by(algorithm: Algorithm, bytes: &[u8]) -> Digest {
    let mut hasher = Hasher::new(algorithm);
    hasher.update(bytes);
    hasher.finalize()
}

/// A body that arrives in one piece.
pub fn body(bytes: &[u8]) -> ByteStream {
    let bytes = Bytes::copy_from_slice(bytes);
    Box::pin(stream::once(async move { Ok(bytes) }))
}

/// A body that breaks off after some bytes.
pub fn broken_body(bytes: &[u8]) -> ByteStream {
    Box::pin(body(bytes).chain(stream::once(async { Err("the client is gone".into()) })))
}

/// The same request at another time.
pub fn later(cx: &OpCtx, secs: i64) -> OpCtx {
    OpCtx { now: cx.now + chrono::Duration::seconds(secs), ..cx.clone() }
}

/// The same context as another request.
pub fn request(cx: &OpCtx, request_id: &str) -> OpCtx {
    OpCtx { request_id: request_id.to_owned(), ..cx.clone() }
}

pub async fn push_blob(services: &Services, cx: &OpCtx, name: &str, bytes: &[u8]) -> Digest {
    let digest = digest(bytes);
    services.uploads.push(cx, &repository(name), &digest, body(bytes)).await.expect("the blob is taken");
    digest
}

/// Reads a blob as a client does.
pub async fn pull_blob(
    services: &Services,
    cx: &OpCtx,
    name: &str,
    digest: &Digest,
) -> Result<Vec<u8>, Error> {
    let blob = services.blobs.get(cx, &repository(name), digest).await?;
    let mut stream = blob.read(None).await?.into_stream();
    let mut bytes = Vec::new();
    while let Some(chunk) = stream.next().await {
        bytes.extend_from_slice(&chunk.expect("bytes"));
    }
    Ok(bytes)
}

pub fn descriptor(media_type: &str, digest: &Digest, size: usize) -> serde_json::Value {
    serde_json::json!({ "mediaType": media_type, "digest": digest, "size": size })
}

/// An image manifest of one layer that tells it from others.
pub fn image(seed: &str) -> serde_json::Value {
    let config = format!(r#"{{"architecture":"amd64","os":"linux","author":"{seed}"}}"#);
    let layer = format!("layer of {seed}");
    serde_json::json!({
        "schemaVersion": 2,
        "mediaType": media_type::OCI_MANIFEST,
        "config": descriptor(media_type::OCI_CONFIG, &digest(config.as_bytes()), config.len()),
        "layers": [descriptor("application/vnd.oci.image.layer.v1.tar+gzip", &digest(layer.as_bytes()), layer.len())],
    })
}

/// Pushes config and layer of [`image`].
pub async fn push_parts(services: &Services, cx: &OpCtx, name: &str, seed: &str) {
    push_blob(
        services,
        cx,
        name,
        format!(r#"{{"architecture":"amd64","os":"linux","author":"{seed}"}}"#).as_bytes(),
    )
    .await;
    push_blob(services, cx, name, format!("layer of {seed}").as_bytes()).await;
}

pub async fn put(
    services: &Services,
    cx: &OpCtx,
    name: &str,
    at: &str,
    manifest: &serde_json::Value,
) -> Result<Digest, Error> {
    let content_type = manifest["mediaType"].as_str();
    let content = Bytes::from(manifest.to_string());
    let pushed = services
        .artifacts
        .put_manifest(cx, &repository(name), &reference(at), (content_type, content))
        .await?;
    Ok(pushed.digest)
}

/// Pushes a whole image and returns the digest of its manifest.
pub async fn push_image(services: &Services, cx: &OpCtx, name: &str, tag: &str, seed: &str) -> Digest {
    push_parts(services, cx, name, seed).await;
    put(services, cx, name, tag, &image(seed)).await.expect("the image is taken")
}

/// The digest that a reference has at this moment.
pub async fn digest_at(services: &Services, cx: &OpCtx, name: &str, at: &str) -> Option<String> {
    match services.artifacts.get_manifest(cx, &repository(name), &reference(at), false).await {
        Ok(stored) => Some(stored.digest.clone()),
        Err(Error::NotFound(..)) => None,
        Err(error) => panic!("{error:?}"),
    }
}

#[track_caller]
pub fn assert_denied<T: Debug>(result: Result<T, Error>, expected: Denial) {
    match result {
        Err(Error::Unauthenticated { denial, .. }) if denial == expected => {}
        other => panic!("{other:?} is not {expected:?}"),
    }
}

/// Asserts the kind of an error by a pattern.
macro_rules! assert_error {
    ($result:expr, $pattern:pat $(if $guard:expr)?) => {
        match $result {
            Err($pattern) $(if $guard)? => {}
            other => panic!("{other:?} is not {}", stringify!($pattern)),
        }
    };
}
pub(crate) use assert_error;
