//! Structures that are read from JSON objects only.
//!
//! A derived `Deserialize` also takes a JSON array with the fields in order, which no other reader of a manifest does:
//! the same bytes would then mean different things to different programs.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor, value::MapAccessDeserializer},
};

/// Hands a map to `read` and refuses everything else.
pub(super) fn deserialize<'de, D, T, F>(deserializer: D, read: F) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    F: ReadMap<'de, T>,
{
    deserializer.deserialize_map(Object { read, result: PhantomData })
}

/// Reads `null` as the empty value of the type.
pub(super) fn null_is_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}

/// The derived reader of a structure, reached through its map.
pub(super) trait ReadMap<'de, T> {
    /// Reads the structure.
    fn read<A: MapAccess<'de>>(self, map: MapAccessDeserializer<A>) -> Result<T, A::Error>;
}

struct Object<F, T> {
    read: F,
    result: PhantomData<T>,
}

impl<'de, T, F: ReadMap<'de, T>> Visitor<'de> for Object<F, T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        self.read.read(MapAccessDeserializer::new(map))
    }
}
