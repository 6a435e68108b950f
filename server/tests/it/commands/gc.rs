//! `berth gc`.

use serde_json::Value;

use crate::util::program::run;

#[tokio::test]
async fn a_collection_tells_what_it_removed() {
    let folder = tempfile::tempdir().unwrap();
    let first = run(folder.path(), &["gc"], &[]).await;
    assert_eq!(first.code, 0, "{}", first.stderr);
    assert!(first.stderr.contains("The password of admin"), "{}", first.stderr);
    assert!(first.stdout.contains("blobs               0"), "{}", first.stdout);
    let second = run(folder.path(), &["gc", "--json", "--grace", "0s", "--delete-untagged"], &[]).await;
    assert_eq!((second.code, second.stderr.as_str()), (0, ""));
    let report: Value = serde_json::from_str(&second.stdout).unwrap();
    assert_eq!(report["blobs"]["count"], 0);
    assert_eq!(report["delete_untagged"], true);
}

#[tokio::test]
async fn a_dry_run_leaves_no_job_behind() {
    let folder = tempfile::tempdir().unwrap();
    let seen = run(folder.path(), &["gc", "--dry-run"], &[("BERTH_GC__GRACE", "1s")]).await;
    assert_eq!(seen.code, 0, "{}", seen.stderr);
    assert!(seen.stdout.ends_with("Nothing was removed. 0 bytes would be free.\n"), "{}", seen.stdout);
    let seen = run(folder.path(), &["gc", "--dry-run", "--json"], &[]).await;
    let preview: Value = serde_json::from_str(&seen.stdout).unwrap();
    assert_eq!(preview["items"], serde_json::json!([]));
}

#[tokio::test]
async fn a_time_without_a_unit_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let refused = run(folder.path(), &["gc", "--grace", "7200"], &[]).await;
    assert_eq!(refused.code, 2);
    assert!(refused.stderr.contains("must be a time such as 2h, 90s or 1d"), "{}", refused.stderr);
    let refused = run(folder.path(), &["gc"], &[("BERTH_GC__INTERVAL", "often")]).await;
    assert_eq!(refused.code, 1);
    assert!(refused.stderr.contains("gc.interval"), "{}", refused.stderr);
}
