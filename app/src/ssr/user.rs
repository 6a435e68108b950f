//! What the pages of accounts need from their service.

use super::{context, session};
use crate::{
    error::AppError,
    pages::{account, register},
    view::{NewUser, PasswordOutcome, RegisterOutcome},
};
use service::Error;
use types::{
    harbor::user::{PasswordReq, UserCreationReq, UserProfile},
    secret::Secret,
    ui_error::UiError,
};

impl From<NewUser> for UserCreationReq {
    fn from(new: NewUser) -> Self {
        Self {
            username: Some(new.username),
            email: Some(new.email),
            realname: Some(new.realname),
            comment: None,
            password: Some(Secret::new(new.password)),
        }
    }
}

/// Makes an account for whoever asks, and begins a session with it.
///
/// Errors: whatever is no refusal of this account.
pub async fn register(new: NewUser) -> Result<RegisterOutcome, AppError> {
    let (cx, services) = context()?;
    let (username, password) = (new.username.clone(), new.password.clone());
    match services.users.register(&cx, new.into()).await {
        Ok(_) => {}
        Err(Error::Forbidden(_)) => return Ok(RegisterOutcome::Off),
        Err(Error::AlreadyExists(_)) => return Ok(RegisterOutcome::Taken),
        Err(Error::Invalid { .. } | Error::InvalidName(_)) => return Ok(RegisterOutcome::Invalid),
        Err(Error::RateLimited { retry_after_secs }) => {
            return Ok(RegisterOutcome::RateLimited { retry_after_secs });
        }
        Err(error) => return Err(error.into()),
    }
    // whose password can't be tried at once is asked for it where this leads
    session::start(&username, password).await?;
    Ok(RegisterOutcome::Registered)
}

/// Sends the browser on after an attempt to make an account.
pub fn go_on(outcome: RegisterOutcome) {
    if outcome == RegisterOutcome::Registered || session::is_plain_form() {
        leptos_axum::redirect(&register::address_after(outcome));
    }
}

/// Changes what one's own account says about its owner.
///
/// Errors: `SignIn`, and those of the service.
pub async fn update_own(realname: String, email: String, comment: String) -> Result<(), AppError> {
    let (cx, services) = context()?;
    let id = cx.user_id().ok_or(UiError::SignIn)?;
    // the first administrator may have no address, and need not have one
    let email = Some(email).filter(|email| !email.is_empty());
    let profile = UserProfile { realname: Some(realname), email, comment: Some(comment) };
    Ok(services.users.update(&cx, id, profile).await?)
}

/// Replaces one's own password, and begins a new session in place of the one that ends by it.
///
/// Errors: `SignIn`, and whatever is no refusal of these passwords.
pub async fn set_own_password(old: String, new: String) -> Result<PasswordOutcome, AppError> {
    let (cx, services) = context()?;
    let user = services.users.current(&cx).await?;
    let request =
        PasswordReq { old_password: Some(Secret::new(old)), new_password: Some(Secret::new(new.clone())) };
    match services.users.set_password(&cx, user.user_id, request).await {
        Ok(()) => {}
        Err(Error::Forbidden(_)) => return Ok(PasswordOutcome::WrongOld),
        Err(Error::Invalid { field: "new_password", .. }) => return Ok(PasswordOutcome::Same),
        Err(Error::Invalid { .. }) => return Ok(PasswordOutcome::Invalid),
        Err(Error::RateLimited { retry_after_secs }) => {
            return Ok(PasswordOutcome::RateLimited { retry_after_secs });
        }
        Err(error) => return Err(error.into()),
    }
    session::start(&user.username, new).await?;
    Ok(PasswordOutcome::Changed)
}

/// Sends a browser without scripting back to the account after an attempt to change the password.
pub fn go_back(outcome: PasswordOutcome) {
    if session::is_plain_form() {
        leptos_axum::redirect(&account::address_after(outcome));
    }
}

/// Makes an account, for administrators.
///
/// Errors: those of the service.
pub async fn create(new: NewUser, is_admin: bool) -> Result<(), AppError> {
    let (cx, services) = context()?;
    let id = services.users.create(&cx, new.into()).await?;
    if is_admin {
        services.users.set_admin(&cx, id, true).await?;
    }
    Ok(())
}

/// Gives somebody's account a new password, for administrators.
///
/// Errors: those of the service.
pub async fn set_password(id: i64, password: String) -> Result<(), AppError> {
    let (cx, services) = context()?;
    let request = PasswordReq { old_password: None, new_password: Some(Secret::new(password)) };
    Ok(services.users.set_password(&cx, id, request).await?)
}
