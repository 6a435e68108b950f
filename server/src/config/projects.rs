//! Rules of projects.

use service::ProjectCreation;

use super::reader::Reader;
use super::value::words;

words!(ProjectCreation { "everyone" => ProjectCreation::Everyone, "admins" => ProjectCreation::Admins });

/// What people may do with projects.
#[derive(Clone, Copy, Debug)]
pub struct Projects {
    /// Who may make them.
    pub creation: ProjectCreation,
}

impl Projects {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        Self { creation: reader.get("projects.creation", ProjectCreation::default()) }
    }
}
