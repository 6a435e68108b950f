//! What the pages of the audit log need from their service.

use super::list_query;
use crate::listing::Listing;
use types::query::{ListQuery, Term};

/// What the address of a project's activity asks for: the user's name contains `q`, and `filter` is `push`, `delete`,
/// `tag`, `member` or `project`. What it does not know narrows nothing.
pub fn activity_query(listing: &Listing) -> ListQuery {
    let mut query = list_query(listing, "username", "-op_time");
    let narrowed: &[(&str, &str)] = match listing.filter.as_str() {
        "push" => &[("operation", "create"), ("resource_type", "artifact")],
        "delete" => &[("operation", "delete")],
        "tag" => &[("resource_type", "tag")],
        "member" => &[("resource_type", "member")],
        "project" => &[("resource_type", "project")],
        _ => &[],
    };
    let terms = narrowed.iter().map(|(key, value)| ((*key).to_owned(), Term::Exact((*value).to_owned())));
    query.query.terms.extend(terms);
    query
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_narrows_the_log_beside_the_name() {
        let listing = Listing { q: " ann ".to_owned(), filter: "push".to_owned(), ..Listing::default() };
        let query = activity_query(&listing).query;
        assert_eq!(query.get("username"), Some(&Term::Fuzzy("ann".to_owned())));
        assert_eq!(query.get("operation"), Some(&Term::Exact("create".to_owned())));
        assert_eq!(query.get("resource_type"), Some(&Term::Exact("artifact".to_owned())));
    }

    #[test]
    fn an_unknown_group_narrows_nothing() {
        let listing = Listing { filter: "everything".to_owned(), ..Listing::default() };
        assert!(activity_query(&listing).query.terms.is_empty());
    }
}
