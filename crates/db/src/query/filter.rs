//! Harbor's `q` and `sort` as conditions on columns. Source: `harbor.md` §4.1; unknown keys are ignored.

use sea_orm::{
    ColumnTrait, EntityTrait, IntoSimpleExpr, Order, QueryFilter, QueryOrder, Select,
    sea_query::{CaseStatement, Expr, ExprTrait, Func, LikeExpr, SimpleExpr},
};
use types::query::{Direction, Sort, Term};

/// A condition on a text column. Fuzzy is a case-insensitive "contains".
pub(super) fn text(column: impl ColumnTrait, term: &Term) -> Option<SimpleExpr> {
    text_of(Expr::col(column.as_column_ref()), term)
}

/// A condition on a text that is put together of columns.
pub(super) fn text_of(text: SimpleExpr, term: &Term) -> Option<SimpleExpr> {
    match term {
        Term::Exact(value) => Some(text.eq(value.as_str())),
        Term::Fuzzy(value) => Some(like(text, &format!("%{}%", escaped(value)))),
        Term::AnyOf(values) => Some(text.is_in(values.iter().map(String::as_str))),
        Term::Range { .. } | Term::AllOf(_) => None,
    }
}

/// A "contains"; `%` and `_` in `value` stand for themselves.
pub(super) fn contains(column: impl ColumnTrait, value: &str) -> SimpleExpr {
    like(Expr::col(column.as_column_ref()), &format!("%{}%", escaped(value)))
}

/// Whether a text is like a pattern, blind to the case of ASCII letters, the only ones `lower` of SQLite knows.
pub(super) fn like(text: SimpleExpr, pattern: &str) -> SimpleExpr {
    Expr::expr(Func::lower(text)).like(LikeExpr::new(pattern.to_ascii_lowercase()).escape('\\'))
}

/// A text as a part of a pattern, where it stands for itself.
pub(super) fn escaped(value: &str) -> String {
    let mut pattern = String::with_capacity(value.len());
    for character in value.chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern
}

/// Orders by the first key of `sort` that `column` knows, else by `default`; ties by `tie`.
pub(super) fn sorted<E, C>(
    select: Select<E>,
    sort: &Sort,
    column: impl Fn(&str) -> Option<C>,
    default: (C, Order),
    tie: impl ColumnTrait,
) -> Select<E>
where
    E: EntityTrait,
    C: IntoSimpleExpr,
{
    let chosen = sort.0.iter().find_map(|(key, direction)| {
        let order = match direction {
            Direction::Ascending => Order::Asc,
            Direction::Descending => Order::Desc,
        };
        column(key).map(|column| (column, order))
    });
    let (column, order) = chosen.unwrap_or(default);
    select.order_by(column, order).order_by(tie, Order::Asc)
}

/// Names that contain `text`, best first: those that begin with it, then those that have a part behind a slash that
/// does, then the others; in the order of names among themselves.
pub(super) fn best<E: EntityTrait>(select: Select<E>, name: impl ColumnTrait, text: &str) -> Select<E> {
    let text = escaped(text);
    let is_like = |pattern: String| like(Expr::col(name.as_column_ref()), &pattern);
    let rank = CaseStatement::new()
        .case(is_like(format!("{text}%")), 0)
        .case(is_like(format!("%/{text}%")), 1)
        .finally(2);
    select
        .filter(is_like(format!("%{text}%")))
        .order_by(SimpleExpr::Case(Box::new(rank)), Order::Asc)
        .order_by(name, Order::Asc)
}

/// Applies conditions that exist.
pub(super) fn filtered<E: EntityTrait>(
    select: Select<E>,
    conditions: impl IntoIterator<Item = Option<SimpleExpr>>,
) -> Select<E> {
    conditions.into_iter().flatten().fold(select, QueryFilter::filter)
}

/// The distinct values, in parts that a statement takes as parameters: SQLite has an end at 32,766.
pub(super) fn in_parts(mut values: Vec<String>) -> Vec<Vec<String>> {
    values.sort_unstable();
    values.dedup();
    values.chunks(1000).map(<[String]>::to_vec).collect()
}

/// A limit that a statement takes as a parameter.
pub(super) fn at_most(limit: u64) -> u64 {
    Ord::min(limit, i64::MAX.unsigned_abs())
}
