use types::secret::Secret;

#[test]
fn a_secret_is_never_printed() {
    let secret = Secret::new("Harbor12345".to_owned());
    assert_eq!(format!("{secret} {secret:?} {secret:#?} {secret:>20}"), "*** *** *** ***");
    assert_eq!(format!("{:?}", Some(secret)), "Some(***)");
}

#[test]
fn a_secret_is_read_as_the_value_it_holds() {
    let secret: Secret<String> = serde_json::from_str("\"pass\"").unwrap();
    assert_eq!(secret.expose(), "pass");
    assert_eq!(secret.into_exposed(), "pass");
}
