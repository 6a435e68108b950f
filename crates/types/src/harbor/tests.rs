//! The bodies as they stand on the wire.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::*;

fn at() -> DateTime<Utc> {
    "2026-11-24T03:50:45.123456Z".parse().unwrap()
}

const AT: &str = "2026-11-24T03:50:45.123Z";

/// Writes a value, compares it, and reads it back.
fn on_the_wire<T>(value: &T, expected: &Value)
where
    T: Serialize + for<'de> Deserialize<'de> + PartialEq + std::fmt::Debug,
{
    let written = serde_json::to_value(value).unwrap();
    assert_eq!(&written, expected);
    let read: T = serde_json::from_value(written).unwrap();
    assert_eq!(&serde_json::to_value(read).unwrap(), expected);
}

#[test]
fn times_have_three_digits_of_fraction_and_end_in_z() {
    for (time, expected) in [
        ("2026-11-24T03:50:45Z", "2026-11-24T03:50:45.000Z"),
        ("2026-11-24T03:50:45.1239Z", "2026-11-24T03:50:45.123Z"),
        ("2026-11-24T05:50:45.5+02:00", "2026-11-24T03:50:45.500Z"),
    ] {
        assert_eq!(time::format(&time.parse().unwrap()), expected);
    }
}

#[test]
fn a_time_that_never_came_is_gos_zero() {
    let never = Tag { name: "latest".to_owned(), ..Tag::default() };
    on_the_wire(
        &never,
        &json!({
            "id": 0, "repository_id": 0, "artifact_id": 0, "name": "latest",
            "push_time": time::ZERO, "pull_time": time::ZERO, "immutable": false,
        }),
    );
    for text in [r#"{"pull_time":"0001-01-01T00:00:00Z"}"#, r#"{"pull_time":null}"#, "{}"] {
        assert_eq!(serde_json::from_str::<Tag>(text).unwrap().pull_time, None, "{text}");
    }
    assert!(serde_json::from_str::<Tag>(r#"{"pull_time":"yesterday"}"#).is_err());
}

#[test]
fn a_user_is_written_as_harbor_does() {
    let user = UserResp {
        email: "admin@example.com".to_owned(),
        realname: "system admin".to_owned(),
        comment: String::new(),
        user_id: 1,
        username: "admin".to_owned(),
        sysadmin_flag: true,
        admin_role_in_auth: false,
        creation_time: at(),
        update_time: at(),
    };
    on_the_wire(
        &user,
        &json!({
            "admin_role_in_auth": false, "creation_time": AT, "email": "admin@example.com", "realname": "system admin",
            "sysadmin_flag": true, "update_time": AT, "user_id": 1, "username": "admin",
        }),
    );
}

#[test]
fn a_project_is_written_as_harbor_does() {
    let mut project = Project {
        project_id: 1,
        owner_id: 1,
        name: "library".to_owned(),
        registry_id: None,
        creation_time: at(),
        update_time: at(),
        deleted: false,
        owner_name: "admin".to_owned(),
        togglable: false,
        current_user_role_id: 1,
        current_user_role_ids: vec![1],
        repo_count: 0,
        metadata: ProjectMetadata { public: Some("true".to_owned()), ..ProjectMetadata::default() },
        cve_allowlist: Some(CVEAllowlist { id: 1, project_id: 1, ..CVEAllowlist::default() }),
    };
    let mut expected = json!({
        "creation_time": AT, "current_user_role_id": 1, "current_user_role_ids": [1],
        "cve_allowlist": {
            "creation_time": time::ZERO, "id": 1, "items": [], "project_id": 1, "update_time": time::ZERO,
        },
        "metadata": {"public": "true"}, "name": "library", "owner_id": 1, "owner_name": "admin",
        "project_id": 1, "repo_count": 0, "update_time": AT,
    });
    on_the_wire(&project, &expected);
    project.current_user_role_id = 0;
    project.current_user_role_ids.clear();
    expected.as_object_mut().unwrap().remove("current_user_role_id");
    expected["current_user_role_ids"] = Value::Null;
    on_the_wire(&project, &expected);
}

#[test]
fn a_repository_is_written_as_harbor_does() {
    let repository = Repository {
        id: 3,
        project_id: 1,
        name: "library/web".to_owned(),
        description: String::new(),
        artifact_count: 0,
        pull_count: 0,
        creation_time: at(),
        update_time: at(),
    };
    on_the_wire(
        &repository,
        &json!({
            "artifact_count": 0, "creation_time": AT, "id": 3, "name": "library/web", "project_id": 1, "pull_count": 0,
            "update_time": AT,
        }),
    );
}

fn artifact() -> Artifact {
    Artifact {
        id: 1,
        kind: "IMAGE".to_owned(),
        media_type: "application/vnd.oci.image.config.v1+json".to_owned(),
        manifest_media_type: "application/vnd.oci.image.manifest.v1+json".to_owned(),
        artifact_type: "application/vnd.oci.image.config.v1+json".to_owned(),
        project_id: 1,
        repository_id: 3,
        repository_name: "library/web".to_owned(),
        digest: "sha256:00".to_owned(),
        size: 60,
        icon: String::new(),
        push_time: at(),
        pull_time: None,
        extra_attrs: None,
        annotations: None,
        references: Vec::new(),
        tags: None,
        addition_links: AdditionLinks::new(),
        labels: Vec::new(),
        accessories: Vec::new(),
    }
}

fn artifact_json() -> Value {
    json!({
        "accessories": null, "artifact_type": "application/vnd.oci.image.config.v1+json", "digest": "sha256:00", "id": 1,
        "labels": null, "manifest_media_type": "application/vnd.oci.image.manifest.v1+json",
        "media_type": "application/vnd.oci.image.config.v1+json", "project_id": 1, "pull_time": time::ZERO,
        "push_time": AT, "references": null, "repository_id": 3, "repository_name": "library/web", "size": 60,
        "tags": null, "type": "IMAGE",
    })
}

#[test]
fn a_bare_artifact_has_null_lists_and_no_empty_objects() {
    on_the_wire(&artifact(), &artifact_json());
}

#[test]
fn a_full_artifact_is_written_as_harbor_does() {
    let mut full = artifact();
    full.pull_time = Some(at());
    full.extra_attrs =
        json!({"architecture": "amd64", "os": "linux", "config": {"Cmd": ["sh"]}}).as_object().cloned();
    full.annotations = Some([("a".to_owned(), "b".to_owned())].into());
    full.tags = Some(vec![Tag { id: 9, name: "latest".to_owned(), push_time: Some(at()), ..Tag::default() }]);
    let link = AdditionLink { href: "/api/v2.0/x".to_owned(), absolute: false };
    full.addition_links.insert("build_history".to_owned(), link);
    full.references.push(Reference {
        parent_id: 1,
        child_id: 2,
        child_digest: "sha256:01".to_owned(),
        platform: Some(Platform {
            architecture: "arm64".to_owned(),
            os: "linux".to_owned(),
            ..Platform::default()
        }),
        annotations: None,
        urls: Vec::new(),
    });
    let mut expected = artifact_json();
    expected["pull_time"] = json!(AT);
    expected["extra_attrs"] = json!({"architecture": "amd64", "os": "linux", "config": {"Cmd": ["sh"]}});
    expected["annotations"] = json!({"a": "b"});
    expected["tags"] = json!([{
        "id": 9, "repository_id": 0, "artifact_id": 0, "name": "latest", "push_time": AT, "pull_time": time::ZERO,
        "immutable": false,
    }]);
    expected["addition_links"] = json!({"build_history": {"href": "/api/v2.0/x", "absolute": false}});
    expected["references"] = json!([{
        "parent_id": 1, "child_id": 2, "child_digest": "sha256:01",
        "platform": {"architecture": "arm64", "os": "linux", "os.features": null}, "urls": null,
    }]);
    on_the_wire(&full, &expected);
}

#[test]
fn members_and_health_are_written_as_harbor_does() {
    let member = ProjectMemberEntity {
        id: 1,
        project_id: 2,
        entity_name: "ann".to_owned(),
        role_name: "developer".to_owned(),
        role_id: 2,
        entity_id: 3,
        entity_type: "u".to_owned(),
    };
    on_the_wire(
        &member,
        &json!({
            "id": 1, "project_id": 2, "entity_name": "ann", "role_name": "developer", "role_id": 2, "entity_id": 3,
            "entity_type": "u",
        }),
    );
    let database = ComponentHealthStatus {
        name: "database".to_owned(),
        status: "healthy".to_owned(),
        error: String::new(),
    };
    on_the_wire(
        &OverallHealthStatus { status: "healthy".to_owned(), components: vec![database] },
        &json!({"status": "healthy", "components": [{"name": "database", "status": "healthy"}]}),
    );
}

#[test]
fn what_systeminfo_does_not_tell_is_left_out() {
    let short = GeneralInfo { auth_mode: Some("db_auth".to_owned()), ..GeneralInfo::default() };
    on_the_wire(&short, &json!({"auth_mode": "db_auth"}));
    let long = GeneralInfo { current_time: Some(at()), read_only: Some(false), ..GeneralInfo::default() };
    on_the_wire(&long, &json!({"current_time": AT, "read_only": false}));
}

#[test]
fn errors_have_one_envelope() {
    on_the_wire(
        &Errors::one("NOT_FOUND", "project x not found"),
        &json!({"errors": [{"code": "NOT_FOUND", "message": "project x not found"}]}),
    );
}

#[test]
fn requests_may_leave_out_everything_and_carry_unknown_fields() {
    let text = r#"{"unknown":[1]}"#;
    assert_eq!(serde_json::from_str::<ProjectReq>(text).unwrap(), ProjectReq::default());
    assert_eq!(serde_json::from_str::<ProjectMember>(text).unwrap(), ProjectMember::default());
    assert_eq!(serde_json::from_str::<RoleRequest>(text).unwrap(), RoleRequest::default());
    assert_eq!(serde_json::from_str::<UserProfile>(text).unwrap(), UserProfile::default());
    assert_eq!(serde_json::from_str::<UserSysAdminFlag>(text).unwrap(), UserSysAdminFlag::default());
    assert!(serde_json::from_str::<UserCreationReq>(text).unwrap().password.is_none());
    assert!(serde_json::from_str::<PasswordReq>(text).unwrap().new_password.is_none());
}

#[test]
fn requests_are_read_as_clients_send_them() {
    let project: ProjectReq = serde_json::from_value(json!({
        "project_name": "team", "public": null, "metadata": {"public": "false", "auto_scan": null},
        "cve_allowlist": {"items": [{"cve_id": "CVE-2019-10164"}]}, "storage_limit": -1,
    }))
    .unwrap();
    assert_eq!(project.project_name.as_deref(), Some("team"));
    assert_eq!(project.metadata.unwrap().public.as_deref(), Some("false"));
    assert_eq!(project.cve_allowlist.unwrap().items[0].cve_id, "CVE-2019-10164");
    assert_eq!(project.storage_limit, Some(-1));
    let member: ProjectMember =
        serde_json::from_value(json!({"role_id": 2, "member_user": {"username": "ann"}})).unwrap();
    assert_eq!(member.member_user.unwrap().username.as_deref(), Some("ann"));
    assert!(serde_json::from_value::<RoleRequest>(json!({"role_id": "2"})).is_err());
}

#[test]
fn passwords_in_requests_do_not_show_in_debug_output() {
    let user: UserCreationReq =
        serde_json::from_value(json!({"username": "ann", "password": "Hidden123"})).unwrap();
    assert_eq!(user.password.as_ref().unwrap().expose(), "Hidden123");
    assert!(!format!("{user:?}").contains("Hidden123"));
    let change: PasswordReq =
        serde_json::from_value(json!({"old_password": "Hidden123", "new_password": "Hidden456"})).unwrap();
    assert!(!format!("{change:?}").contains("Hidden"));
}

#[test]
fn a_line_of_the_audit_log_leaves_out_what_is_empty() {
    let line = AuditLog {
        id: 7,
        username: "ann".to_owned(),
        resource: "library/web:v1".to_owned(),
        resource_type: "artifact".to_owned(),
        operation: "create".to_owned(),
        op_time: at(),
    };
    let expected = json!({
        "id": 7, "username": "ann", "resource": "library/web:v1", "resource_type": "artifact",
        "operation": "create", "op_time": AT,
    });
    on_the_wire(&line, &expected);
    let unknown = AuditLog { username: String::new(), ..line };
    assert_eq!(serde_json::to_value(unknown).unwrap().get("username"), None);
}
