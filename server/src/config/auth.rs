//! Sign-in settings.

use service::AuthOptions;

use super::reader::Reader;

/// The memory that one check of a password takes, in bytes; the budget holds at least one.
const ONE_CHECK_BYTES: u64 = 64 * 1024 * 1024;

/// How sign-in is bounded.
#[derive(Clone, Debug)]
pub struct Auth {
    /// Memory that concurrent password checks may take together, in bytes.
    pub argon2_memory_budget_bytes: u64,
    /// Wrong passwords per account and address before each further try must wait.
    pub free_failures: u32,
    /// Wrong passwords per address and minute before it must wait.
    pub failures_per_address: u32,
    /// Whether people may make an account for themselves, until it is decided otherwise in the portal.
    pub self_registration: bool,
}

impl Auth {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let key = "auth.argon2_memory_budget_bytes";
        let argon2_memory_budget_bytes = reader.get(key, 4 * ONE_CHECK_BYTES);
        reader.at_least(key, argon2_memory_budget_bytes, ONE_CHECK_BYTES);
        Self {
            argon2_memory_budget_bytes,
            free_failures: reader.get("auth.free_failures", 5),
            failures_per_address: reader.get("auth.failures_per_address", 60),
            self_registration: reader.get("auth.self_registration", false),
        }
    }

    pub(super) fn options(&self) -> AuthOptions {
        AuthOptions {
            memory_budget_bytes: self.argon2_memory_budget_bytes,
            free_failures: self.free_failures,
            failures_per_address: self.failures_per_address,
            ..AuthOptions::default()
        }
    }
}
