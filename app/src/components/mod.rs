//! The parts pages are made of. They take props and children, know no route of their own and call no
//! server function; each has a partial of its name in `style/components`.

pub mod avatar;
pub mod breadcrumb;
pub mod copy_button;
pub mod copy_field;
pub mod data_table;
pub mod form;
pub mod icon;
pub mod logo;
pub mod menu;
pub mod notice;
pub mod page_head;
pub mod page_title;
pub mod pager;
pub mod pill;
pub mod problem;
pub mod skeleton;
pub mod state_panel;
pub mod time_ago;
