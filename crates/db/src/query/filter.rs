//! Harbor's `q` and `sort` as conditions on columns. Source: `harbor.md` §4.1; unknown keys are ignored.

use sea_orm::{
    ColumnTrait, EntityTrait, Order, QueryFilter, QueryOrder, Select,
    sea_query::{Expr, ExprTrait, Func, LikeExpr, SimpleExpr},
};
use types::query::{Direction, Sort, Term};

/// A condition on a text column. Fuzzy is a case-insensitive "contains".
pub(super) fn text(column: impl ColumnTrait, term: &Term) -> Option<SimpleExpr> {
    match term {
        Term::Exact(value) => Some(column.eq(value.as_str())),
        Term::Fuzzy(value) => Some(contains(column, value)),
        Term::AnyOf(values) => Some(column.is_in(values.iter().map(String::as_str))),
        Term::Range { .. } | Term::AllOf(_) => None,
    }
}

/// A "contains" that is blind to the case of ASCII letters, the only ones `lower` of SQLite knows; `%` and `_` in
/// `value` stand for themselves.
pub(super) fn contains(column: impl ColumnTrait, value: &str) -> SimpleExpr {
    let mut pattern = String::from("%");
    for character in value.to_ascii_lowercase().chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('%');
    Expr::expr(Func::lower(Expr::col(column.as_column_ref()))).like(LikeExpr::new(pattern).escape('\\'))
}

/// Orders by the first key of `sort` that `column` knows, else by `default`; ties by `tie`.
pub(super) fn sorted<E, C>(
    select: Select<E>,
    sort: &Sort,
    column: impl Fn(&str) -> Option<C>,
    default: (C, Order),
    tie: C,
) -> Select<E>
where
    E: EntityTrait,
    C: ColumnTrait,
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
