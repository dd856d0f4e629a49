//! Reactions: emoji on messages.

use entity::{conversation_event::Kind, reaction};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, Order, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, OnConflict, Query},
};
use uuid::Uuid;

use super::{
    MessageRow,
    access::Permission,
    locked_message::{LockedMessage, finish, lock_message},
};
use crate::{
    app::App,
    domain::User,
    error::{Error, Result},
    text::fields,
};

/// Maximum length of an emoji, in bytes.
const MAX_EMOJI_BYTES: usize = 80;
/// Maximum number of different emoji on a message.
pub const REACTIONS: u32 = 20;
/// Maximum number of users listed for an emoji on a message.
pub const REACTORS: u32 = 20;

/// Number of reactions with one emoji on a message.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct ReactionCount {
    /// The message.
    pub message_id: Uuid,
    /// The emoji.
    pub emoji: String,
    /// Number of users.
    pub count: i64,
}

/// Adds the actor's reaction to a message; idempotent.
///
/// # Errors
/// [`Error::Invalid`] unless it is a single emoji, [`Error::NotFound`], the refusal to post there, and
/// [`Error::Conflict`] for a new emoji on a message that has 20 others.
pub async fn add_reaction(app: &App, actor: &User, id: Uuid, emoji: &str) -> Result<MessageRow> {
    let emoji = check(emoji)?;
    let tx = app.begin(actor).await?;
    let held = lock_message(app, &tx, actor, id, Permission::Post).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let LockedMessage { advanced, row, .. } = held.undeleted()?;
    check_room(&tx, id, &emoji).await?;
    app.post_limiter.count(&actor.id, advanced.conversation.id)?;
    let new = reaction::ActiveModel {
        message_id: Set(id),
        emoji: Set(emoji),
        user_id: Set(actor.id.clone()),
        created_at: Set(advanced.at),
    };
    let made = reaction::Entity::insert(new)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(&tx)
        .await?;
    // No change, no event: the sequence number is rolled back with the transaction.
    if made == 0 { Ok(row) } else { finish(tx, &advanced, Kind::MessageReacted, row).await }
}

/// Removes the actor's reaction from a message; idempotent.
///
/// # Errors
/// [`Error::Invalid`], [`Error::NotFound`].
pub async fn remove_reaction(app: &App, actor: &User, id: Uuid, emoji: &str) -> Result<MessageRow> {
    // Reactions stored before emoji were validated can be removed in their stored spelling.
    let emoji = check(emoji).or_else(|_| fields::required("emoji", emoji, 20, "emoji must be one emoji"))?;
    let tx = app.begin(actor).await?;
    let held = lock_message(app, &tx, actor, id, Permission::Read).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let LockedMessage { advanced, row, .. } = held.undeleted()?;
    let gone = reaction::Entity::delete_by_id((id, emoji, actor.id.clone())).exec(&tx).await?;
    if gone.rows_affected == 0 { Ok(row) } else { finish(tx, &advanced, Kind::MessageReacted, row).await }
}

/// Refuses a new emoji on a message with the maximum number of them. The conversation's lock orders concurrent reactions.
async fn check_room(tx: &impl ConnectionTrait, message: Uuid, emoji: &str) -> Result<()> {
    use reaction::Column;
    let of_message = || reaction::Entity::find().filter(Column::MessageId.eq(message));
    if of_message().filter(Column::Emoji.eq(emoji)).one(tx).await?.is_some() {
        return Ok(());
    }
    let kinds = of_message().select_only().column(Column::Emoji).distinct().limit(u64::from(REACTIONS));
    let kinds: Vec<String> = kinds.into_tuple().all(tx).await?;
    if kinds.len() >= REACTIONS as usize {
        return Err(Error::Conflict(format!("A message has at most {REACTIONS} different reactions")));
    }
    Ok(())
}

/// Returns the reaction counts of messages, highest first; at most 20 of each message.
///
/// # Errors
/// [`Error::Internal`].
pub async fn list_reactions(app: &App, messages: &[Uuid]) -> Result<Vec<ReactionCount>> {
    use reaction::Column;
    let counted = reaction::Entity::find()
        .select_only()
        .column(Column::MessageId)
        .column(Column::Emoji)
        .column_as(Expr::col(Column::UserId).count(), "count")
        .expr_as(
            Expr::cust(
                "ROW_NUMBER() OVER (PARTITION BY message_id ORDER BY COUNT(user_id) DESC, MIN(created_at), emoji)",
            ),
            "place",
        )
        .filter(Column::MessageId.is_in(messages.iter().copied()))
        .group_by(Column::MessageId)
        .group_by(Column::Emoji)
        .into_query();
    let first = Query::select()
        .columns(["message_id", "emoji", "count"])
        .from_subquery(counted, "counted")
        .and_where(Expr::col("place").lte(i64::from(REACTIONS)))
        .order_by("place", Order::Asc)
        .take();
    let db = app.db.read();
    let rows = db.query_all_raw(db.get_database_backend().build(&first)).await?;
    Ok(rows.iter().map(|row| ReactionCount::from_query_result(row, "")).collect::<Result<_, _>>()?)
}

