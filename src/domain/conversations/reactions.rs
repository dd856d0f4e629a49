//! Emoji that people put on messages.

use entity::{conversation_event::Kind, reaction};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use uuid::Uuid;

use super::{
    MessageRow,
    access::Intent,
    edit::{Held, finish, hold},
};
use crate::{
    app::App,
    domain::{Error, Result, User, text},
};

/// The most bytes of an emoji.
const LONGEST: usize = 80;

/// How often one emoji stands on a message.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct ReactionCount {
    /// On which message.
    pub message_id: Uuid,
    /// Which emoji.
    pub emoji: String,
    /// How often.
    pub count: i64,
}

/// Puts an emoji on a message. Twice is once.
///
/// # Errors
/// [`Error::Invalid`] for what is no single emoji, [`Error::NotFound`], and why the actor may not speak there.
pub async fn add_reaction(app: &App, actor: &User, id: Uuid, emoji: &str) -> Result<MessageRow> {
    let emoji = check(emoji)?;
    let tx = app.begin(actor).await?;
    let held = hold(app, &tx, actor, id, Intent::Speak).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let Held { advanced, row, .. } = held.undeleted()?;
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
    // What changed nothing is no event; the number taken goes with the transaction.
    if made == 0 { Ok(row) } else { finish(tx, &advanced, Kind::MessageReacted, row).await }
}

/// Takes one's emoji back from a message. One that is not there stays away.
///
/// # Errors
/// [`Error::Invalid`], [`Error::NotFound`].
pub async fn remove_reaction(app: &App, actor: &User, id: Uuid, emoji: &str) -> Result<MessageRow> {
    // What was kept before there was a list of emoji can be taken back as it was written.
    let emoji = check(emoji).or_else(|_| text::required("emoji", emoji, 20, "emoji must be one emoji"))?;
    let tx = app.begin(actor).await?;
    let held = hold(app, &tx, actor, id, Intent::Read).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let Held { advanced, row, .. } = held.undeleted()?;
    let gone = reaction::Entity::delete_by_id((id, emoji, actor.id.clone())).exec(&tx).await?;
    if gone.rows_affected == 0 { Ok(row) } else { finish(tx, &advanced, Kind::MessageReacted, row).await }
}

/// How often each emoji stands on these messages, most often first.
///
/// # Errors
/// [`Error::Internal`].
pub async fn list_reactions(app: &App, messages: &[Uuid]) -> Result<Vec<ReactionCount>> {
    use reaction::Column;
    Ok(reaction::Entity::find()
        .select_only()
        .column(Column::MessageId)
        .column(Column::Emoji)
        .column_as(Expr::col(Column::UserId).count(), "count")
        .filter(Column::MessageId.is_in(messages.iter().copied()))
        .group_by(Column::MessageId)
        .group_by(Column::Emoji)
        .order_by_desc(Expr::col(Column::UserId).count())
        .order_by_asc(Expr::col(Column::CreatedAt).min())
        .order_by_asc(Column::Emoji)
        .into_model()
        .all(app.db.read())
        .await?)
}

/// The actor's own emoji on these messages.
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

/// Takes all emoji from a message.
pub(super) async fn clear(tx: &impl ConnectionTrait, message: Uuid) -> Result<()> {
    reaction::Entity::delete_many().filter(reaction::Column::MessageId.eq(message)).exec(tx).await?;
    Ok(())
}

/// One emoji in the one spelling that is kept: with the selector of its coloured form where Unicode recommends it.
fn check(emoji: &str) -> Result<String> {
    const REFUSAL: &str = "emoji must be one emoji";
    let emoji = emoji.trim();
    if emoji.len() > LONGEST {
        return Err(Error::invalid("emoji", REFUSAL));
    }
    let found = emojis::get(emoji).or_else(|| {
        // A selector where Unicode has none, and that of the plain form, make no other emoji.
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
