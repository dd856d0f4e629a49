//! Making, changing and deleting spaces.

use entity::space;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel};
use serde_json::Value;
use uuid::Uuid;

use super::{access::get_owned, rules};
use crate::{
    app::App,
    domain::{Error, Result, User, Write, conversations, text},
};

/// A space to be made.
#[derive(Clone, Debug, Default)]
pub struct NewSpace {
    /// 1 to 100 characters.
    pub name: String,
    /// Empty unless given.
    pub description: Option<String>,
    /// `other` unless given.
    pub category: Option<String>,
    /// None unless given.
    pub tags: Option<Vec<String>>,
    /// `{}` unless given.
    pub definition: Option<Value>,
    /// True unless given.
    pub is_public: Option<bool>,
}

/// What of a space changes; `None` leaves it.
#[derive(Clone, Debug, Default)]
pub struct SpaceChange {
    /// 1 to 100 characters.
    pub name: Option<String>,
    /// At most 5000 characters.
    pub description: Option<String>,
    /// A slug.
    pub category: Option<String>,
    /// At most 20.
    pub tags: Option<Vec<String>>,
    /// The whole configuration.
    pub definition: Option<Value>,
    /// Whether everybody may see it.
    pub is_public: Option<bool>,
}

/// Makes a space that the actor owns.
///
/// # Errors
/// [`Error::Invalid`].
pub async fn create(app: &App, actor: &User, new: NewSpace) -> Result<space::Model> {
    let name = rules::name(&new.name)?;
    let tx = app.begin(actor).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let now = app.clock.now();
    let space = space::ActiveModel {
        id: Set(app.new_id()?),
        owner_id: Set(actor.id.clone()),
        name_fold: Set(text::search_fold(&name)),
        name: Set(name),
        description: Set(rules::description(new.description.unwrap_or_default())?),
        category: Set(text::slug("category", new.category.as_deref().unwrap_or("other"))?),
        tags: Set(rules::tags(new.tags.unwrap_or_default())?),
        definition: Set(rules::definition(
            new.definition.unwrap_or_else(|| Value::Object(Default::default())),
        )?),
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
        let name = rules::name(&name)?;
        space.name_fold = Set(text::search_fold(&name));
        space.name = Set(name);
    }
    if let Some(description) = change.description {
        space.description = Set(rules::description(description)?);
    }
    if let Some(category) = change.category {
        space.category = Set(text::slug("category", &category)?);
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
    doubt(&tx, chats);
    tx.commit(space).await
}

/// Deletes a space of the actor's and all its sessions.
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
    doubt(&tx, chats);
    tx.commit(()).await
}

/// Once it is committed, those who listen to these chats ask again whether they may.
fn doubt(tx: &Write, chats: Vec<Uuid>) {
    tx.after(|app| chats.into_iter().for_each(|chat| app.conversations.doubt(chat)));
}
