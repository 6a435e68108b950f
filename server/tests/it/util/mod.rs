//! What the tests share: servers, clients and assertions.

pub mod program;
pub mod raw;
pub mod served;
