//! Users. Source: `harbor.md` §1.1 and §5.

mod own;

use std::sync::Arc;

use db::query::{
    access_token, member,
    user::{self, NewUser, User},
};
use futures::FutureExt;
use types::{
    harbor,
    name::UserName,
    page::{Listed, Page},
    query::{ListQuery, Query, Term},
    role::{Action, SystemResource},
    secret::Secret,
    validate,
};

use crate::{
    Error, Kind, OpCtx,
    artifact::time,
    authn::Authn,
    core::Core,
    journal::{Act, Origin},
};

/// Users.
#[derive(Clone)]
pub struct Users {
    pub(crate) core: Arc<Core>,
    pub(crate) authn: Authn,
}

/// What a new user is made of, within the rules.
struct Checked {
    username: UserName,
    email: String,
    realname: String,
    comment: String,
    password: Secret<String>,
}

impl Users {
    /// Every user but the first administrator, for administrators.
    pub async fn list(&self, cx: &OpCtx, query: &ListQuery) -> Result<Listed<harbor::UserResp>, Error> {
        Core::require_system(cx, SystemResource::User, Action::List)?;
        Ok(user::list(&self.core.db, query).await?.map(show))
    }

    /// One user: oneself, or anyone for administrators.
    pub async fn get(&self, cx: &OpCtx, id: i64) -> Result<harbor::UserResp, Error> {
        Self::require_self_or(cx, id, Action::Read)?;
        Ok(show(self.find(id).await?))
    }

    /// The user who asks. Errors: `Precondition` for a robot, which is none. Source: Harbor `handler/user.go`.
    pub async fn current(&self, cx: &OpCtx) -> Result<harbor::UserResp, Error> {
        if cx.robot().is_some() {
            return Err(Error::Precondition("a robot account is no user".to_owned()));
        }
        let id = cx.user_id().ok_or_else(Error::anonymous)?;
        Ok(show(self.find(id).await?))
    }

    /// Users whose name contains `name`, for anybody who is signed in; never the first administrator, as in [`Self::list`].
    pub async fn search(
        &self,
        cx: &OpCtx,
        name: &str,
        page: Page,
    ) -> Result<Listed<harbor::UserSearchRespItem>, Error> {
        Core::require_known(cx)?;
        let terms = vec![("username".to_owned(), Term::Fuzzy(name.to_owned()))];
        let query = ListQuery { page, query: Query { terms }, ..ListQuery::default() };
        let found = user::list(&self.core.db, &query).await?;
        Ok(found.map(|row| harbor::UserSearchRespItem { user_id: row.id, username: row.username }))
    }

    /// Makes a user, for administrators, and returns its id. Rights in the request are ignored.
    ///
    /// Errors: `Invalid` with the rule that a value breaks, `AlreadyExists`.
    pub async fn create(&self, cx: &OpCtx, new: harbor::UserCreationReq) -> Result<i64, Error> {
        Core::require_system(cx, SystemResource::User, Action::Create)?;
        self.insert(Origin::from(cx), check(new)?, cx.now_ms()).await
    }

    async fn insert(&self, origin: Origin, new: Checked, now: i64) -> Result<i64, Error> {
        let hash = self.core.passwords.hash(new.password).await?;
        let name = new.username.to_string();
        let row = NewUser {
            username: name.clone(),
            email: Some(new.email),
            realname: new.realname,
            comment: new.comment,
            password_hash: Some(hash),
            is_admin: false,
            now,
        };
        self.core
            .write_rights(move |tx| {
                async move {
                    // Whoever had the address of somebody as a name would take the place of that person at sign-in.
                    if user::find_by_login(tx, &name).await?.is_some() {
                        return Err(already_taken());
                    }
                    let id = user::insert(tx, row).await.map_err(taken)?;
                    origin.audit(tx, act("create", name), true).await?;
                    Ok::<_, Error>(id)
                }
                .boxed()
            })
            .await
    }

    /// Changes name, address and remark: one's own, or anyone's for administrators. What is absent stays.
    pub async fn update(&self, cx: &OpCtx, id: i64, new: harbor::UserProfile) -> Result<(), Error> {
        Self::require_self_or(cx, id, Action::Update)?;
        let row = self.find(id).await?;
        let email = new.email.or(row.email);
        let realname = new.realname.unwrap_or(row.realname);
        let comment = new.comment.unwrap_or(row.comment);
        check_profile(email.as_deref(), &realname, &comment)?;
        let (origin, now, name) = (Origin::from(cx), cx.now_ms(), row.username);
        self.core
            .write_rights(move |tx| {
                async move {
                    user::set_profile(tx, id, (email, realname, comment), now).await.map_err(taken)?;
                    origin.audit(tx, act("update", name), true).await
                }
                .boxed()
            })
            .await?;
        Ok(())
    }

    /// Replaces a password: one's own with the old one, or anyone's for administrators.
    ///
    /// Sessions and tokens of that user end. Guesses of the old password are counted with those of sign-ins. Errors:
    /// `Forbidden` when the old password is wrong, `RateLimited`, `Invalid`.
    pub async fn set_password(&self, cx: &OpCtx, id: i64, new: harbor::PasswordReq) -> Result<(), Error> {
        Self::require_self_or(cx, id, Action::Update)?;
        let row = self.find(id).await?;
        let next = new.new_password.unwrap_or_else(|| Secret::new(String::new()));
        let stored = row.password_hash.clone().unwrap_or_default();
        if cx.user_id() == Some(id) {
            let old = new.old_password.unwrap_or_else(|| Secret::new(String::new()));
            let update = act("update", row.username.clone());
            if !self.authn.confirm(cx, &row, &old, update).await? {
                return Err(Error::Forbidden("the old password is wrong".to_owned()));
            }
        }
        check_password(&next)?;
        if !stored.is_empty() && self.core.passwords.verify(next.clone(), stored).await? {
            let reason = "it must differ from the old password".to_owned();
            return Err(Error::Invalid { field: "new_password", reason });
        }
        self.store_password(Origin::from(cx), row, next, cx.now_ms()).await
    }

