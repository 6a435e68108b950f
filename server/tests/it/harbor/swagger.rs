//! Every operation of Harbor's API is served, or `docs/api-coverage.md` says why not.

use std::collections::BTreeSet;

use http::Method;

use super::client::Scene;

/// Method, path and name of every operation of Harbor 2.16, one a line, as its `api/v2.0/swagger.yaml` has them.
const OPERATIONS: &str = include_str!("operations.tsv");
const COVERAGE: &str = include_str!("../../../../docs/api-coverage.md");

fn operations() -> BTreeSet<(String, String)> {
    let rows = OPERATIONS.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    rows.map(|row| (row[0].to_owned(), row[1].to_owned())).collect()
}

/// The operations that the page lists, all of them below a heading and a reason.
fn listed() -> BTreeSet<(String, String)> {
    let mut listed = BTreeSet::new();
    for section in COVERAGE.split("\n## ").skip(1) {
        let (reason, _) = section.split_once("\n`").unwrap_or((section, ""));
        for quoted in section.split('`').skip(1).step_by(2) {
            let Some((methods, path)) = quoted.split_once(" /") else { continue };
            assert!(reason.lines().count() > 1, "no reason in {reason}");
            for method in methods.split(' ') {
                assert!(listed.insert((method.to_owned(), format!("/{path}"))), "{quoted} is there twice");
            }
        }
    }
    listed
}

/// The path with a value for every parameter.
fn filled(path: &str) -> String {
    let mut filled = String::new();
    for (number, piece) in path.split(['{', '}']).enumerate() {
        filled.push_str(if number % 2 == 0 { piece } else { "1" });
    }
    filled
}

#[tokio::test]
async fn every_operation_is_served_or_listed_with_a_reason() {
    let scene = Scene::new().await;
    let mut missing = BTreeSet::new();
    for (method, path) in operations() {
        let path_sent = filled(&path);
        let answer = scene.send(Method::from_bytes(method.as_bytes()).unwrap(), &path_sent, "", None).await;
        let is_unknown = answer.status == 404 && answer.text.contains("was not found");
        if is_unknown || answer.status == 405 {
            missing.insert((method, path));
        }
    }
    let listed = listed();
    let unlisted: Vec<_> = missing.difference(&listed).collect();
    let served: Vec<_> = listed.difference(&missing).collect();
    assert!(unlisted.is_empty(), "neither served nor listed: {unlisted:?}");
    assert!(served.is_empty(), "listed, but served or unknown to Harbor: {served:?}");
    assert_eq!(operations().len(), 203);
}
