//! Robots: accounts of machines.

use service::RobotOptions;
use types::robot::DEFAULT_PREFIX;

use super::reader::Reader;

/// How robots are called.
#[derive(Clone, Debug)]
pub struct Robots {
    /// What stands before the name of each at sign-in.
    pub name_prefix: String,
}

impl Robots {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let key = "robots.name_prefix";
        let name_prefix: String = reader.get(key, DEFAULT_PREFIX.to_owned());
        // a colon ends the name in Basic credentials (RFC 7617)
        let is_name =
            |text: &str| !text.trim().is_empty() && !text.contains(|c: char| c == ':' || c.is_control());
        if !is_name(&name_prefix) {
            reader.refuse(key, "must not be blank, and must have neither colons nor control characters");
        }
        Self { name_prefix }
    }

    pub(super) fn options(&self) -> RobotOptions {
        RobotOptions { name_prefix: self.name_prefix.clone() }
    }
}