    /// Makes a user an administrator, or no longer, for administrators.
    pub async fn set_admin(&self, cx: &OpCtx, id: i64, is_admin: bool) -> Result<(), Error> {
        Core::require_system(cx, SystemResource::User, Action::Update)?;
        let row = self.find(id).await?;
        let (origin, now) = (Origin::from(cx), cx.now_ms());
        self.core
            .write_rights(move |tx| {
                async move {
                    user::set_admin(tx, id, is_admin, now).await?;
                    origin.audit(tx, act("update", row.username), true).await
                }
                .boxed()
            })
            .await?;
        Ok(())
    }

    /// Removes a user, for administrators. The first administrator and oneself can't be removed.
    pub async fn delete(&self, cx: &OpCtx, id: i64) -> Result<(), Error> {
        Core::require_system(cx, SystemResource::User, Action::Delete)?;
        if id == 1 || cx.user_id() == Some(id) {
            return Err(Error::Forbidden("this user can't be deleted".to_owned()));
        }
        let row = self.find(id).await?;
        let (origin, now) = (Origin::from(cx), cx.now_ms());
        self.core
            .write_rights(move |tx| {
                async move {
                    user::delete(tx, &row, now).await?;
                    member::delete_of_user(tx, id).await?;
                    access_token::delete_of_user(tx, id).await?;
                    origin.audit(tx, act("delete", row.username), true).await
                }
                .boxed()
            })
            .await?;
        Ok(())
    }

    /// Gives a user a new random password from the command line of the machine, and returns it.
    pub async fn reset_password(&self, cx: &OpCtx, name: &str) -> Result<Secret<String>, Error> {
        let row = user::find_by_name(&self.core.db, name).await?;
        let row = row.ok_or_else(|| Error::NotFound(Kind::User, name.to_owned()))?;
        let password = crate::first_start::random_password()?;
        self.store_password(Origin::from(cx).named("command line"), row, password.clone(), cx.now_ms())
            .await?;
        Ok(password)
    }

    async fn store_password(
        &self,
        origin: Origin,
        row: User,
        next: Secret<String>,
        now: i64,
    ) -> Result<(), Error> {
        let hash = self.core.passwords.hash(next).await?;
        self.core
            .write_rights(move |tx| {
                async move {
                    user::set_password(tx, row.id, hash, now).await?;
                    origin.audit(tx, act("update", row.username), true).await
                }
                .boxed()
            })
            .await?;
        Ok(())
    }

    async fn find(&self, id: i64) -> Result<User, Error> {
        user::find(&self.core.db, id).await?.ok_or_else(|| Error::NotFound(Kind::User, id.to_string()))
    }

    /// Refuses unless the caller may do `action` to themselves, or to everybody.
    fn require_self_or(cx: &OpCtx, id: i64, action: Action) -> Result<(), Error> {
        if cx.user_id() != Some(id) {
            return Core::require_system(cx, SystemResource::User, action);
        }
        if action.is_reading() { Ok(()) } else { Core::require_writer(cx) }
    }
}

fn required(field: &'static str, value: Option<String>) -> Result<String, Error> {
    value.ok_or_else(|| Error::Invalid { field, reason: "it must be given".to_owned() })
}

fn check(new: harbor::UserCreationReq) -> Result<Checked, Error> {
    let username: UserName = required("username", new.username)?
        .parse()
        .map_err(|error: types::name::NameError| Error::InvalidName(error.to_string()))?;
    let email = required("email", new.email)?;
    let realname = required("realname", new.realname)?;
    let comment = new.comment.unwrap_or_default();
    check_profile(Some(&email), &realname, &comment)?;
    let password = new.password.unwrap_or_else(|| Secret::new(String::new()));
    check_password(&password)?;
    Ok(Checked { username, email, realname, comment, password })
}

fn invalid(field: &'static str, error: validate::FieldError) -> Error {
    Error::Invalid { field, reason: error.to_string() }
}

fn check_profile(email: Option<&str>, realname: &str, comment: &str) -> Result<(), Error> {
    email.map_or(Ok(()), validate::email).map_err(|error| invalid("email", error))?;
    validate::realname(realname).map_err(|error| invalid("realname", error))?;
    validate::comment(comment).map_err(|error| invalid("comment", error))
}

fn check_password(password: &Secret<String>) -> Result<(), Error> {
    validate::password(password.expose())
        .map_err(|error| Error::Invalid { field: "password", reason: error.to_string() })
}

fn taken(error: db::Error) -> Error {
    match error {
        db::Error::AlreadyExists(_) => already_taken(),
        error => error.into(),
    }
}

fn already_taken() -> Error {
    Error::AlreadyExists("a user with this name or e-mail address".to_owned())
}

fn act(operation: &'static str, resource: String) -> Act {
    Act { operation, resource_type: "user", resource, project_id: None }
}

fn show(row: User) -> harbor::UserResp {
    harbor::UserResp {
        email: row.email.unwrap_or_default(),
        realname: row.realname,
        comment: row.comment,
        user_id: row.id,
        username: row.username,
        sysadmin_flag: row.is_admin,
        admin_role_in_auth: false,
        creation_time: time(row.created_at),
        update_time: time(row.updated_at),
    }
}
