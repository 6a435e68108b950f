//! `berth admin`.

use crate::util::program::run;

#[tokio::test]
async fn a_reset_prints_a_new_password_each_time() {
    let folder = tempfile::tempdir().unwrap();
    let first = run(folder.path(), &["admin", "reset-password"], &[]).await;
    let second = run(folder.path(), &["admin", "reset-password"], &[]).await;
    assert_eq!((first.code, second.code), (0, 0), "{}{}", first.stderr, second.stderr);
    assert!(first.stdout.starts_with("The new password of admin, shown this once: "), "{}", first.stdout);
    assert_ne!(first.stdout, second.stdout);
}

#[tokio::test]
async fn the_password_of_nobody_cannot_be_reset() {
    let folder = tempfile::tempdir().unwrap();
    let refused = run(folder.path(), &["admin", "reset-password", "nobody"], &[]).await;
    assert_eq!((refused.code, refused.stderr.as_str()), (1, "berth: user nobody does not exist\n"));
}
