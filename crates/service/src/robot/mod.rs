//! Robots: accounts of machines, of the system or of one project. Source: `harbor.md` §1.5 and §2.4; Harbor
//! `src/server/v2.0/handler/robot.go`, whose words the refusals are in.
//!
//! A robot can do what it was given and no more; what it was given is data (`types::robot`), decided on where all rights
//! are (`authz`). A change counts from the next request on, for tokens too.

mod legacy;
mod rights;
mod shown;

use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, Utc};
use db::query::{
    project,
    robot::{self, NewPermission, NewRobot, Permission, Robot},
};
use futures::FutureExt;
use types::{
    harbor::{self, RobotPermission},
    name::{MAX_NAME_BYTES, NameReason, RobotName},
    robot::{Level, MAX_DURATION_DAYS, NEVER_ENDS, Rights},
    role::{Action, Resource, SystemResource},
    secret::Secret,
    validate,
};

use self::rights::Wanted;
use crate::{
    Caller, Error, Kind, OpCtx, RobotIdentity,
    core::Core,
    journal::{Act, Origin},
    project::ProjectRef,
    secrets,
};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Robots.
#[derive(Clone)]
pub struct Robots {
    pub(crate) core: Arc<Core>,
}

/// A robot that was made, with its secret, which is told once.
#[derive(Debug)]
pub struct Created {
    /// Its id.
    pub id: i64,
    /// Its full name, with the prefix.
    pub name: String,
    /// What it signs in with.
    pub secret: Secret<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Until when it counts, in seconds since the epoch; -1 for ever.
    pub expires_at: i64,
}

/// A robot, as sign-in and rights need it.
pub(crate) struct KnownRobot {
    pub(crate) identity: Arc<RobotIdentity>,
    /// Made by `secrets::hash`, or the PHC string of a secret that somebody chose.
    pub(crate) secret_hash: String,
    is_disabled: bool,
    expires_at: Option<i64>,
}

impl KnownRobot {
    pub(crate) fn new(row: Robot, permissions: &[Permission], prefix: &str) -> Self {
        let identity = RobotIdentity {
            id: row.id,
            name: format!("{prefix}{}", row.name),
            secret_version: row.secret_version,
            rights: rights::read(row.project_id, permissions),
        };
        Self {
            identity: Arc::new(identity),
            secret_hash: row.secret_hash,
            is_disabled: row.is_disabled,
            expires_at: row.expires_at,
        }
    }

    /// Whether it counts at a time, in milliseconds since the epoch.
    pub(crate) fn is_active(&self, now: i64) -> bool {
        !self.is_disabled && self.expires_at.is_none_or(|end| now < end)
    }
}

/// How long a robot counts.
#[derive(Clone, Copy)]
struct Life {
    days: i64,
    expires_at: Option<i64>,
}

impl Life {
    /// A life that begins at a time, in milliseconds since the epoch. Errors: `Malformed`.
    fn new(days: i64, from: i64) -> Result<Self, Error> {
        match days {
            NEVER_ENDS => Ok(Self { days, expires_at: None }),
            1..=MAX_DURATION_DAYS => {
                Ok(Self { days, expires_at: Some(from.saturating_add(days.saturating_mul(DAY_MS))) })
            }
            _ => Err(Error::Malformed(format!(
                "bad request error duration input: {days}, duration must be either -1(Never) or a positive integer"
            ))),
        }
    }
}

impl Robots {
    /// Makes a robot.
    ///
    /// Errors: `Malformed` with the rule that a value breaks, `Denied` when a robot would give more than it has,
    /// `AlreadyExists`, `NotFound` for a project that is not there.
    pub async fn create(&self, cx: &OpCtx, new: harbor::RobotCreate) -> Result<Created, Error> {
        Core::require_writer(cx)?;
        let name = check_name(&new.name)?;
        let life = Life::new(new.duration, cx.now_ms())?;
        let level = level(&new.level)?;
        let wanted = Wanted::parse(level, &new.permissions)?;
        let home = self.home_of_new(cx, level, &new.permissions).await?;
        let details = (new.description, new.disable);
        self.insert(cx, (name, home), details, life, wanted).await
    }

    /// Where a new robot belongs, for whoever may make one there.
    async fn home_of_new(
        &self,
        cx: &OpCtx,
        level: Level,
        permissions: &[RobotPermission],
    ) -> Result<Option<(i64, String)>, Error> {
        if let (Level::Project, Some(RobotPermission { namespace, .. })) = (level, permissions.first()) {
            let standing = self.core.require(cx, namespace, Resource::Robot, Action::Create).await?;
            return Ok(Some((standing.project.id, namespace.clone())));
        }
        Core::require_system(cx, SystemResource::Robot, Action::Create)?;
        self.core.require_writable().await?;
        Ok(None)
    }

