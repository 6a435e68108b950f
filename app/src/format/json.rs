//! How JSON documents are laid out and told apart into their parts.

/// What a part of a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Brackets, commas and space.
    Plain,
    /// The name of a field.
    Key,
    /// A text.
    Text,
    /// A number, `true`, `false` or `null`.
    Literal,
}

/// The parts of a document, which together are all of it. What is no JSON is plain.
pub fn pieces(text: &str) -> Vec<(Piece, &str)> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = match first {
            '"' => string_end(rest),
            '-' | '0'..='9' | 'a'..='z' => {
                end_of(rest, |letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '+' | '.'))
            }
            _ => end_of(rest, |letter| {
                !matches!(letter, '"' | '-') && !letter.is_ascii_lowercase() && !letter.is_ascii_digit()
            }),
        };
        let (part, after) = rest.split_at(end);
        let piece = match first {
            '"' if after.trim_start().starts_with(':') => Piece::Key,
            '"' => Piece::Text,
            '-' | '0'..='9' | 'a'..='z' => Piece::Literal,
            _ => Piece::Plain,
        };
        pieces.push((piece, part));
        rest = after;
    }
    pieces
}

fn end_of(text: &str, is_inside: impl Fn(char) -> bool) -> usize {
    text.find(|letter| !is_inside(letter)).unwrap_or(text.len())
}

/// Where the string ends that `text` begins with; at its own end when it does not.
fn string_end(text: &str) -> usize {
    let mut is_escaped = false;
    for (index, letter) in text.char_indices().skip(1) {
        match letter {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return index + 1,
            _ => {}
        }
    }
    text.len()
}

/// A document with a line for each field, and nothing else changed: the order, the numbers and the escapes stay.
#[cfg(feature = "ssr")]
pub fn pretty(text: &str) -> String {
    let mut laid_out = String::with_capacity(text.len() * 2);
    let mut depth = 0_usize;
    let mut letters = pieces(text).into_iter().flat_map(|(piece, part)| match piece {
        // only what is outside of strings and numbers has a layout
        Piece::Plain => part.chars().map(String::from).collect::<Vec<_>>(),
        Piece::Key | Piece::Text | Piece::Literal => vec![part.to_owned()],
    });
    let mut present = letters.find(|part| !part.trim().is_empty());
    while let Some(part) = present {
        let next = letters.find(|part| !part.trim().is_empty());
        match part.as_str() {
            "{" | "[" => {
                laid_out.push_str(&part);
                depth += 1;
                if !next.as_deref().is_some_and(|next| matches!(next, "}" | "]")) {
                    new_line(&mut laid_out, depth);
                }
            }
            "}" | "]" => {
                depth = depth.saturating_sub(1);
                if !laid_out.ends_with(['{', '[']) {
                    new_line(&mut laid_out, depth);
                }
                laid_out.push_str(&part);
            }
            "," => {
                laid_out.push(',');
                new_line(&mut laid_out, depth);
            }
            ":" => laid_out.push_str(": "),
            _ => laid_out.push_str(&part),
        }
        present = next;
    }
    laid_out
}

#[cfg(feature = "ssr")]
fn new_line(text: &mut String, depth: usize) {
    text.push('\n');
    text.extend(std::iter::repeat_n("  ", depth));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_document_are_told_apart() {
        let text = r#"{"a\"b" : [-1.5e+3, true, "x:y"], "n":null}"#;
        let found: Vec<_> = pieces(text).into_iter().filter(|(piece, _)| *piece != Piece::Plain).collect();
        assert_eq!(
            found,
            [
                (Piece::Key, r#""a\"b""#),
                (Piece::Literal, "-1.5e+3"),
                (Piece::Literal, "true"),
                (Piece::Text, r#""x:y""#),
                (Piece::Key, r#""n""#),
                (Piece::Literal, "null"),
            ]
        );
    }

    #[test]
    fn the_parts_are_all_of_any_text() {
        for text in ["", "{}", "\"open", "\"open\\", "é ü <b>{\"k\":\"中\"}", "ABC abc - 1-"] {
            let whole: String = pieces(text).into_iter().map(|(_, part)| part).collect();
            assert_eq!(whole, text);
        }
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn laying_out_changes_nothing_but_space() {
        let text = r#"{"z":1.00,"a":{ },"l":[1,{"s":"a, b: {c}"}],"e":[]}"#;
        let expected = "{\n  \"z\": 1.00,\n  \"a\": {},\n  \"l\": [\n    1,\n    {\n      \"s\": \"a, b: {c}\"\n    }\n  ],\n  \"e\": []\n}";
        assert_eq!(pretty(text), expected);
        assert_eq!(pretty(expected), expected);
    }
}
