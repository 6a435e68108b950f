use types::ui_error::UiError;

fn every() -> Vec<UiError> {
    vec![
        UiError::NotFound { kind: "project".to_owned(), name: "team".to_owned() },
        UiError::Invalid { field: "name".to_owned(), reason: "empty".to_owned() },
        UiError::SignIn,
        UiError::WrongCredentials,
        UiError::Forbidden,
        UiError::Conflict,
        UiError::Precondition,
        UiError::Quota,
        UiError::ReadOnly,
        UiError::Policy,
        UiError::Unsupported,
        UiError::TooLarge,
        UiError::RateLimited { retry_after_secs: 3 },
        UiError::Unavailable,
        UiError::Internal { request_id: "r1".to_owned() },
    ]
}

#[test]
fn the_code_is_the_same_in_json_and_in_print() {
    for error in every() {
        let json = serde_json::to_value(&error).unwrap();
        assert_eq!(json.get("code").and_then(|code| code.as_str()), Some(error.code()));
        assert_eq!(error.to_string(), error.code());
        assert_eq!(serde_json::from_value::<UiError>(json).unwrap(), error);
    }
}

#[test]
fn values_stand_beside_the_code() {
    let error = UiError::RateLimited { retry_after_secs: 3 };
    assert_eq!(serde_json::to_string(&error).unwrap(), r#"{"code":"rate_limited","retry_after_secs":3}"#);
}