    async fn insert(
        &self,
        cx: &OpCtx,
        (name, home): (RobotName, Option<(i64, String)>),
        (description, is_disabled): (String, bool),
        life: Life,
        wanted: Wanted,
    ) -> Result<Created, Error> {
        let project_id = home.as_ref().map(|(id, _)| *id);
        let rights = self.resolve(wanted, project_id).await?;
        require_cover(cx, &rights)?;
        let name = match &home {
            Some((_, project)) => format!("{project}+{name}"),
            None => name.to_string(),
        };
        if name.len() > MAX_NAME_BYTES {
            return Err(Error::Malformed("the name of the robot is too long".to_owned()));
        }
        let secret = secrets::random()?;
        let (creator_kind, creator_id) = creator(cx)?;
        let row = NewRobot {
            project_id,
            name: name.clone(),
            description,
            secret_hash: secrets::hash(secret.expose()),
            duration_days: life.days,
            expires_at: life.expires_at,
            is_disabled,
            creator_kind: creator_kind.to_owned(),
            creator_id,
            now: cx.now_ms(),
        };
        let name = self.full_name(&name);
        let id = self.write_new(cx, row, &name, rights::rows(&rights)).await?;
        let expires_at = shown_end(life.expires_at);
        Ok(Created { id, name, secret, created_at: cx.now, expires_at })
    }

    async fn write_new(
        &self,
        cx: &OpCtx,
        row: NewRobot,
        name: &str,
        permissions: Vec<NewPermission>,
    ) -> Result<i64, Error> {
        let (origin, act) = (Origin::from(cx), act("create", name.to_owned(), row.project_id));
        let taken = format!("robot {name}");
        self.core
            .write_rights(move |tx| {
                async move {
                    let id = robot::insert(tx, row).await.map_err(|error| match error {
                        db::Error::AlreadyExists(_) => Error::AlreadyExists(taken),
                        error => error.into(),
                    })?;
                    robot::set_permissions(tx, id, permissions).await?;
                    origin.audit(tx, act, true).await?;
                    Ok(id)
                }
                .boxed()
            })
            .await
    }

    /// Replaces what a robot says of itself, may do, and how long it counts from its creation. Its full name and its
    /// level must be repeated, and can't change.
    pub async fn update(&self, cx: &OpCtx, id: i64, new: harbor::Robot) -> Result<(), Error> {
        let row = self.find_for(cx, id, Action::Update).await?;
        self.core.require_writable().await?;
        let life = Life::new(new.duration.unwrap_or(row.duration_days), row.created_at)?;
        // a life that is not changed keeps its end, which need not be whole days away
        let life =
            if life.days == row.duration_days { Life { expires_at: row.expires_at, ..life } } else { life };
        let level = level(&new.level)?;
        let wanted = Wanted::parse(level, &new.permissions)?;
        if level != level_of(&row) || new.name != self.full_name(&row.name) {
            return Err(Error::Malformed("cannot update the level or name of robot".to_owned()));
        }
        let rights = self.resolve(wanted, row.project_id).await?;
        if row.project_id.is_some_and(|home| !rights.projects.contains_key(&home)) {
            return Err(Error::Malformed("cannot update the project id of robot".to_owned()));
        }
        require_cover(cx, &rights)?;
        let (origin, now) = (Origin::from(cx), cx.now_ms());
        let act = act("update", new.name, row.project_id);
        let permissions = rights::rows(&rights);
        self.core
            .write_rights(move |tx| {
                async move {
                    let details = (new.description, new.disable);
                    robot::set_details(tx, id, details, (life.days, life.expires_at), now).await?;
                    robot::set_permissions(tx, id, permissions).await?;
                    origin.audit(tx, act, true).await
                }
                .boxed()
            })
            .await
    }

    /// Replaces the secret of a robot: by the one that is given, or by a new one, which is returned. What was made of
    /// the one before ends. Errors: `Malformed` when the given one is too weak.
    pub async fn refresh(
        &self,
        cx: &OpCtx,
        id: i64,
        given: Option<Secret<String>>,
    ) -> Result<Option<Secret<String>>, Error> {
        let row = self.find_for(cx, id, Action::Update).await?;
        self.core.require_writable().await?;
        let (hash, told) = self.hashed(given.filter(|secret| !secret.expose().is_empty())).await?;
        let (origin, now) = (Origin::from(cx), cx.now_ms());
        let act = act("update", self.full_name(&row.name), row.project_id);
        self.core
            .write_rights(move |tx| {
                async move {
                    robot::set_secret(tx, id, hash, now).await?;
                    origin.audit(tx, act, true).await
                }
                .boxed()
            })
            .await?;
        Ok(told)
    }

