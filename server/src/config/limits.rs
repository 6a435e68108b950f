//! Time-outs and sizes that keep one client from taking the server from the others.

use std::time::Duration;

use super::reader::Reader;

/// The bounds of connections and requests.
#[derive(Clone, Debug)]
pub struct Limits {
    /// From the first byte of a request (or the connection) to the end of its header.
    pub header_read_timeout: Duration,
    /// How long a connection may stay open between two requests.
    pub keep_alive: Duration,
    /// Longest silence inside a request body.
    pub body_idle_timeout: Duration,
    /// Longest time in which a client takes nothing of its response.
    pub write_stall_timeout: Duration,
    /// Longest time for a whole request; routes that carry blobs are free of it.
    pub request_timeout: Duration,
    /// Largest request body, in bytes; blobs are free of it and manifests have their own limit.
    pub body_limit_bytes: u64,
    /// Connections open at the same time; more wait to be accepted.
    pub max_connections: u64,
    /// How long requests in flight may take to finish when the server stops.
    pub drain: Duration,
}

impl Limits {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        Self {
            header_read_timeout: seconds(reader, "limits.header_read_timeout_secs", 10),
            keep_alive: seconds(reader, "limits.keep_alive_secs", 75),
            body_idle_timeout: seconds(reader, "limits.body_idle_timeout_secs", 30),
            write_stall_timeout: seconds(reader, "limits.write_stall_timeout_secs", 60),
            request_timeout: seconds(reader, "limits.request_timeout_secs", 60),
            body_limit_bytes: count(reader, "limits.body_limit_bytes", 1024 * 1024),
            max_connections: count(reader, "limits.max_connections", 10_000),
            drain: seconds(reader, "limits.drain_secs", 30),
        }
    }
}

fn count(reader: &mut Reader<'_>, key: &'static str, default: u64) -> u64 {
    let value = reader.get(key, default);
    reader.at_least(key, value, 1);
    value
}

fn seconds(reader: &mut Reader<'_>, key: &'static str, default: u64) -> Duration {
    Duration::from_secs(count(reader, key, default))
}
