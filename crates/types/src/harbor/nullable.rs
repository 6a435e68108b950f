//! Lists that are `null` on the wire when they hold nothing, as a Go server writes its nil slices.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Writes an empty list as `null`.
pub(super) fn serialize<S: Serializer, T: Serialize>(list: &[T], serializer: S) -> Result<S::Ok, S::Error> {
    if list.is_empty() { serializer.serialize_none() } else { list.serialize(serializer) }
}

/// Reads `null` as an empty list.
pub(super) fn deserialize<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Ok(Option::<Vec<T>>::deserialize(deserializer)?.unwrap_or_default())
}

/// Whether a flag is unset, for `skip_serializing_if`.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands the field over by reference")]
pub(super) const fn is_false(flag: &bool) -> bool {
    !*flag
}

/// Whether a number is zero, for `skip_serializing_if`.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands the field over by reference")]
pub(super) const fn is_zero(number: &i64) -> bool {
    *number == 0
}
