"""Drives the REST API with the client `harborapi`, one area per run.

Usage: exercise.py AREA URL USER PASSWORD [ARGUMENT...]
Ends with 0 when everything was as a client of Harbor expects it, else with the failed assertion.
"""

import asyncio
import sys

from harborapi import HarborAsyncClient
from harborapi.exceptions import Conflict, Forbidden, NotFound, PreconditionFailed, Unauthorized
from harborapi.models import (
    ProjectMetadata,
    ProjectReq,
    RoleRequest,
    Tag,
    UserCreationReq,
    UserProfile,
)

PASSWORD = "Sea-Worthy-42"
NEW_PASSWORD = "Sea-Worthy-43"


def client(url, user, password):
    return HarborAsyncClient(url=f"{url}/api/v2.0", username=user, secret=password)


async def refused(kind, call):
    """Awaits a call that must raise this exception of the client."""
    try:
        await call
    except kind:
        return
    raise AssertionError(f"{kind.__name__} was expected")


async def make_user(admin, name):
    await admin.create_user(
        UserCreationReq(username=name, email=f"{name}@example.com", realname=name, password=PASSWORD)
    )
    return next(user for user in await admin.get_users(query=f"username={name}") if user.username == name)


async def system(url, user, password):
    admin = client(url, user, password)
    assert "Pong" in await admin.ping()
    health = await admin.health_check()
    assert health.status == "healthy", health
    assert all(part.status == "healthy" for part in health.components), health
    info = await admin.get_system_info()
    assert info.auth_mode == "db_auth", info
    assert info.harbor_version, info


async def users(url, user, password, name):
    admin = client(url, user, password)
    me = await admin.get_current_user()
    assert (me.username, me.user_id, me.sysadmin_flag) == (user, 1, True), me

    made = await make_user(admin, name)
    await refused(Conflict, make_user(admin, name))
    assert (await admin.get_user(made.user_id)).email == f"{name}@example.com"
    await admin.update_user(made.user_id, UserProfile(email=f"new-{name}@example.com", realname="A. Person"))
    assert (await admin.get_user(made.user_id)).realname == "A. Person"

    own = client(url, name, PASSWORD)
    assert (await own.get_current_user()).username == name
    await refused(Forbidden, own.get_users())
    await own.set_user_password(made.user_id, NEW_PASSWORD, PASSWORD)
    await refused(Unauthorized, client(url, name, PASSWORD).get_current_user())
    assert (await client(url, name, NEW_PASSWORD).get_current_user()).user_id == made.user_id

    await admin.set_user_admin(made.user_id, True)
    assert (await admin.get_user(made.user_id)).sysadmin_flag is True
    await admin.delete_user(made.user_id)
    await refused(NotFound, admin.get_user(made.user_id))
    await refused(Unauthorized, client(url, name, NEW_PASSWORD).get_current_user())


async def projects(url, user, password, name):
    admin = client(url, user, password)
    assert not await admin.project_exists(name)
    location = await admin.create_project(ProjectReq(project_name=name, metadata=ProjectMetadata(public="false")))
    assert location.endswith(name), location
    assert await admin.project_exists(name)
    await refused(Conflict, admin.create_project(ProjectReq(project_name=name)))

    project = await admin.get_project(name)
    assert (project.name, project.owner_name, project.metadata.public) == (name, user, "false"), project
    assert (await admin.get_project(project.project_id)).name == name
    assert [one.name for one in await admin.get_projects(name=name)] == [name]

    await refused(NotFound, admin.get_project(f"{name}-missing"))
    await admin.update_project(name, ProjectReq(metadata=ProjectMetadata(public="true")))
    assert (await admin.get_project(name)).metadata.public == "true"
    await admin.delete_project(name)
    assert not await admin.project_exists(name)


async def members(url, user, password, name):
    admin = client(url, user, password)
    await admin.create_project(ProjectReq(project_name=name))
    person = await make_user(admin, f"{name}-person")
    location = await admin.add_project_member_user(name, person.username, 3)
    await refused(Conflict, admin.add_project_member_user(name, person.username, 3))
    member_id = int(location.rsplit("/", 1)[1])

    member = await admin.get_project_member(name, member_id)
    assert (member.entity_name, member.role_id, member.role_name) == (person.username, 3, "guest"), member
    await admin.update_project_member_role(name, member_id, RoleRequest(role_id=2))
    assert (await admin.get_project_member(name, member_id)).role_name == "developer"
    assert {one.entity_name for one in await admin.get_project_members(name)} == {user, person.username}

    own = client(url, person.username, PASSWORD)
    await refused(Forbidden, own.remove_project_member(name, member_id))
    assert (await own.get_project(name)).current_user_role_id == 2
    await admin.remove_project_member(name, member_id)
    assert {one.entity_name for one in await admin.get_project_members(name)} == {user}
    await refused(Forbidden, own.get_project(name))


async def artifacts(url, user, password, project, repository, digest):
    """Expects an image under the tag 1.0 in a repository whose path has a slash."""
    admin = client(url, user, password)
    found = await admin.get_repositories(project)
    assert [one.name for one in found] == [f"{project}/{repository}"], found
    assert (await admin.get_repository(project, repository)).artifact_count == 1
    assert (await admin.get_project(project)).repo_count == 1

    (artifact,) = await admin.get_artifacts(project, repository)
    assert (artifact.digest, artifact.type) == (digest, "IMAGE"), artifact
    assert artifact.extra_attrs.root["architecture"] == "amd64", artifact
    assert [tag.name for tag in artifact.tags] == ["1.0"], artifact
    by_tag = await admin.get_artifact(project, repository, "1.0")
    assert (by_tag.id, by_tag.size) == (artifact.id, artifact.size) and by_tag.size > 0, by_tag

    await admin.create_artifact_tag(project, repository, digest, Tag(name="stable"))
    await refused(Conflict, admin.create_artifact_tag(project, repository, digest, Tag(name="stable")))
    assert {tag.name for tag in await admin.get_artifact_tags(project, repository, digest)} == {"1.0", "stable"}
    await admin.delete_artifact_tag(project, repository, digest, "1.0")
    await refused(NotFound, admin.get_artifact(project, repository, "1.0"))

    await refused(PreconditionFailed, admin.delete_project(project))
    await admin.delete_artifact(project, repository, digest)
    await refused(NotFound, admin.get_artifact(project, repository, digest))
    await admin.delete_repository(project, repository)
    await refused(NotFound, admin.get_repository(project, repository))
    await admin.delete_project(project)


AREAS = {area.__name__: area for area in (system, users, projects, members, artifacts)}

if __name__ == "__main__":
    asyncio.run(AREAS[sys.argv[1]](*sys.argv[2:]))
