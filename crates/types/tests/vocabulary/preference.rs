use serde_json::json;
use types::preference::{Client, Theme, UnknownChoice, UserPreferences};

#[test]
fn a_choice_has_one_name_everywhere() {
    for theme in Theme::ALL {
        assert_eq!(theme.as_str().parse(), Ok(theme));
        assert_eq!(serde_json::to_value(theme).unwrap(), json!(theme.as_str()));
    }
    for client in Client::ALL {
        assert_eq!(client.as_str().parse(), Ok(client));
        assert_eq!(serde_json::to_value(client).unwrap(), json!(client.as_str()));
    }
    for text in ["", "Dark", "dark ", "sepia"] {
        assert_eq!(text.parse::<Theme>(), Err(UnknownChoice), "{text}");
        assert_eq!(text.parse::<Client>(), Err(UnknownChoice), "{text}");
    }
}

#[test]
fn absent_choices_were_never_made() {
    let none: UserPreferences = serde_json::from_value(json!({})).unwrap();
    assert_eq!(none, UserPreferences::default());
    let some = UserPreferences { theme: Some(Theme::Dark), client: Some(Client::Oras), locale: None };
    let text = json!({ "locale": null, "theme": "dark", "client": "oras" });
    assert_eq!(serde_json::to_value(&some).unwrap(), text);
    assert_eq!(serde_json::from_value::<UserPreferences>(text).unwrap(), some);
}
