//! How much is in the system, and how much more fits.

use super::{fact_list, text};
use crate::{
    format,
    i18n::{Locale, td_string},
};
use leptos::prelude::*;
use types::view::{DiskSpace, SystemHealth};

/// From which share on, in hundredths, a disk is to be looked at, and from which it is nearly full.
const WATCH: (u64, u64) = (80, 92);

/// How many things there are.
pub fn counts(locale: Locale, health: &SystemHealth) -> AnyView {
    let counts = [
        (td_string!(locale, health.projects), health.projects),
        (td_string!(locale, health.repositories), health.repositories),
        (td_string!(locale, health.artifacts), health.artifacts),
        (td_string!(locale, health.users), health.users),
    ]
    .into_iter()
    .map(|(name, number)| {
        view! {
            <div class="p-health__count">
                <dt>{name}</dt>
                <dd>{format::count(number)}</dd>
            </div>
        }
        .into_any()
    })
    .collect::<Vec<_>>();
    view! { <dl class="p-health__counts">{counts}</dl> }.into_any()
}

/// What the database and the blobs take, and what the disk has left.
pub fn usage(locale: Locale, health: &SystemHealth) -> AnyView {
    let storage = &health.storage;
    let database = td_string!(
        locale,
        health.database_usage,
        kind = health.database.kind.as_str(),
        size = size(health.database.size_bytes)
    );
    let blobs = td_string!(
        locale,
        health.blob_usage,
        count = storage.blobs,
        number = format::count(storage.blobs),
        size = size(storage.used_bytes)
    );
    let facts = vec![
        (td_string!(locale, health.database), text(database)),
        (td_string!(locale, health.blobs), text(blobs)),
    ];
    view! {
        {fact_list(facts)}
        {storage.disk.map(|disk| meter(locale, disk))}
    }
    .into_any()
}

fn meter(locale: Locale, disk: DiskSpace) -> AnyView {
    let Fill { used_bytes, percent } = Fill::of(disk);
    let said = td_string!(
        locale,
        health.disk_usage,
        free = size(disk.free_bytes),
        total = size(disk.total_bytes),
        percent = percent
    );
    view! {
        <div class="p-health__disk">
            <meter
                class="p-health__meter"
                min="0"
                max="100"
                low=WATCH.0.to_string()
                high=WATCH.1.to_string()
                optimum="0"
                value=percent.to_string()
                title=size(used_bytes)
                aria-label=td_string!(locale, health.disk)
            >
                {said.clone()}
            </meter>
            <p class="p-health__note">{said}</p>
        </div>
    }
    .into_any()
}

/// How full a disk is.
#[derive(Debug, PartialEq, Eq)]
struct Fill {
    used_bytes: u64,
    percent: u64,
}

impl Fill {
    /// What is not free is used; a disk of no size is full.
    fn of(disk: DiskSpace) -> Self {
        let used_bytes = disk.total_bytes.saturating_sub(disk.free_bytes);
        let percent = u128::from(used_bytes) * 100;
        let percent = percent.checked_div(u128::from(disk.total_bytes)).unwrap_or(100);
        Self { used_bytes, percent: u64::try_from(percent).unwrap_or(100) }
    }
}

fn size(bytes: u64) -> String {
    format::size(i64::try_from(bytes).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_is_as_full_as_it_is_not_free() {
        for (free_bytes, total_bytes, used_bytes, percent) in [
            (100, 100, 0, 0),
            (25, 100, 75, 75),
            (0, 100, 100, 100),
            (0, 0, 0, 100),
            (u64::MAX / 2 + 1, u64::MAX, u64::MAX / 2, 49),
            (200, 100, 0, 0),
        ] {
            let fill = Fill::of(DiskSpace { free_bytes, total_bytes });
            assert_eq!(fill, Fill { used_bytes, percent }, "{free_bytes} of {total_bytes}");
        }
    }
}
