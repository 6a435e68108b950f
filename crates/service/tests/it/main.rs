//! The rules, tried on a real database and a real blob store.

#![expect(clippy::expect_used, reason = "a test that can't arrange its scene has failed")]

mod access_tokens;
mod audit;
mod audit_list;
mod backup;
mod collection;
mod collection_model;
mod damaged;
mod details;
mod feed;
mod first_start;
mod fsck;
mod health;
mod home;
mod jobs;
mod leases;
mod long_uploads;
mod manifests;
mod members;
mod passwords;
mod preferences;
mod project_list;
mod projects;
mod read_only;
mod referrers;
mod registration;
mod rights;
mod rights_change;
mod robot_rights;
mod robots;
mod scrub;
mod sessions;
mod settings;
mod tags;
mod tokens;
mod uploads;
mod users;
mod util;
mod why;
