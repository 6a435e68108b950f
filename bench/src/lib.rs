//! A small registry client for measurements and long trials.
//!
//! One [`Client`] is one keep-alive connection over plain HTTP/1.1, as one `docker` would hold it: a crowd is many of
//! them. Blobs are streamed both ways and made from a seed ([`Content`]), so that a push of 10 GiB needs no more memory
//! than one of 10 KiB. It knows nothing of Berth besides the address of the token service, and judges by the
//! OCI distribution specification alone.
//!
//! ```no_run
//! # async fn trial() -> Result<(), bench::Error> {
//! use bench::{Client, Image};
//!
//! let mut client = Client::new("http://127.0.0.1:8080")?;
//! let token = client.fetch_token("admin", "secret", &["repository:library/trial:pull,push"]).await?;
//! let mut client = client.with_token(token);
//! let image = Image::random(&[1024, 4096]);
//! let digest = client.push_image("library/trial", "1", &image).await?;
//! let pulled = client.pull_and_verify("library/trial", "1").await?;
//! assert_eq!(pulled.digest, digest);
//! # Ok(())
//! # }
//! ```

#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod client;
mod content;
mod image;

pub use client::{Client, Error, Manifest, Page, Pulled};
pub use content::{Blob, Content};
pub use image::Image;

/// The media type of the manifests that are pushed here.
pub const MANIFEST_TYPE: &str = "application/vnd.oci.image.manifest.v1+json";
