//! What only a browser can do. Called from effects and event handlers, never while rendering.

#[cfg(not(feature = "ssr"))]
use crate::preferences::{Preferences, locale_of_tag};
use leptos::prelude::{document, window};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Element, HtmlDocument, HtmlElement, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement,
    KeyboardEvent,
};
#[cfg(not(feature = "ssr"))]
use web_sys::{FormData, HtmlFormElement, SubmitEvent, UrlSearchParams};

const THEME_ATTRIBUTE: &str = "data-theme";

/// The preferences the server wrote on `<html>`.
#[cfg(not(feature = "ssr"))]
pub fn preferences() -> Preferences {
    let attribute = |name| root().and_then(|root| root.get_attribute(name));
    Preferences {
        locale: attribute("lang").and_then(|tag| locale_of_tag(&tag)).unwrap_or_default(),
        theme: attribute(THEME_ATTRIBUTE).and_then(|name| name.parse().ok()).unwrap_or_default(),
        client: attribute("data-client").and_then(|name| name.parse().ok()).unwrap_or_default(),
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

/// What the fields of a form hold, with the button that sent it, as the form itself would send it.
#[cfg(not(feature = "ssr"))]
pub fn form_arguments(event: &SubmitEvent) -> Option<String> {
    let form: HtmlFormElement = event.target()?.dyn_into().ok()?;
    let fields = FormData::new_with_form(&form).ok()?;
    let attribute = |name| event.submitter().and_then(|button| button.get_attribute(name));
    if let (Some(name), Some(value)) = (attribute("name"), attribute("value")) {
        fields.append_with_str(&name, &value).ok()?;
    }
    let arguments = UrlSearchParams::new_with_str_sequence_sequence(&fields).ok()?;
    Some(arguments.to_string().into())
}

/// Loads another page of this site, with everything on it made anew.
#[cfg(not(feature = "ssr"))]
pub fn leave_for(path: &str) {
    // an address of this site can be gone to
    let _ = window().location().assign(path);
}

/// Whether a key belongs to something that is typed into, or to a dialog that is open.
pub fn is_typing(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| {
        let is_in = |selector| target.closest(selector).is_ok_and(|found| found.is_some());
        is_in("input, textarea, select, [contenteditable], dialog[open]")
    })
}

/// Moves the focus to the element with this id, and selects what is in it.
pub fn focus(id: &str) {
    let Some(element) = document().get_element_by_id(id) else { return };
    if let Some(input) = element.dyn_ref::<HtmlInputElement>() {
        input.select();
    }
    if let Ok(element) = element.dyn_into::<HtmlElement>() {
        // an element that can't have the focus keeps it where it is
        let _ = element.focus();
    }
}

/// Chooses a value of the list with this id.
pub fn choose(id: &str, value: &str) {
    let found = document().get_element_by_id(id).and_then(|found| found.dyn_into::<HtmlSelectElement>().ok());
    if let Some(list) = found {
        list.set_value(value);
    }
}

/// Whether the element with this id has the focus.
pub fn has_focus(id: &str) -> bool {
    document().active_element().is_some_and(|element| element.id() == id)
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
