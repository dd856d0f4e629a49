//! Creating, changing and deleting spaces.

use entity::space;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter,
};
use serde_json::Value;
use uuid::Uuid;

use super::{access::get_owned, rules};
use crate::{
    app::{App, Change},
    domain::{UnitOfWork, User, accounts::lock_account, conversations},
    error::{Error, Result},
    text::fields,
};

/// Input of a new space.
#[derive(Clone, Debug, Default)]
pub struct NewSpace {
    /// 1 to 100 characters.
    pub name: String,
    /// Maximum 5000 characters; default empty.
    pub description: Option<String>,
    /// A slug; default `other`.
    pub category: Option<String>,
    /// Maximum 20; default none.
    pub tags: Option<Vec<String>>,
    /// Configuration of the app, an object of maximum 64 KiB; default `{}`.
    pub definition: Option<Value>,
    /// Whether everyone may see it; default `true`.
    pub is_public: Option<bool>,
}

/// Changes of a space; `None` keeps a value, `Some(None)` restores its default.
#[derive(Clone, Debug, Default)]
pub struct SpaceChange {
    /// 1 to 100 characters.
    pub name: Option<String>,
    /// Maximum 5000 characters.
    pub description: Option<String>,
    /// A slug.
    pub category: Option<Option<String>>,
    /// Maximum 20.
    pub tags: Option<Vec<String>>,
    /// Replaces the configuration of the app.
    pub definition: Option<Option<Value>>,
    /// Whether everyone may see it.
    pub is_public: Option<bool>,
}

/// Maximum number of spaces of an account.
const MAX_SPACES: u64 = 200;

/// Creates a space owned by the actor.
///
/// # Errors
/// [`Error::Invalid`], [`Error::Conflict`] above 200 spaces.
pub async fn create(app: &App, actor: &User, new: NewSpace) -> Result<space::Model> {
    let name = rules::NAME.check(&new.name)?;
    let tx = app.begin(actor).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    lock_account(&tx, &actor.id).await?.ok_or(Error::Unauthenticated)?;
    let owned = space::Entity::find().filter(space::Column::OwnerId.eq(&actor.id)).count(&tx).await?;
    if owned >= MAX_SPACES {
        return Err(Error::Conflict(format!("An account can have {MAX_SPACES} spaces; delete one first")));
    }
    let now = app.clock.now();
    let space = space::ActiveModel {
        id: Set(app.new_id()?),
        owner_id: Set(actor.id.clone()),
        name_fold: Set(fields::search_fold(&name)),
        name: Set(name),
        description: Set(rules::DESCRIPTION.check(&new.description.unwrap_or_default())?),
        category: Set(rules::category(new.category)?),
        tags: Set(rules::tags(new.tags.unwrap_or_default())?),
        definition: Set(rules::definition(new.definition)?),
        is_public: Set(new.is_public.unwrap_or(true)),
        created_at: Set(now),
        updated_at: Set(now),
    };
    let space = space.insert(&tx).await?;
    tx.commit(space).await
}

/// Changes a space of the actor's, all or nothing.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Invalid`], in this order.
pub async fn update(app: &App, actor: &User, id: Uuid, change: SpaceChange) -> Result<space::Model> {
    let tx = app.begin(actor).await?;
    let mut space = get_owned(&tx, actor, id).await?.into_active_model();
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    if let Some(name) = change.name {
        let name = rules::NAME.check(&name)?;
        space.name_fold = Set(fields::search_fold(&name));
        space.name = Set(name);
    }
    if let Some(description) = change.description {
        space.description = Set(rules::DESCRIPTION.check(&description)?);
    }
    if let Some(category) = change.category {
        space.category = Set(rules::category(category)?);
    }
    if let Some(tags) = change.tags {
        space.tags = Set(rules::tags(tags)?);
    }
    if let Some(definition) = change.definition {
        space.definition = Set(rules::definition(definition)?);
    }
    if let Some(is_public) = change.is_public {
        space.is_public = Set(is_public);
    }
    if !space.is_changed() {
        return Err(Error::invalid("input", "No fields to update"));
    }
    space.updated_at = Set(app.clock.now());
    let hidden = !space.is_public.as_ref();
    let space = space.update(&tx).await?;
    let chats = if hidden { conversations::list_of_space(&tx, space.id).await? } else { Vec::new() };
    revalidate_access(&tx, chats);
    tx.commit(space).await
}

/// Deletes a space of the actor's with all its sessions.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`].
pub async fn delete(app: &App, actor: &User, id: Uuid) -> Result<()> {
    let tx = app.begin(actor).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let space = get_owned(&tx, actor, id).await?;
    let chats = conversations::list_of_space(&tx, space.id).await?;
    space::Entity::delete_by_id(space.id).exec(&tx).await?;
    revalidate_access(&tx, chats);
    tx.commit(()).await
}

/// Maximum number of conversations of one notification.
const CHUNK: usize = 100;

/// After commit, revalidates the subscriptions to these conversations.
fn revalidate_access(tx: &UnitOfWork, chats: Vec<Uuid>) {
    tx.publish(chats.chunks(CHUNK).map(|chats| Change::Readers(chats.to_vec())).collect::<Vec<_>>());
}
