//! Customers' ratings of support episodes.

use entity::{support_chat, support_episode};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait, sea_query::Expr,
};
use uuid::Uuid;

use super::{chats::lock, episodes};
use crate::{
    app::App,
    domain::{User, communities},
    error::{Error, Result},
    text::fields,
};

/// Rating of an episode.
#[derive(Clone, Debug)]
pub struct Rating {
    /// Score, 1 to 5.
    pub rating: i32,
    /// Maximum 1000 characters.
    pub comment: Option<String>,
    /// Number of the episode; default: the newest.
    pub episode: Option<i32>,
}

/// Rates a resolved episode, once. Customer only.
///
/// # Errors
/// [`Error::NotFound`] for others and for the episode, [`Error::Invalid`], [`Error::Conflict`] if the
/// episode is not resolved or is rated already, [`Error::MemberBanned`] for a banned customer.
pub async fn rate(
    app: &App,
    actor: &User,
    conversation_id: Uuid,
    rating: Rating,
) -> Result<support_chat::Model> {
    let tx = app.begin(actor).await?;
    let chat = lock(&tx, conversation_id).await?.filter(|chat| chat.customer_id == actor.id);
    let chat = chat.ok_or(Error::NotFound("Conversation"))?;
    communities::refuse_banned(app, &tx, chat.community_id, &actor.id).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    if !(1..=5).contains(&rating.rating) {
        return Err(Error::invalid("rating", "rating must be 1-5"));
    }
    let comment = rating.comment.map(|comment| fields::at_most("comment", comment, 1000)).transpose()?;
    let episode = support_episode::Entity::find()
        .filter(support_episode::Column::ChatId.eq(chat.id))
        .filter(support_episode::Column::Number.eq(rating.episode.unwrap_or(chat.episode)))
        .one(&tx)
        .await?;
    let mut episode = episode.ok_or(Error::NotFound("Episode"))?;
    if episode.resolved_at.is_none() {
        return Err(Error::Conflict("A chat can be rated after it is resolved".to_owned()));
    }
    if episode.rating.is_some() {
        return Err(Error::Conflict("The chat is already rated".to_owned()));
    }
    episode.rating = Some(rating.rating);
    episode.comment = comment.filter(|comment| !fields::is_blank(comment));
    episode.rated_at = Some(app.clock.now());
    episodes::save(&tx, episode).await?;
    tx.commit(chat).await
}

/// Deletes the rating comments of an account that is being deleted; scores stay.
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
