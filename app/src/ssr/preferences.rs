//! The preferences of a request: from its account, then from its cookies, then from its headers.

use super::{PageInfo, answer_with, context};
use crate::{
    error::AppError,
    preferences::{Preferences, lang_tag, locale_of_header, locale_of_tag},
};
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{ACCEPT_LANGUAGE, COOKIE, SET_COOKIE},
    request::Parts,
};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use types::{
    preference::{Client, Theme, UserPreferences},
    ui_error::UiError,
};

const LOCALE_COOKIE: &str = "berth_locale";
const THEME_COOKIE: &str = "berth_theme";
const CLIENT_COOKIE: &str = "berth_client";
const YEAR_SECS: u32 = 365 * 24 * 60 * 60;

/// The preferences this request comes with: the account's, else those of the browser.
pub fn from_request() -> Preferences {
    let Some(parts) = use_context::<Parts>() else { return Preferences::default() };
    let chosen = use_context::<PageInfo>().map(|info| info.preferences).unwrap_or_default();
    let own = from_headers(&parts.headers);
    Preferences {
        locale: chosen.locale.as_deref().and_then(locale_of_tag).unwrap_or(own.locale),
        theme: chosen.theme.unwrap_or(own.theme),
        client: chosen.client.unwrap_or(own.client),
    }
}

/// Remembers a language, by its tag.
///
/// Errors: `Invalid` for a language the portal does not have; those of the account's service.
pub async fn remember_locale(tag: &str) -> Result<(), AppError> {
    let locale = locale_of_tag(tag).ok_or_else(|| unknown("locale"))?;
    remember(LOCALE_COOKIE, lang_tag(locale));
    keep(UserPreferences { locale: Some(lang_tag(locale).to_owned()), ..UserPreferences::default() }).await
}

/// Remembers a theme, by its name.
///
/// Errors: `Invalid` for a theme the portal does not have; those of the account's service.
pub async fn remember_theme(name: &str) -> Result<(), AppError> {
    let theme: Theme = name.parse().map_err(|_| unknown("theme"))?;
    remember(THEME_COOKIE, theme.as_str());
    keep(UserPreferences { theme: Some(theme), ..UserPreferences::default() }).await
}

/// Remembers the program that commands are shown for, by its name.
///
/// Errors: `Invalid` for a program the portal has no commands for; those of the account's service.
pub async fn remember_client(name: &str) -> Result<(), AppError> {
    let client: Client = name.parse().map_err(|_| unknown("client"))?;
    remember(CLIENT_COOKIE, client.as_str());
    keep(UserPreferences { client: Some(client), ..UserPreferences::default() }).await
}

/// Keeps a choice with the account, so that it holds in every browser; a visitor without one has the cookie.
async fn keep(chosen: UserPreferences) -> Result<(), AppError> {
    let (cx, services) = context()?;
    if cx.user_id().is_some() {
        services.users.update_preferences(&cx, chosen).await?;
    }
    Ok(())
}

fn from_headers(headers: &HeaderMap) -> Preferences {
    let language = headers.get(ACCEPT_LANGUAGE).and_then(|header| header.to_str().ok());
    let of_cookie = |name| cookie(headers, name);
    Preferences {
        locale: of_cookie(LOCALE_COOKIE)
            .and_then(locale_of_tag)
            .or_else(|| language.and_then(locale_of_header))
            .unwrap_or_default(),
        theme: of_cookie(THEME_COOKIE).and_then(|name| name.parse().ok()).unwrap_or_default(),
        client: of_cookie(CLIENT_COOKIE).and_then(|name| name.parse().ok()).unwrap_or_default(),
    }
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let pairs = headers.get_all(COOKIE).into_iter().filter_map(|header| header.to_str().ok());
    let mut pairs = pairs.flat_map(|header| header.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(own, _)| *own == name).map(|(_, value)| value)
}

fn remember(name: &str, value: &str) {
    let secure = use_context::<PageInfo>().is_some_and(|info| info.is_secure);
    let secure = if secure { "; Secure" } else { "" };
    let cookie = format!("{name}={value}; Path=/; Max-Age={YEAR_SECS}; HttpOnly; SameSite=Lax{secure}");
    if let (Some(response), Ok(cookie)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(&cookie)) {
        response.append_header(SET_COOKIE, cookie);
    }
}

fn unknown(field: &str) -> AppError {
    answer_with(StatusCode::BAD_REQUEST);
    UiError::Invalid { field: field.to_owned(), reason: "unknown".to_owned() }.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Locale;

    fn preferences(cookie: &str, language: &str) -> Preferences {
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, cookie.parse().unwrap());
        headers.insert(ACCEPT_LANGUAGE, language.parse().unwrap());
        from_headers(&headers)
    }

    #[test]
    fn a_cookie_speaks_louder_than_the_browser() {
        assert_eq!(preferences("sid=1; berth_locale=zh-CN", "en").locale, Locale::zh_cn);
        assert_eq!(preferences("sid=1", "zh-CN").locale, Locale::zh_cn);
        assert_eq!(preferences("", "").locale, Locale::en_us);
    }

    #[test]
    fn an_odd_cookie_is_no_preference() {
        let odd = preferences("berth_locale=\"><script>; berth_theme=purple; =; ;", "zh");
        assert_eq!(odd, Preferences { locale: Locale::zh_cn, ..Preferences::default() });
        assert_eq!(preferences("berth_theme=dark", "").theme, Theme::Dark);
    }
}
