//! Metrics.

use std::net::{Ipv4Addr, SocketAddr};

use super::reader::Reader;

/// Where metrics are told.
#[derive(Clone, Copy, Debug)]
pub struct Metrics {
    /// Socket of their own; nowhere when absent.
    pub listen: Option<SocketAddr>,
}

impl Metrics {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let default = SocketAddr::from((Ipv4Addr::LOCALHOST, 9090));
        Self { listen: reader.get("metrics.listen", Some(default)) }
    }
}
