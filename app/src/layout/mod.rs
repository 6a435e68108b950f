//! The frame around pages: the top bar, the sidebar, and the menus in them.

mod account;
mod preferences;
pub mod root;
mod sidebar;
mod top_bar;

pub use preferences::PreferenceMenus;
