//! What customers think of how they were served.

use entity::{support_chat, support_episode};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait, sea_query::Expr,
};
use uuid::Uuid;

use super::{chats::hold, episodes};
use crate::{
    app::App,
    domain::{Error, Result, User, text},
};

/// What a customer gives an episode.
#[derive(Clone, Debug)]
pub struct Rating {
    /// 1 to 5.
    pub rating: i32,
    /// At most 1000 characters.
    pub comment: Option<String>,
    /// The episode's number; the newest unless given.
    pub episode: Option<i32>,
}

/// Rates an episode of a chat that is resolved, once. Its customer only.
///
/// # Errors
/// [`Error::NotFound`] to others and for the episode, [`Error::Invalid`], [`Error::Conflict`] where it is not resolved
/// or was rated before.
pub async fn rate(
    app: &App,
    actor: &User,
    conversation_id: Uuid,
    rating: Rating,
) -> Result<support_chat::Model> {
    let tx = app.begin(actor).await?;
    let chat = hold(&tx, conversation_id).await?.filter(|chat| chat.customer_id == actor.id);
    let chat = chat.ok_or(Error::NotFound("Conversation"))?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    if !(1..=5).contains(&rating.rating) {
        return Err(Error::invalid("rating", "rating must be 1-5"));
    }
    let comment = rating.comment.map(|comment| text::at_most("comment", comment, 1000)).transpose()?;
    let episode = support_episode::Entity::find()
        .filter(support_episode::Column::ChatId.eq(chat.id))
        .filter(support_episode::Column::Number.eq(rating.episode.unwrap_or(chat.episode)))
        .one(&tx)
        .await?;
    let mut episode = episode.ok_or(Error::NotFound("Episode"))?;
    if episode.resolved_at.is_none() {
        return Err(Error::Conflict("It can be rated once it is resolved".to_owned()));
    }
    if episode.rating.is_some() {
        return Err(Error::Conflict("It was rated before".to_owned()));
    }
    episode.rating = Some(rating.rating);
    episode.comment = comment.filter(|comment| !text::is_blank(comment));
    episode.rated_at = Some(app.clock.now());
    episodes::save(&tx, episode).await?;
    tx.commit(chat).await
}

/// Takes what an account that ends said to its ratings out of them; the numbers stay.
pub(in crate::domain) async fn forget(tx: &impl ConnectionTrait, actor: &User) -> Result<()> {
    let own = support_chat::Entity::find()
        .select_only()
        .column(support_chat::Column::Id)
        .filter(support_chat::Column::CustomerId.eq(&actor.id))
        .into_query();
    support_episode::Entity::update_many()
        .col_expr(support_episode::Column::Comment, Expr::val(None::<String>))
        .filter(support_episode::Column::ChatId.in_subquery(own))
        .filter(support_episode::Column::Comment.is_not_null())
        .exec(tx)
        .await?;
    Ok(())
}
