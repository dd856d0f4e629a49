//! What an account says of itself, and what its owner and operators may change.

use entity::{api_key, credential, idempotency_key, space, user};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{LockType, OnConflict},
};

use super::identity::forget;
use super::{Identity, Passwords, Proof, login_sessions::end_all};
use crate::{
    app::App,
    domain::{
        Begun, Error, Result, User,
        audit::{self, Action, Deed},
        blocks,
        communities::leave_all,
        lounges, reports, text, verification,
    },
};

/// What an owner changes of their account; `None` leaves it.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    /// The name that others see.
    pub name: Option<String>,
    /// URL of a picture; `Some(None)` takes it away.
    pub image: Option<Option<String>>,
}

/// Changes the actor's name or picture.
///
/// # Errors
/// [`Error::Invalid`].
pub async fn update_profile(app: &App, actor: &User, profile: Profile) -> Result<User> {
    let mut user = user::ActiveModel { id: Set(actor.id.clone()), ..Default::default() };
    if let Some(name) = profile.name {
        user.name = Set(text::name("name", &name, 100, "Name must be 1-100 characters")?);
    }
    if let Some(image) = profile.image {
        user.image = Set(image.map(|image| text::picture_url("image", &image)).transpose()?);
    }
    user.updated_at = Set(app.clock.second());
    let tx = match app.begin(actor).await? {
        Begun::New(tx) => tx,
        Begun::Again(done) => return Ok(done),
    };
    let user = user.update(&tx).await?;
    forget(&tx, &actor.id);
    tx.commit(user).await
}

/// Changes the actor's password and ends all their other sign-ins.
///
/// # Errors
/// [`Error::Invalid`] when the old one is wrong or the new one too short.
pub async fn change_password(app: &App, identity: &Identity, old: String, new: String) -> Result<()> {
    Passwords::check("newPassword", &new)?;
    prove(app, &identity.user, old, "currentPassword").await?;
    let here = match &identity.proof {
        Proof::Session(session) => Some(session.id),
        Proof::Key(_) => None,
    };
    set_password(app, &identity.user, new, here, None).await
}

/// Sets a password without asking for the old one and ends all sign-ins: for operators.
///
/// # Errors
/// [`Error::Invalid`] when it is too short.
pub async fn reset_password(app: &App, user: &User, new: String) -> Result<()> {
    Passwords::check("password", &new)?;
    let deed = Deed::of_operator(Action::PasswordReset).to(user.id.as_str());
    set_password(app, user, new, None, Some(deed)).await
}

async fn set_password(
    app: &App,
    user: &User,
    new: String,
    but: Option<uuid::Uuid>,
    deed: Option<Deed<'_>>,
) -> Result<()> {
    let password_hash = app.passwords.hash(new).await?;
    let tx = app.begin_apart().await?;
    let credential = credential::ActiveModel {
        user_id: Set(user.id.clone()),
        password_hash: Set(password_hash),
        updated_at: Set(app.clock.second()),
    };
    credential::Entity::insert(credential)
        .on_conflict(
            OnConflict::column(credential::Column::UserId)
                .update_columns([credential::Column::PasswordHash, credential::Column::UpdatedAt])
                .to_owned(),
        )
        .exec_without_returning(&tx)
        .await?;
    end_all(&tx, &user.id, but).await?;
    if let Some(deed) = deed {
        audit::record(app, &tx, deed).await?;
    }
    forget(&tx, &user.id);
    tx.commit(()).await
}

/// Deletes the actor's account: personal data, sign-ins, keys and own spaces go at once, own communities are closed
/// and the others left; the bare row stays for what refers to it.
///
/// # Errors
/// [`Error::Invalid`] when the password is wrong.
pub async fn delete_account(app: &App, actor: &User, password: String) -> Result<()> {
    prove(app, actor, password, "password").await?;
    let tx = app.begin_apart().await?;
    // Whoever lets them in somewhere waits for this, or this waits for them; what merely refers to them does not.
    user::Entity::find_by_id(&actor.id).lock(LockType::NoKeyUpdate).one(&tx).await?;
    end_all(&tx, &actor.id, None).await?;
    api_key::Entity::delete_many().filter(api_key::Column::UserId.eq(&actor.id)).exec(&tx).await?;
    // What their requests came to holds personal data too.
    idempotency_key::Entity::delete_many()
        .filter(idempotency_key::Column::ActorId.eq(&actor.id))
        .exec(&tx)
        .await?;
    credential::Entity::delete_by_id(&actor.id).exec(&tx).await?;
    space::Entity::delete_many().filter(space::Column::OwnerId.eq(&actor.id)).exec(&tx).await?;
    leave_all(app, &tx, actor).await?;
    lounges::withdraw_all(app, &tx, &actor.id).await?;
    reports::forget(&tx, actor).await?;
    blocks::forget(&tx, actor).await?;
    verification::forget(&tx, actor).await?;
    let now = app.clock.second();
    let nobody = format!("{}@deleted.invalid", actor.id);
    let mut user = actor.clone().into_active_model();
    user.email = Set(nobody.clone());
    user.email_fold = Set(text::fold(&nobody));
    user.email_verified = Set(false);
    user.name = Set("Deleted user".to_owned());
    user.image = Set(None);
    user.is_admin = Set(false);
    user.deleted_at = Set(Some(now));
    user.updated_at = Set(now);
    user.update(&tx).await?;
    tx.after(|app| {
        app.voices_due.notify_one();
        app.tending.notify_one();
    });
    forget(&tx, &actor.id);
    tx.commit(()).await
}

/// Finds an account by its address, however it is written.
///
/// # Errors
/// [`Error::Internal`].
pub async fn find_user_by_email(app: &App, email: &str) -> Result<Option<User>> {
    Ok(user::Entity::find()
        .filter(user::Column::EmailFold.eq(text::fold(email.trim())))
        .one(app.db.read())
        .await?)
}

/// All accounts, oldest first: for operators.
///
/// # Errors
/// [`Error::Internal`].
pub async fn list_users(app: &App) -> Result<Vec<User>> {
    Ok(user::Entity::find()
        .filter(user::Column::DeletedAt.is_null())
        .order_by_asc(user::Column::CreatedAt)
        .order_by_asc(user::Column::Id)
        .all(app.db.read())
        .await?)
}

/// Asks for the password once more before something that cannot be undone.
async fn prove(app: &App, user: &User, password: String, field: &'static str) -> Result<()> {
    app.attempts.count(None, &user.email_fold)?;
    let credential = credential::Entity::find_by_id(&user.id).one(app.db.read()).await?;
    let hash = credential.map(|credential| credential.password_hash);
    if app.passwords.verify(password, hash).await? {
        Ok(())
    } else {
        Err(Error::invalid(field, "The password is wrong"))
    }
}
