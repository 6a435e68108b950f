//! The database file, and rows that lead nowhere.

use db::query::check::{self, AdriftTag, Lack};

use super::{
    PAGE, Run, Stage,
    problem::{Finding, Fix, ProblemKind},
};
use crate::Error;

/// Tables whose rows are looked at one by one, with a repair.
const OWN: [&str; 3] = ["repository_blobs", "manifest_references", "tags"];

impl Run<'_> {
    pub(super) async fn database(&mut self) -> Result<(), Error> {
        self.progress(Stage::Database, 0, None);
        for said in check::integrity(&self.db, self.how.is_quick).await? {
            let about = ("database", "");
            self.found(Finding::new(ProblemKind::DatabaseDamaged, about, said, Fix::Database)).await?;
        }
        for broken in check::foreign_keys(&self.db).await? {
            if OWN.contains(&broken.table.as_str()) {
                continue;
            }
            let row = broken.row.map_or_else(|| "a row".to_owned(), |row| format!("row {row}"));
            let detail = format!("{row} belongs to a row of {} that is missing", broken.parent);
            let about = (broken.table, "");
            self.found(Finding::new(ProblemKind::RowWithoutParent, about, detail, Fix::Database)).await?;
        }
        Ok(())
    }

    pub(super) async fn rows(&mut self) -> Result<(), Error> {
        let (manifests, links, tags) = check::counts(&self.db).await?;
        self.report.checked.links = links;
        self.report.checked.tags = tags;
        self.report.checked.manifests = manifests;
        self.progress(Stage::Rows, 0, Some(links + tags));
        self.links(Lack::Repository).await?;
        self.links(Lack::Blob).await?;
        self.tags().await?;
        self.references_without_manifest().await?;
        self.progress(Stage::Rows, links + tags, Some(links + tags));
        Ok(())
    }

    async fn links(&mut self, lack: Lack) -> Result<(), Error> {
        let mut last = (i64::MIN, String::new());
        loop {
            let page = check::links_adrift(&self.db, lack, (last.0, &last.1), PAGE).await?;
            let Some(end) = page.last() else { return Ok(()) };
            last = (end.repository_id, end.digest.clone());
            for link in page {
                let (kind, detail) = match lack {
                    Lack::Blob => (ProblemKind::LinkWithoutBlob, "there is no such blob"),
                    Lack::Repository => (ProblemKind::LinkWithoutRepository, "there is no such repository"),
                };
                let about = (link.digest.clone(), format!("repository {}", link.repository_id));
                self.found(Finding::new(kind, about, detail, Fix::DeleteLink { link, lack })).await?;
            }
        }
    }

    async fn tags(&mut self) -> Result<(), Error> {
        let mut last = i64::MIN;
        loop {
            let page = check::tags_adrift(&self.db, last, PAGE).await?;
            let Some(end) = page.last() else { return Ok(()) };
            last = end.id;
            for tag in page {
                self.found(adrift(tag)).await?;
            }
        }
    }

    async fn references_without_manifest(&mut self) -> Result<(), Error> {
        let mut last = i64::MIN;
        loop {
            let page = check::references_adrift(&self.db, last, PAGE).await?;
            let Some(end) = page.last() else { return Ok(()) };
            last = *end;
            for manifest in page {
                let fix = Fix::PutReferences { manifest, references: Vec::new() };
                let about = (format!("manifest {manifest}"), "");
                let kind = ProblemKind::ReferencesWithoutManifest;
                self.found(Finding::new(kind, about, "there is no such manifest", fix)).await?;
            }
        }
    }
}

fn adrift(tag: AdriftTag) -> Finding {
    let (kind, detail) = match (&tag.digest, &tag.repository) {
        (_, None) => (ProblemKind::TagElsewhere, "its repository is missing".to_owned()),
        (None, Some(_)) => {
            (ProblemKind::TagWithoutManifest, "the manifest it points to is missing".to_owned())
        }
        (Some(digest), Some(_)) => {
            (ProblemKind::TagElsewhere, format!("it points to {digest} of another repository"))
        }
    };
    Finding::new(kind, (tag.name, tag.repository.unwrap_or_default()), detail, Fix::DeleteTag(tag.id))
}
