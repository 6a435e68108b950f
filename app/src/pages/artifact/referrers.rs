//! What is attached to an artifact.

use super::Context;
use crate::{
    commands::{attach, sign},
    components::{
        copy_field::CopyField,
        data_table::{Cell, Column, DataTable},
        icon::Glyph,
        state_panel::StatePanel,
    },
    format,
    i18n::{Locale, td_string},
    view::ReferrerList,
};
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use types::view::Referrer;

/// What a referrer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    Signature,
    Sbom,
    Attestation,
    Other,
}

impl Purpose {
    /// Source: the artifact types of cosign, notation, SPDX, `CycloneDX` and in-toto.
    fn of(artifact_type: &str) -> Self {
        let has = |part: &str| artifact_type.contains(part);
        if has("cosign.artifact.sig") || has("sigstore.bundle") || has("notary.signature") {
            Self::Signature
        } else if has("spdx") || has("cyclonedx") || has("sbom") {
            Self::Sbom
        } else if has("in-toto") || has("attestation") {
            Self::Attestation
        } else {
            Self::Other
        }
    }

    fn text(self, locale: Locale) -> &'static str {
        match self {
            Self::Signature => td_string!(locale, artifact.signature),
            Self::Sbom => td_string!(locale, artifact.sbom),
            Self::Attestation => td_string!(locale, artifact.attestation),
            Self::Other => td_string!(locale, artifact.other),
        }
    }
}

/// The referrers, or how to attach some.
pub(super) fn view(context: Context, list: ReferrerList) -> AnyView {
    let locale = context.locale;
    if list.referrers.is_empty() {
        return empty(context);
    }
    let columns = vec![
        Column::text(td_string!(locale, artifact.kind)),
        Column::text(td_string!(locale, artifact.digest)),
        Column::number(td_string!(locale, artifact.size)),
        Column::text(td_string!(locale, artifact.pushed)),
    ];
    let rows = list.referrers.into_iter().map(|referrer| row(context, referrer, list.as_of)).collect();
    view! { <DataTable caption=td_string!(locale, artifact.referrers_caption) columns=columns rows=rows /> }
        .into_any()
}

fn row(context: Context, referrer: Referrer, as_of: DateTime<Utc>) -> Vec<Cell> {
    let artifact_type = referrer.artifact_type.unwrap_or_default();
    let purpose = Purpose::of(&artifact_type);
    vec![
        Cell::Name {
            href: context.href(&referrer.digest),
            text: purpose.text(context.locale).to_owned(),
            note: Some(artifact_type).filter(|artifact_type| !artifact_type.is_empty()),
            pills: Vec::new(),
        },
        Cell::Code {
            text: format::short_digest(&referrer.digest),
            copy: Some(referrer.digest.clone()),
            whole: referrer.digest,
        },
        Cell::Text(format::size(referrer.size_bytes)),
        Cell::Time(Some(referrer.pushed_at), as_of),
    ]
}

fn empty(context: Context) -> AnyView {
    let locale = context.locale;
    let place = context.place();
    let digest = context.id.get_value();
    let step = |name: &'static str, command: String| {
        view! {
            <li class="c-commands__step">
                <p class="c-commands__purpose">{name}</p>
                <CopyField text=command />
            </li>
        }
    };
    view! {
        <StatePanel
            glyph=Glyph::Package
            title=td_string!(locale, artifact.no_referrers_title)
            text=td_string!(locale, artifact.no_referrers_text)
        />
        <ol class="c-commands__steps">
            {step(td_string!(locale, artifact.attach_sbom), attach(&place, &digest))}
            {step(td_string!(locale, artifact.sign), sign(&place, &digest))}
        </ol>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_artifact_type_tells_what_it_is_for() {
        for (artifact_type, purpose) in [
            ("application/vnd.dev.cosign.artifact.sig.v1+json", Purpose::Signature),
            ("application/vnd.dev.sigstore.bundle.v0.3+json", Purpose::Signature),
            ("application/vnd.cncf.notary.signature", Purpose::Signature),
            ("application/spdx+json", Purpose::Sbom),
            ("application/vnd.cyclonedx+json", Purpose::Sbom),
            ("application/vnd.goharbor.harbor.sbom.v1", Purpose::Sbom),
            ("application/vnd.in-toto+json", Purpose::Attestation),
            ("text/plain", Purpose::Other),
            ("", Purpose::Other),
        ] {
            assert_eq!(Purpose::of(artifact_type), purpose, "{artifact_type}");
        }
    }
}
