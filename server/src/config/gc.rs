//! The collection of what nothing needs.

use std::time::Duration;

use service::CollectionOptions;

use super::reader::Reader;

/// What goes when nothing needs it, and when.
#[derive(Clone, Copy, Debug)]
pub struct Gc {
    /// How long something stays after the last thing that needed it is gone.
    pub grace: Duration,
    /// How often a collection begins by itself; zero for never.
    pub interval: Duration,
    /// Whether manifests go that have no tag.
    pub delete_untagged: bool,
    /// How long an upload stays that nobody writes to.
    pub upload_ttl: Duration,
}

impl Gc {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let default = CollectionOptions::default();
        Self {
            grace: reader.get("gc.grace", default.grace),
            interval: reader.get("gc.interval", default.interval),
            delete_untagged: reader.get("gc.delete_untagged", default.delete_untagged),
            upload_ttl: reader.get("gc.upload_ttl", default.upload_ttl),
        }
    }

    pub(super) fn options(self) -> CollectionOptions {
        CollectionOptions {
            grace: self.grace,
            interval: self.interval,
            delete_untagged: self.delete_untagged,
            upload_ttl: self.upload_ttl,
            ..CollectionOptions::default()
        }
    }
}
