//! What only a browser can do. Called from effects and event handlers, never while rendering.

#[cfg(not(feature = "ssr"))]
use crate::preferences::{Preferences, Theme, locale_of_tag};
use leptos::prelude::{document, window};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, HtmlDocument, HtmlElement, HtmlTextAreaElement};

const THEME_ATTRIBUTE: &str = "data-theme";

/// The preferences the server wrote on `<html>`.
#[cfg(not(feature = "ssr"))]
pub fn preferences() -> Preferences {
    let attribute = |name| root().and_then(|root| root.get_attribute(name));
    Preferences {
        locale: attribute("lang").and_then(|tag| locale_of_tag(&tag)).unwrap_or_default(),
        theme: attribute(THEME_ATTRIBUTE).and_then(|name| name.parse().ok()).unwrap_or(Theme::System),
    }
}

/// Names the language of the page.
pub fn set_language(tag: &str) {
    if let Some(root) = root() {
        // an attribute of this name cannot be refused
        let _ = root.set_attribute("lang", tag);
    }
}

/// Sets the colours of the page; none leaves them to the system.
pub fn set_theme(attribute: Option<&str>) {
    let Some(root) = root() else { return };
    // an attribute of this name cannot be refused
    let _ = match attribute {
        Some(name) => root.set_attribute(THEME_ATTRIBUTE, name),
        None => root.remove_attribute(THEME_ATTRIBUTE),
    };
}

/// Closes the popover with this id, if it is open.
pub fn close_popover(id: &str) {
    if let Some(popover) =
        document().get_element_by_id(id).and_then(|found| found.dyn_into::<HtmlElement>().ok())
    {
        // a popover that is closed already stays so
        let _ = popover.hide_popover();
    }
}

/// Puts `text` on the clipboard and says whether that worked.
///
/// Outside of a secure context browsers offer no clipboard interface; there the text is selected in a
/// field of its own and copied as if by hand.
pub async fn copy(text: &str) -> bool {
    let clipboard = window().navigator().clipboard();
    if JsValue::from(clipboard.clone()).is_undefined() {
        return copy_by_selection(text).unwrap_or(false);
    }
    JsFuture::from(clipboard.write_text(text)).await.is_ok()
}

fn copy_by_selection(text: &str) -> Result<bool, JsValue> {
    let document = document();
    let focused = document.active_element().and_then(|element| element.dyn_into::<HtmlElement>().ok());
    let body = document.body().ok_or(JsValue::NULL)?;
    let field: HtmlTextAreaElement = document.create_element("textarea")?.dyn_into()?;
    field.set_class_name("u-visually-hidden");
    field.set_value(text);
    body.append_child(&field)?;
    field.select();
    let copied = document.dyn_into::<HtmlDocument>().map_err(JsValue::from)?.exec_command("copy");
    field.remove();
    if let Some(focused) = focused {
        focused.focus()?;
    }
    copied
}

fn root() -> Option<Element> {
    document().document_element()
}
