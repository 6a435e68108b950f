//! Pages of a list.
//!
//! Lives here: which page is asked for and what a list answers. Not here: headers, see the doors. Invariant: a page
//! made by [`Page::new`] has a number of at least 1 and a size of 1 to [`MAX_PAGE_SIZE`].

use serde::{Deserialize, Serialize};

/// The most items a page has.
pub const MAX_PAGE_SIZE: u64 = 100;

/// The number of items when the client does not say.
pub const DEFAULT_PAGE_SIZE: u64 = 10;

/// A page that cannot be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("page_size must not be larger than {MAX_PAGE_SIZE}")]
pub struct PageError;

/// Which part of a list is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Unchecked")]
pub struct Page {
    /// The number of the page, from 1.
    pub number: u64,
    /// How many items a page has, 1 to [`MAX_PAGE_SIZE`].
    pub size: u64,
}

#[derive(Deserialize)]
struct Unchecked {
    number: u64,
    size: u64,
}

impl TryFrom<Unchecked> for Page {
    type Error = PageError;

    fn try_from(page: Unchecked) -> Result<Self, PageError> {
        Self::new(page.number, page.size)
    }
}

impl Default for Page {
    fn default() -> Self {
        Self { number: 1, size: DEFAULT_PAGE_SIZE }
    }
}

impl Page {
    /// Checks a page. Number 0 is the first page, as in Harbor. Size 0 asks for everything in Harbor; here it asks
    /// for the largest page, so that no list is unbounded.
    ///
    /// # Errors
    /// When `size` is larger than [`MAX_PAGE_SIZE`].
    pub fn new(number: u64, size: u64) -> Result<Self, PageError> {
        match size {
            0 => Ok(Self { number: number.max(1), size: MAX_PAGE_SIZE }),
            1..=MAX_PAGE_SIZE => Ok(Self { number: number.max(1), size }),
            _ => Err(PageError),
        }
    }

    /// How many items are before the page; at most `i64::MAX`, the largest a database takes.
    pub fn offset(self) -> u64 {
        self.number.saturating_sub(1).saturating_mul(self.size).min(i64::MAX.unsigned_abs())
    }

    /// Whether a list of `total` items goes on after this page.
    pub fn has_next(self, total: u64) -> bool {
        self.number.saturating_mul(self.size) < total
    }

    /// Whether there is a page before this one.
    pub fn has_previous(self) -> bool {
        self.number > 1
    }
}

/// One page of a list and the length of the whole list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed<T> {
    /// The items of the page.
    pub items: Vec<T>,
    /// How many items all pages have together.
    pub total: u64,
}

impl<T> Listed<T> {
    /// The same page with every item converted.
    pub fn map<U>(self, convert: impl FnMut(T) -> U) -> Listed<U> {
        Listed { items: self.items.into_iter().map(convert).collect(), total: self.total }
    }
}

impl<T> Default for Listed<T> {
    fn default() -> Self {
        Self { items: Vec::new(), total: 0 }
    }
}
