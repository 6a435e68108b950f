//! The document around the portal, and the headers that belong to it.

use crate::{
    App,
    preferences::{Preferences, lang_tag, theme_attribute},
};
use http::{
    HeaderValue,
    header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY},
};
use leptos::{nonce::use_nonce, prelude::*};
use leptos_axum::ResponseOptions;
use leptos_meta::MetaTags;
use serde::Deserialize;

/// Where the files of the site are served: this, then the hashed name.
pub const ASSET_PREFIX: &str = "/assets/";

/// The hashed names of the files a page loads, as the site's `manifest.json` lists them.
#[derive(Clone, Debug, Deserialize)]
pub struct Assets {
    #[serde(rename = "berth.css")]
    style: String,
    #[serde(rename = "boot.js")]
    boot: String,
    #[serde(rename = "berth.js")]
    loader: String,
    #[serde(rename = "favicon.svg")]
    icon: String,
}

impl Assets {
    /// Reads the site's manifest.
    ///
    /// Errors: when it is no JSON or lacks a file.
    pub fn from_manifest(json: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(json)
    }
}

/// The whole HTML document of any page.
///
/// Sets the headers of a page too: its content security policy, and that nothing keeps a copy. The type is erased, so
/// that the code of every page is compiled here and not again in the server.
pub fn shell(assets: &Assets) -> AnyView {
    set_headers();
    let preferences = Preferences::current();
    let url = |name: &str| format!("{ASSET_PREFIX}{name}");
    view! {
        <!DOCTYPE html>
        <html lang=lang_tag(preferences.locale) data-theme=theme_attribute(preferences.theme) data-client=preferences.client.as_str()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" type="image/svg+xml" href=url(&assets.icon) />
                <link rel="stylesheet" href=url(&assets.style) />
                <link rel="modulepreload" href=url(&assets.loader) />
                <script type="module" src=url(&assets.boot)></script>
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
    .into_any()
}

fn set_headers() {
    let Some(response) = use_context::<ResponseOptions>() else { return };
    let policy = content_security_policy(use_nonce().as_deref());
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.insert_header(CONTENT_SECURITY_POLICY, policy);
    }
    response.insert_header(CACHE_CONTROL, HeaderValue::from_static("no-store"));
}

/// What a page may load and run: only what comes from here, and inline only what carries the nonce of this
/// very answer.
fn content_security_policy(nonce: Option<&str>) -> String {
    let nonce = nonce.map(|nonce| format!(" 'nonce-{nonce}'")).unwrap_or_default();
    format!(
        "default-src 'none'; script-src 'self'{nonce} 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_allows_nothing_inline_without_a_nonce() {
        let policy = content_security_policy(None);
        assert!(policy.contains("script-src 'self' 'wasm-unsafe-eval';"));
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
        assert!(content_security_policy(Some("abc")).contains("'nonce-abc'"));
    }

    #[test]
    fn a_manifest_without_a_file_is_refused() {
        assert!(Assets::from_manifest(b"{\"berth.css\":\"berth.1.css\"}").is_err());
        assert!(Assets::from_manifest(b"no json").is_err());
    }
}
