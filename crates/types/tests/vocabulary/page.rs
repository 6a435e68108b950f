use proptest::prelude::*;
use types::page::{Listed, Page, PageError};

#[test]
fn the_default_is_the_first_ten() {
    let page = Page::default();
    assert_eq!((page.number, page.size, page.offset()), (1, 10, 0));
}

#[test]
fn sizes_from_1_to_100_are_accepted() {
    for (number, size, expected) in [(1, 1, (1, 1)), (3, 100, (3, 100)), (0, 10, (1, 10)), (2, 0, (2, 100))] {
        assert_eq!(Page::new(number, size).map(|page| (page.number, page.size)), Ok(expected));
    }
    for size in [101, u64::MAX] {
        assert_eq!(Page::new(1, size), Err(PageError));
    }
}

#[test]
fn a_page_knows_its_neighbours() {
    let page = Page::new(2, 10).unwrap();
    assert_eq!((page.offset(), page.has_previous()), (10, true));
    assert!(page.has_next(21));
    assert!(!page.has_next(20));
    assert!(!Page::default().has_previous());
}

#[test]
fn a_page_is_checked_when_it_is_read() {
    assert_eq!(serde_json::from_str::<Page>(r#"{"number":2,"size":5}"#).unwrap(), Page::new(2, 5).unwrap());
    assert!(serde_json::from_str::<Page>(r#"{"number":1,"size":1000000}"#).is_err());
}

#[test]
fn converting_items_keeps_the_total() {
    let listed = Listed { items: vec![1, 2], total: 7 }.map(|item| item * 10);
    assert_eq!(listed, Listed { items: vec![10, 20], total: 7 });
}

proptest! {
    #[test]
    fn no_page_overflows(number in any::<u64>(), size in 0..=100_u64, total in any::<u64>()) {
        let page = Page::new(number, size).unwrap();
        prop_assert!(i64::try_from(page.offset()).is_ok());
        prop_assert!(page.number >= 1 && (1..=100).contains(&page.size));
        let _ = page.has_next(total);
    }
}
