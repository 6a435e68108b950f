//! What the pages of projects need from their service.

use crate::{
    error::AppError,
    view::{ProjectHead, Rights},
};
use service::{
    OpCtx, Services,
    project::{ProjectFilter, ProjectRef},
};
use types::{
    harbor::project::{ProjectMetadata, ProjectReq},
    role::{Action, Resource},
};

/// What the address of the list of projects narrows it to; what it does not know narrows nothing.
pub fn project_filter(filter: &str) -> ProjectFilter {
    match filter {
        "mine" => ProjectFilter { is_member: true, ..ProjectFilter::default() },
        "public" => ProjectFilter { is_public: Some(true), ..ProjectFilter::default() },
        "private" => ProjectFilter { is_public: Some(false), ..ProjectFilter::default() },
        role => ProjectFilter { role: role.parse().ok(), ..ProjectFilter::default() },
    }
}

/// The project of this name.
pub fn named(name: String) -> ProjectRef {
    ProjectRef::Name(name)
}

/// What makes or changes a project.
pub fn project_request(name: Option<String>, is_public: bool) -> ProjectReq {
    let metadata = ProjectMetadata { public: Some(is_public.to_string()), ..ProjectMetadata::default() };
    ProjectReq { project_name: name, metadata: Some(metadata), ..ProjectReq::default() }
}

/// A project with what the caller may do in it.
///
/// Errors: those of the service, which hides what the caller may not see.
pub async fn project_head(cx: &OpCtx, services: &Services, name: String) -> Result<ProjectHead, AppError> {
    let rights = project_rights(cx, services, &name).await?;
    let project = services.projects.get(cx, &ProjectRef::Name(name)).await?.into();
    Ok(ProjectHead { as_of: cx.now, project, rights })
}

/// What the caller may do in a project; nothing where there is none.
///
/// Errors: those of the service.
pub async fn project_rights(cx: &OpCtx, services: &Services, name: &str) -> Result<Rights, AppError> {
    if cx.user_id().is_none() {
        return Ok(Rights::default());
    }
    Ok(rights(&services.projects.list_rights(cx, &ProjectRef::Name(name.to_owned())).await?))
}

fn rights(list: &[(Resource, Action)]) -> Rights {
    let may = |resource, action| list.contains(&(resource, action));
    Rights {
        push: may(Resource::Repository, Action::Push),
        update_repository: may(Resource::Repository, Action::Update),
        delete_repository: may(Resource::Repository, Action::Delete),
        delete_artifact: may(Resource::Artifact, Action::Delete),
        create_tag: may(Resource::Tag, Action::Create),
        delete_tag: may(Resource::Tag, Action::Delete),
        list_members: may(Resource::Member, Action::List),
        change_members: may(Resource::Member, Action::Create),
        list_log: may(Resource::Log, Action::List),
        update_project: may(Resource::Project, Action::Update),
        delete_project: may(Resource::Project, Action::Delete),
    }
}
