//! Accounts: one's own, and everybody's for administrators.

use crate::{
    error::AppError,
    listing::Listing,
    view::{Account, NewUser, PasswordOutcome, RegisterOutcome, UserList},
};
use leptos::prelude::*;

/// Makes an account for whoever asks, and signs in with it.
#[server(prefix = "/ui-fn", endpoint = "user/register")]
pub async fn register_user(new: NewUser) -> Result<RegisterOutcome, AppError> {
    let outcome = crate::ssr::user::register(new).await?;
    crate::ssr::user::go_on(outcome);
    Ok(outcome)
}

/// Gets one's own account.
#[server(prefix = "/ui-fn", endpoint = "user/current")]
pub async fn get_account() -> Result<Account, AppError> {
    let (cx, services) = crate::ssr::context()?;
    Ok(services.users.current(&cx).await?.into())
}

/// Changes what one's own account says about its owner.
#[server(prefix = "/ui-fn", endpoint = "user/update_current")]
pub async fn update_account(realname: String, email: String, comment: String) -> Result<(), AppError> {
    crate::ssr::user::update_own(realname, email, comment).await?;
    crate::ssr::stay();
    Ok(())
}

/// Replaces one's own password; every other session of the account ends.
#[server(prefix = "/ui-fn", endpoint = "user/update_own_password")]
pub async fn update_own_password(old: String, new: String) -> Result<PasswordOutcome, AppError> {
    let outcome = crate::ssr::user::set_own_password(old, new).await?;
    crate::ssr::user::go_back(outcome);
    Ok(outcome)
}

/// Lists one page of the accounts, by name.
#[server(prefix = "/ui-fn", endpoint = "user/list")]
pub async fn list_users(listing: Listing) -> Result<UserList, AppError> {
    let (cx, services) = crate::ssr::context()?;
    let query = crate::ssr::list_query(&listing, "username", "username");
    let users = services.users.list(&cx, &query).await?;
    Ok(UserList { as_of: cx.now, users: users.map(Into::into) })
}

/// Makes an account, which may administer the system.
#[server(prefix = "/ui-fn", endpoint = "user/create")]
pub async fn create_user(new: NewUser, is_admin: Option<bool>) -> Result<(), AppError> {
    crate::ssr::user::create(new, is_admin.unwrap_or_default()).await?;
    crate::ssr::stay();
    Ok(())
}

/// Makes an account an administrator's, or no longer.
#[server(prefix = "/ui-fn", endpoint = "user/set_admin")]
pub async fn set_user_admin(id: i64, is_admin: bool) -> Result<(), AppError> {
    let (cx, services) = crate::ssr::context()?;
    services.users.set_admin(&cx, id, is_admin).await?;
    crate::ssr::stay();
    Ok(())
}

/// Gives somebody's account a new password.
#[server(prefix = "/ui-fn", endpoint = "user/set_password")]
pub async fn set_user_password(id: i64, password: String) -> Result<(), AppError> {
    crate::ssr::user::set_password(id, password).await?;
    crate::ssr::stay();
    Ok(())
}

/// Removes somebody's account.
#[server(prefix = "/ui-fn", endpoint = "user/delete")]
pub async fn delete_user(id: i64) -> Result<(), AppError> {
    let (cx, services) = crate::ssr::context()?;
    services.users.delete(&cx, id).await?;
    crate::ssr::stay();
    Ok(())
}
