//! Help and completions.

use crate::util::program::run;

#[tokio::test]
async fn every_command_has_help_with_an_example() {
    let folder = tempfile::tempdir().unwrap();
    for command in [
        &["serve"][..],
        &["config"],
        &["config", "check"],
        &["config", "show"],
        &["admin"],
        &["admin", "reset-password"],
        &["fsck"],
        &["why"],
        &["backup"],
        &["restore"],
        &["gc"],
        &["healthcheck"],
        &["completions"],
    ] {
        let help = run(folder.path(), &[command, &["--help"]].concat(), &[]).await;
        assert_eq!(help.code, 0);
        assert!(help.stdout.contains("Example"), "{command:?}: {}", help.stdout);
    }
}

#[tokio::test]
async fn completions_are_made_for_a_shell() {
    let folder = tempfile::tempdir().unwrap();
    let made = run(folder.path(), &["completions", "bash"], &[]).await;
    assert!(made.stdout.contains("reset-password"));
}

#[tokio::test]
async fn no_flag_takes_a_secret() {
    let folder = tempfile::tempdir().unwrap();
    let help = run(folder.path(), &["serve", "--help"], &[]).await;
    assert!(!help.stdout.contains("password"), "{}", help.stdout);
    let refused = run(folder.path(), &["serve", "--admin-password", "Secret12345"], &[]).await;
    assert_eq!(refused.code, 2);
}
