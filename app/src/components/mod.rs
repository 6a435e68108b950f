//! The parts pages are made of. They take props and children, know no route of their own and call no
//! server function; each has a partial of its name in `style/components`.

pub mod avatar;
pub mod code_view;
pub mod commands;
pub mod copy_button;
pub mod copy_field;
pub mod data_table;
pub mod dialog;
pub mod form;
pub mod icon;
pub mod list_tools;
pub mod logo;
pub mod menu;
pub mod notice;
pub mod page_head;
pub mod page_title;
pub mod pager;
pub mod pill;
pub mod problem;
pub mod show;
pub mod size_bar;
pub mod skeleton;
pub mod state_panel;
pub mod tabs;
pub mod time_ago;