/// Returns the actor's reactions on messages.
///
/// # Errors
/// [`Error::Internal`].
pub async fn list_own_reactions(app: &App, actor: &str, messages: &[Uuid]) -> Result<Vec<(Uuid, String)>> {
    let rows = reaction::Entity::find()
        .filter(reaction::Column::MessageId.is_in(messages.iter().copied()))
        .filter(reaction::Column::UserId.eq(actor))
        .all(app.db.read())
        .await?;
    Ok(rows.into_iter().map(|row| (row.message_id, row.emoji)).collect())
}

/// Returns the first users who reacted to messages, by message, emoji and time; at most 20 of each emoji.
///
/// # Errors
/// [`Error::Internal`].
pub async fn list_reactors(app: &App, messages: &[Uuid]) -> Result<Vec<reaction::Model>> {
    use reaction::Column;
    let placed = reaction::Entity::find()
        .expr_as(
            Expr::cust("ROW_NUMBER() OVER (PARTITION BY message_id, emoji ORDER BY created_at, user_id)"),
            "place",
        )
        .filter(Column::MessageId.is_in(messages.iter().copied()))
        .into_query();
    let first = Query::select()
        .columns(["message_id", "emoji", "user_id", "created_at"])
        .from_subquery(placed, "placed")
        .and_where(Expr::col("place").lte(i64::from(REACTORS)))
        .order_by("place", Order::Asc)
        .take();
    let db = app.db.read();
    let rows = db.query_all_raw(db.get_database_backend().build(&first)).await?;
    Ok(rows.iter().map(|row| reaction::Model::from_query_result(row, "")).collect::<Result<_, _>>()?)
}

/// Deletes all reactions of a message.
pub(super) async fn clear(tx: &impl ConnectionTrait, message: Uuid) -> Result<()> {
    reaction::Entity::delete_many().filter(reaction::Column::MessageId.eq(message)).exec(tx).await?;
    Ok(())
}

/// Normalizes an emoji to its stored spelling: with the variation selector where Unicode recommends it.
fn check(emoji: &str) -> Result<String> {
    const REFUSAL: &str = "emoji must be one emoji";
    let emoji = emoji.trim();
    if emoji.len() > MAX_EMOJI_BYTES {
        return Err(Error::invalid("emoji", REFUSAL));
    }
    let found = emojis::get(emoji).or_else(|| {
        // A superfluous variation selector, or that of the text form, does not make another emoji.
        let bare: String =
            emoji.chars().filter(|character| !matches!(character, '\u{fe0e}' | '\u{fe0f}')).collect();
        emojis::get(&bare)
    });
    found.map(|emoji| emoji.as_str().to_owned()).ok_or_else(|| Error::invalid("emoji", REFUSAL))
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn one_emoji_has_one_spelling() {
        for emoji in ["👍", "❤️", "👩‍👩‍👧", "🇨🇭", "👍🏽", "1️⃣", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "👨🏻‍❤️‍💋‍👨🏿"]
        {
            assert_eq!(check(emoji).unwrap(), emoji);
        }
        for (spelling, emoji) in [
            ("\u{2764}", "❤️"),
            (" ☹ ", "☹️"),
            ("👍\u{fe0f}", "👍"),
            ("❤\u{fe0e}", "❤️"),
            ("1\u{20e3}", "1️⃣"),
            ("🏳\u{200d}🌈", "🏳️\u{200d}🌈"),
            ("👁\u{200d}🗨", "👁️\u{200d}🗨️"),
        ] {
            assert_eq!(check(spelling).unwrap(), emoji, "{spelling:?}");
        }
        for other in [
            "",
            "a",
            "7",
            "#",
            "👍👍",
            "ok",
            "é",
            "漢",
            "<b>",
            "\u{fe0f}",
            "\u{200d}",
            "🇨",
            "👍\u{200d}",
            "👍a",
            "\u{3164}",
            "™a",
            "🏽🏽",
            "👩\u{200d}👍\u{200d}🇨🇭",
            "\u{202e}👍",
            "☺\u{301}",
        ] {
            assert!(check(other).is_err(), "{other:?}");
        }
    }
}
