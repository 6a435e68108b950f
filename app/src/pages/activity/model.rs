//! How an entry of the audit log is told.

use crate::{
    format::short_digest,
    i18n::{Locale, td_string},
    link,
    view::ActivityRow,
};

/// What was done, in words.
pub fn sentence(locale: Locale, entry: &ActivityRow) -> String {
    let told = match (entry.operation.as_str(), entry.resource_type.as_str()) {
        ("create", "artifact") => td_string!(locale, activity.push_artifact),
        ("delete", "artifact") => td_string!(locale, activity.delete_artifact),
        ("create", "tag") => td_string!(locale, activity.create_tag),
        ("delete", "tag") => td_string!(locale, activity.delete_tag),
        ("update", "repository") => td_string!(locale, activity.update_repository),
        ("delete", "repository") => td_string!(locale, activity.delete_repository),
        ("create", "member") => td_string!(locale, activity.create_member),
        ("update", "member") => td_string!(locale, activity.update_member),
        ("delete", "member") => td_string!(locale, activity.delete_member),
        ("create", "robot") => td_string!(locale, activity.create_robot),
        ("update", "robot") => td_string!(locale, activity.update_robot),
        ("delete", "robot") => td_string!(locale, activity.delete_robot),
        ("create", "project") => td_string!(locale, activity.create_project),
        ("update", "project") => td_string!(locale, activity.update_project),
        ("delete", "project") => td_string!(locale, activity.delete_project),
        (operation, kind) => {
            return td_string!(locale, activity.other, operation = operation, kind = kind);
        }
    };
    told.to_owned()
}

/// The thing it was done to, short within its project.
pub fn resource_name(project: &str, entry: &ActivityRow) -> String {
    let within = entry.resource.strip_prefix(project).and_then(|rest| rest.strip_prefix('/'));
    let name = within.unwrap_or(&entry.resource);
    match name.split_once('@') {
        Some((repository, digest)) if entry.resource_type == "artifact" => {
            format!("{repository}@{}", short_digest(digest))
        }
        _ => name.to_owned(),
    }
}

/// Where the thing is; of one that was removed, where it was.
pub fn resource_href(project: &str, entry: &ActivityRow) -> Option<String> {
    let is_deleted = entry.operation == "delete";
    match entry.resource_type.as_str() {
        "artifact" | "tag" => Some(match entry.resource.split_once('@') {
            Some((repository, digest)) if !is_deleted => link::artifact(repository, digest),
            Some((repository, _)) => link::repository(repository),
            None => {
                link::repository(entry.resource.rsplit_once(':').map_or(&*entry.resource, |(name, _)| name))
            }
        }),
        "repository" if is_deleted => Some(link::project(project)),
        "repository" => Some(link::repository(&entry.resource)),
        "member" => Some(link::members(project)),
        "project" if !is_deleted => Some(link::settings(project)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    fn entry(operation: &str, resource_type: &str, resource: &str) -> ActivityRow {
        ActivityRow {
            actor: "ann".to_owned(),
            operation: operation.to_owned(),
            resource_type: resource_type.to_owned(),
            resource: resource.to_owned(),
            at: DateTime::UNIX_EPOCH,
            is_success: true,
            remote: "127.0.0.1".to_owned(),
        }
    }

    #[test]
    fn things_lead_to_where_they_are() {
        let digest = format!("sha256:{}", "0123456789abcdef".repeat(4));
        let at_digest = format!("library/team/web@{digest}");
        let own = "/projects/library/repositories/team/web";
        for (operation, kind, resource, expected) in [
            ("create", "artifact", "library/team/web:1.0", Some(own.to_owned())),
            ("create", "artifact", &at_digest, Some(format!("{own}@{digest}"))),
            ("delete", "artifact", &at_digest, Some(own.to_owned())),
            ("delete", "tag", "library/team/web:1.0", Some(own.to_owned())),
            ("update", "repository", "library/team/web", Some(own.to_owned())),
            ("delete", "repository", "library/team/web", Some("/projects/library".to_owned())),
            ("create", "member", "library/ben", Some("/projects/library/members".to_owned())),
            ("update", "project", "library", Some("/projects/library/settings".to_owned())),
            ("login", "user", "ann", None),
        ] {
            assert_eq!(resource_href("library", &entry(operation, kind, resource)), expected, "{resource}");
        }
    }

    #[test]
    fn names_are_short_within_their_project() {
        let digest = format!("sha256:{}", "0123456789abcdef".repeat(4));
        for (kind, resource, expected) in [
            ("artifact", "library/team/web:1.0", "team/web:1.0"),
            ("artifact", &*format!("library/web@{digest}"), "web@sha256:01234567…cdef"),
            ("member", "library/ben@home", "ben@home"),
            ("project", "library", "library"),
            ("tag", "library2/web:1", "library2/web:1"),
        ] {
            assert_eq!(resource_name("library", &entry("create", kind, resource)), expected);
        }
    }

    #[test]
    fn an_operation_without_words_is_still_told() {
        let told = sentence(Locale::en_us, &entry("scan", "artifact", "library/web:1"));
        assert_eq!(told, "Something else: scan (artifact)");
    }
}
