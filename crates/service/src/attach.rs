//! Opening what is there as it is, for commands that look at a data folder beside a running server.

use std::sync::Arc;

use db::{Access, Db};
use storage::BlobStore;

use crate::{Error, Options};

/// The database, with the schema it has; an older or newer one is refused.
pub(crate) async fn database(options: &Options, access: Access) -> Result<Db, Error> {
    let url = options.database_url.clone().unwrap_or_else(|| Db::default_url(&options.data));
    Ok(Db::attach(&url, access).await?)
}

/// The blob store, unless its folder is missing.
pub(crate) fn store(options: &Options) -> Result<Arc<dyn BlobStore>, Error> {
    storage::open_existing(
        options.storage_url.as_deref().unwrap_or("file:"),
        &options.data,
        &options.object_store,
    )
    .map_err(Error::internal)
}
