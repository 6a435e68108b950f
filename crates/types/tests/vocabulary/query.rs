use proptest::prelude::*;
use types::page::{Page, PageError};
use types::query::{Direction, ListQuery, ListQueryError, Query, QueryError, Sort, Term};

fn exact(text: &str) -> Term {
    Term::Exact(text.to_owned())
}

fn range(min: Option<&str>, max: Option<&str>) -> Term {
    Term::Range { min: min.map(str::to_owned), max: max.map(str::to_owned) }
}

fn strings(values: &[&str]) -> Vec<String> {
    values.iter().map(|value| (*value).to_owned()).collect()
}

#[test]
fn every_kind_of_term_is_read() {
    let table = [
        ("k=v", exact("v")),
        ("k=a=b", exact("a=b")),
        ("k=\\~v", exact("~v")),
        ("k=\\[v", exact("[v")),
        ("k=\\\\v", exact("\\v")),
        ("k=\"v\"", exact("\"v\"")),
        ("k=~v", Term::Fuzzy("v".to_owned())),
        ("k=~ v ", Term::Fuzzy("v".to_owned())),
        ("k=[1~5]", range(Some("1"), Some("5"))),
        ("k=[ 1 ~ 5 ]", range(Some("1"), Some("5"))),
        ("k=[~5]", range(None, Some("5"))),
        ("k=[1~]", range(Some("1"), None)),
        ("k=[2026-01-02T15:04:05~]", range(Some("2026-01-02T15:04:05"), None)),
        ("k={a b c}", Term::AnyOf(strings(&["a", "b", "c"]))),
        ("k={'a'  \"b\"}", Term::AnyOf(strings(&["a", "b"]))),
        ("k=(a b)", Term::AllOf(strings(&["a", "b"]))),
    ];
    for (q, term) in table {
        assert_eq!(Query::parse(q).unwrap().terms, [("k".to_owned(), term)], "{q}");
    }
}

#[test]
fn malformed_queries_are_refused() {
    let table = [
        ("k", QueryError::Pair),
        ("=v", QueryError::Pair),
        ("k=", QueryError::Pair),
        (",", QueryError::Pair),
        ("k=v,", QueryError::Pair),
        ("k=[1~5", QueryError::Range),
        ("k=[", QueryError::Range),
        ("k=[~]", QueryError::Range),
        ("k=[]", QueryError::Range),
        ("k={a b", QueryError::List),
        ("k={}", QueryError::List),
        ("k={ }", QueryError::List),
        ("k=(a b}", QueryError::List),
    ];
    for (q, error) in table {
        assert_eq!(Query::parse(q), Err(error), "{q}");
    }
}

#[test]
fn nothing_asked_is_no_filter() {
    assert_eq!(Query::parse(""), Ok(Query::default()));
}

#[test]
fn the_value_is_decoded_a_second_time() {
    let query = Query::parse("tags%3Dnil,name=a%2Fb+c").unwrap();
    assert_eq!(query.get("tags"), Some(&exact("nil")));
    assert_eq!(query.get("name"), Some(&exact("a/b c")));
    for raw in ["k=100%", "k=%zz", "k=%ff"] {
        assert_eq!(Query::parse(raw).unwrap().get("k"), Some(&exact(raw.trim_start_matches("k="))), "{raw}");
    }
}

#[test]
fn the_last_term_of_a_key_counts() {
    let query = Query::parse("k=a,other=x,k=b").unwrap();
    assert_eq!(query.get("k"), Some(&exact("b")));
    assert_eq!(query.terms.len(), 2);
    assert_eq!(query.get("unknown"), None);
}

#[test]
fn sort_keys_keep_their_order() {
    let key = |name: &str, direction| (name.to_owned(), direction);
    assert_eq!(
        Sort::parse("a,-b, c").0,
        [key("a", Direction::Ascending), key("b", Direction::Descending), key("c", Direction::Ascending)]
    );
    assert_eq!(Sort::parse(",,-,").0, []);
    assert_eq!(Sort::parse(""), Sort::default());
}

#[test]
fn the_parameters_of_a_list_are_read_together() {
    assert_eq!(ListQuery::parse(None, None, None, None), Ok(ListQuery::default()));
    let list = ListQuery::parse(Some(2), Some(50), Some("name=~a"), Some("-name")).unwrap();
    assert_eq!(list.page, Page::new(2, 50).unwrap());
    assert_eq!(list.query.get("name"), Some(&Term::Fuzzy("a".to_owned())));
    assert_eq!(list.sort.0, [("name".to_owned(), Direction::Descending)]);
    assert_eq!(ListQuery::parse(None, Some(101), None, None), Err(ListQueryError::Page(PageError)));
    assert_eq!(ListQuery::parse(None, None, Some("x"), None), Err(ListQueryError::Query(QueryError::Pair)));
}

proptest! {
    #[test]
    fn no_text_panics(text in any::<String>(), near in "[k=~\\[\\](){},%0-9af+ \"'\\\\é-]{0,24}") {
        for q in [&text, &near] {
            if let Ok(query) = Query::parse(q) {
                prop_assert!(query.terms.iter().all(|(key, _)| !key.is_empty()));
                prop_assert!(query.terms.is_sorted_by(|a, b| a.0 < b.0));
            }
            prop_assert!(Sort::parse(q).0.iter().all(|(key, _)| !key.is_empty()));
        }
    }

    #[test]
    fn plain_values_are_read_back(key in "[a-z_]{1,8}", value in "[a-zA-Z0-9./:_-]{1,20}") {
        let query = Query::parse(&format!("{key}={value}")).unwrap();
        prop_assert_eq!(query.get(&key), Some(&Term::Exact(value.clone())));
        let query = Query::parse(&format!("{key}={{{value} {value}}}")).unwrap();
        prop_assert_eq!(query.get(&key), Some(&Term::AnyOf(vec![value.clone(), value])));
    }

    #[test]
    fn a_query_survives_json(q in "k=[a-z~]{1,5},m=\\{[a-z ]{1,5}x\\},n=\\[[a-z]{0,3}~[a-z]{1,3}\\]") {
        let list = ListQuery::parse(Some(3), Some(7), Some(&q), Some("-a")).unwrap();
        let json = serde_json::to_string(&list).unwrap();
        prop_assert_eq!(serde_json::from_str::<ListQuery>(&json).unwrap(), list);
    }
}
