//! `berth config`.

use std::fs;

use crate::util::program::run;

#[tokio::test]
async fn show_prints_values_with_origins_and_hides_secrets() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("berth.toml"), "[limits]\ndrain_secs = 7\n").unwrap();
    let variables = [("BERTH_ADMIN_PASSWORD", "Secret12345"), ("BERTH_LOG__LEVEL", "debug")];
    let shown = run(folder.path(), &["config", "show", "--data", "/srv/berth"], &variables).await;
    let line = |key: &str| {
        let line = shown.stdout.lines().find(|line| line.starts_with(key)).unwrap();
        line.split_whitespace().skip(1).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(line("listen"), "[::]:8080 default");
    assert_eq!(line("data"), "/srv/berth flag --data");
    assert_eq!(line("log.level"), "debug environment BERTH_LOG__LEVEL");
    assert_eq!(line("limits.drain_secs"), "7 file berth.toml");
    assert_eq!(line("admin_password"), "*** environment BERTH_ADMIN_PASSWORD");
    assert_eq!(line("external_url"), "- default");
    assert!(!shown.stdout.contains("Secret12345"));
}

#[tokio::test]
async fn check_reports_everything_that_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let fine = run(folder.path(), &["config", "check"], &[]).await;
    assert_eq!(fine.code, 0);
    let variables = [("BERTH_LISEN", "[::]:80"), ("BERTH_LOG__FORMAT", "xml")];
    let wrong = run(folder.path(), &["config", "check"], &variables).await;
    assert_eq!(wrong.code, 1);
    assert_eq!(
        wrong.stderr,
        "berth: the configuration cannot be used:\n  \
         log.format (environment BERTH_LOG__FORMAT) must be one of auto, text, json, not \"xml\"\n  \
         BERTH_LISEN is not a setting; did you mean BERTH_LISTEN?\n"
    );
}
