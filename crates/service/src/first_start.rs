//! What the first start makes: `admin` (id 1) and the public project `library` (id 1), as Harbor (`harbor.md` §1.1).

use data_encoding::BASE32_NOPAD;
use db::query::{member, project, user};
use futures::FutureExt;
use types::{role::Role, secret::Secret};

use crate::{Error, core::Core, setting};

/// What a first start made that must be told once.
#[derive(Debug, Default)]
pub struct FirstStart {
    /// The random password of `admin`; kept nowhere else.
    pub admin_password: Option<Secret<String>>,
    /// Whether this was the first start.
    pub is_first: bool,
}

/// Makes what is missing; `now` in milliseconds since the epoch.
pub(crate) async fn prepare(core: &Core, now: i64) -> Result<FirstStart, Error> {
    if user::any(&core.db).await? {
        return Ok(FirstStart::default());
    }
    let (password, told) = if let Some(given) = &core.options.admin_password {
        (given.clone(), None)
    } else {
        let random = random_password()?;
        (random.clone(), Some(random))
    };
    let hash = core.passwords.hash(password).await?;
    let self_registration = core.options.self_registration;
    core.db
        .write(move |tx| {
            async move {
                let admin = user::NewUser {
                    username: "admin".to_owned(),
                    email: None,
                    realname: "system admin".to_owned(),
                    comment: "admin user".to_owned(),
                    password_hash: Some(hash),
                    is_admin: true,
                    now,
                };
                let admin = user::insert(tx, admin).await?;
                let library = project::insert(tx, "library".to_owned(), admin, true, now).await?;
                member::insert(tx, library, admin, Role::ProjectAdmin.id(), now).await?;
                setting::save_first(tx, self_registration, now).await?;
                Ok::<_, Error>(())
            }
            .boxed()
        })
        .await?;
    Ok(FirstStart { admin_password: told, is_first: true })
}

/// 20 characters from a 100-bit random number, with the upper case, lower case and digit that the rule wants.
pub(crate) fn random_password() -> Result<Secret<String>, Error> {
    let mut bytes = [0_u8; 13];
    aws_lc_rs::rand::fill(&mut bytes).map_err(Error::internal)?;
    let text = BASE32_NOPAD.encode(&bytes);
    let (first, rest) = text.split_at(10);
    Ok(Secret::new(format!("{first}{}-Aa1", rest.to_lowercase())))
}
