//! An object store in memory that is as strict about parts as S3: small ones in the middle, others than those named,
//! and uploads that are over are refused. It counts requests and can fail on demand.

use std::collections::HashMap;
use std::fmt;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::BoxStream;
use futures::{FutureExt as _, StreamExt as _, TryStreamExt as _};
use object_store::memory::InMemory;
use object_store::multipart::{MultipartStore, PartId};
use object_store::path::Path;
use object_store::{
    CopyOptions, Error, GetOptions, GetResult, ListResult, MultipartId, MultipartUpload, ObjectMeta,
    ObjectStore, ObjectStoreExt as _, PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};
use tokio::sync::Notify;

use super::super::part::LEAST_BYTES;

/// By number: what each is called, and its bytes.
type Parts = HashMap<usize, (String, Bytes)>;

#[derive(Debug, Default)]
pub(super) struct Strict {
    objects: InMemory,
    uploads: Mutex<HashMap<MultipartId, Parts>>,
    drawn: AtomicU64,
    pub requests: Mutex<Vec<String>>,
    /// The requests that fail, by how they begin.
    pub failing: Mutex<Option<&'static str>>,
    /// Parts wait for this when it is there.
    pub gate: Mutex<Option<Arc<Notify>>>,
}

impl Strict {
    /// Names everything stored, unfinished multipart uploads included.
    pub(super) fn all(&self) -> Vec<String> {
        let objects = self.objects.list(None).map_ok(|object| object.location.to_string()).try_collect();
        let mut all: Vec<String> = objects.now_or_never().unwrap().unwrap();
        all.extend(self.uploads.lock().unwrap().keys().map(|id| format!("multipart {id}")));
        all
    }

    pub(super) fn count(&self, what: &str) -> usize {
        self.requests.lock().unwrap().iter().filter(|request| request.starts_with(what)).count()
    }

    fn request(&self, what: &str, path: &Path) -> Result<()> {
        let request = format!("{what} {path}");
        let is_failing = self.failing.lock().unwrap().is_some_and(|failing| request.starts_with(failing));
        self.requests.lock().unwrap().push(request);
        if is_failing { Err(generic("it was told to fail")) } else { Ok(()) }
    }

    fn draw(&self) -> String {
        format!("drawn-{}", self.drawn.fetch_add(1, Ordering::Relaxed))
    }
}

fn generic(why: &str) -> Error {
    Error::Generic { store: "Strict", source: why.into() }
}

fn no_upload(path: &Path) -> Error {
    Error::NotFound { path: path.to_string(), source: "NoSuchUpload".into() }
}

impl fmt::Display for Strict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Strict")
    }
}

#[async_trait]
impl MultipartStore for Strict {
    async fn create_multipart(&self, path: &Path) -> Result<MultipartId> {
        self.request("CREATE", path)?;
        let id = self.draw();
        self.uploads.lock().unwrap().insert(id.clone(), HashMap::new());
        Ok(id)
    }

    async fn put_part(
        &self,
        path: &Path,
        id: &MultipartId,
        index: usize,
        data: PutPayload,
    ) -> Result<PartId> {
        self.request("PART", path)?;
        let gate = self.gate.lock().unwrap().clone();
        if let Some(gate) = gate {
            gate.notified().await;
        }
        let content_id = self.draw();
        let mut uploads = self.uploads.lock().unwrap();
        let parts = uploads.get_mut(id).ok_or_else(|| no_upload(path))?;
        parts.insert(index, (content_id.clone(), data.into()));
        Ok(PartId { content_id })
    }

    async fn complete_multipart(
        &self,
        path: &Path,
        id: &MultipartId,
        named: Vec<PartId>,
    ) -> Result<PutResult> {
        self.request("COMPLETE", path)?;
        let parts = self.uploads.lock().unwrap().get(id).cloned().ok_or_else(|| no_upload(path))?;
        let mut whole = Vec::new();
        for (index, name) in named.iter().enumerate() {
            let part = parts.get(&index).filter(|part| part.0 == name.content_id);
            let (_, bytes) = part.ok_or_else(|| generic("InvalidPart"))?;
            if (bytes.len() as u64) < LEAST_BYTES && index + 1 < named.len() {
                return Err(generic("EntityTooSmall"));
            }
            whole.extend_from_slice(bytes);
        }
        self.uploads.lock().unwrap().remove(id);
        self.objects.put(path, whole.into()).await
    }

    async fn abort_multipart(&self, path: &Path, id: &MultipartId) -> Result<()> {
        self.request("ABORT", path)?;
        self.uploads.lock().unwrap().remove(id).map(drop).ok_or_else(|| no_upload(path))
    }
}

#[async_trait]
impl ObjectStore for Strict {
    async fn put_opts(&self, path: &Path, payload: PutPayload, options: PutOptions) -> Result<PutResult> {
        self.request("PUT", path)?;
        self.objects.put_opts(path, payload, options).await
    }

    async fn put_multipart_opts(
        &self,
        path: &Path,
        options: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        self.objects.put_multipart_opts(path, options).await
    }

    async fn get_opts(&self, path: &Path, options: GetOptions) -> Result<GetResult> {
        self.request(if options.head { "HEAD" } else { "GET" }, path)?;
        self.objects.get_opts(path, options).await
    }

    async fn get_ranges(&self, path: &Path, ranges: &[Range<u64>]) -> Result<Vec<Bytes>> {
        self.objects.get_ranges(path, ranges).await
    }

    fn delete_stream(&self, paths: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        self.objects.delete_stream(paths)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.objects.list(prefix).boxed()
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.objects.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.request("COPY", from)?;
        self.objects.copy_opts(from, to, options).await
    }
}
