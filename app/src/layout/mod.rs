//! The frame around pages: the top bar, the sidebar, the menus in them, and what lies over a page.

mod account;
mod palette;
mod preferences;
pub mod root;
mod shortcuts;
mod sidebar;
mod sign_in_again;
mod toasts;
mod top_bar;

pub use preferences::{PreferenceMenus, theme_name};
