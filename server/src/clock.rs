//! The one place where the server reads the time.
//!
//! A request carries its time in [`ClientInfo::now`](crate::middleware::ClientInfo::now); only what
//! belongs to no request asks here.

use chrono::{DateTime, Utc};

/// The time by the system's clock.
pub fn now() -> DateTime<Utc> {
    #[expect(clippy::disallowed_methods, reason = "this is where the time comes in")]
    Utc::now()
}