    /// The hash of the secret that was given, or of a new one, which is to be told.
    async fn hashed(&self, given: Option<Secret<String>>) -> Result<(String, Option<Secret<String>>), Error> {
        let Some(given) = given else {
            let secret = secrets::random()?;
            return Ok((secrets::hash(secret.expose()), Some(secret)));
        };
        let weak = "the secret must be 8-128, inclusively, characters long with at least 1 uppercase letter, \
                    1 lowercase letter and 1 number";
        validate::password(given.expose()).map_err(|_| Error::Malformed(weak.to_owned()))?;
        Ok((self.core.passwords.hash(given).await?, None))
    }

    /// Removes a robot; its tokens end with the answer. Errors: `NotFound`.
    pub async fn delete(&self, cx: &OpCtx, id: i64) -> Result<(), Error> {
        let row = self.find_for(cx, id, Action::Delete).await?;
        self.core.require_writable().await?;
        let origin = Origin::from(cx);
        let act = act("delete", self.full_name(&row.name), row.project_id);
        self.core
            .write_rights(move |tx| {
                async move {
                    if !robot::delete(tx, id).await? {
                        return Err(Error::NotFound(Kind::Robot, id.to_string()));
                    }
                    origin.audit(tx, act, true).await
                }
                .boxed()
            })
            .await
    }

    /// A robot, for whoever may do `action` to it. Errors: `NotFound` first, as Harbor.
    async fn find_for(&self, cx: &OpCtx, id: i64, action: Action) -> Result<Robot, Error> {
        Core::require_known(cx)?;
        let row = robot::find(&self.core.db, id).await?;
        let row = row.ok_or_else(|| Error::NotFound(Kind::Robot, id.to_string()))?;
        match row.project_id {
            Some(project) => {
                let name = self.core.project_name(cx, &ProjectRef::Id(project)).await?;
                self.core.require(cx, &name, Resource::Robot, action).await?;
            }
            None => Core::require_system(cx, SystemResource::Robot, action)?,
        }
        Ok(row)
    }

    /// Looks the projects up. Errors: `NotFound` for one that is not there.
    async fn resolve(&self, wanted: Wanted, home: Option<i64>) -> Result<Rights, Error> {
        let mut ids = BTreeMap::new();
        for name in wanted.projects.keys() {
            let row = project::find_by_name(&self.core.db, name).await?;
            let row = row.ok_or_else(|| Error::NotFound(Kind::Project, name.clone()))?;
            ids.insert(name.clone(), row.id);
        }
        Ok(wanted.rights(&ids, home))
    }

    fn full_name(&self, name: &str) -> String {
        format!("{}{name}", self.core.options.robots.name_prefix)
    }
}

/// A robot can't give what it does not have. Source: Harbor `handler/robot.go`, `isValidPermissionScope`.
fn require_cover(cx: &OpCtx, rights: &Rights) -> Result<(), Error> {
    match cx.robot() {
        Some(robot) if !robot.rights.cover(rights) => Err(Error::Denied(format!(
            "permission scope is invalid. It must be equal to or more restrictive than the creator robot's \
             permissions: {}",
            robot.name
        ))),
        _ => Ok(()),
    }
}

/// What kind of caller makes a robot, and its id. Source: Harbor's names of security contexts.
fn creator(cx: &OpCtx) -> Result<(&'static str, i64), Error> {
    match &cx.caller {
        Caller::Anonymous => Err(Error::anonymous()),
        Caller::User(user) => Ok(("local", user.id)),
        Caller::AccessToken(token) => Ok(("local", token.user.id)),
        Caller::Robot(robot) => Ok(("robot", robot.id)),
    }
}

fn check_name(name: &str) -> Result<RobotName, Error> {
    name.parse().map_err(|error: types::name::NameError| {
        let reason = match error.reason {
            NameReason::Empty => NameReason::RobotGrammar,
            reason => reason,
        };
        Error::Malformed(reason.to_string())
    })
}

fn level(word: &str) -> Result<Level, Error> {
    let unknown = || Error::Malformed(format!("bad request error level input: {word}"));
    Level::from_word(word).ok_or_else(unknown)
}

fn level_of(row: &Robot) -> Level {
    if row.project_id.is_some() { Level::Project } else { Level::System }
}

/// An end as the API shows it, in seconds since the epoch.
fn shown_end(expires_at: Option<i64>) -> i64 {
    expires_at.map_or(NEVER_ENDS, |end| end.div_euclid(1000))
}

fn act(operation: &'static str, resource: String, project_id: Option<i64>) -> Act {
    Act { operation, resource_type: "robot", resource, project_id }
}
