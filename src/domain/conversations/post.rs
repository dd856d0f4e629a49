//! Saying something.

use entity::{conversation::Kind, message};
use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter};
use uuid::Uuid;

use super::{MessageRow, Target, access::Intent, floor::take_floor, messages};
use crate::{
    app::App,
    domain::{
        Error, Result, User,
        agents::{self, Called},
        lounges, support, text,
    },
};

/// The most characters of a message.
const LONGEST: usize = 5000;
/// The most characters of a sender's key.
const KEY: usize = 100;

/// Something to be said.
#[derive(Clone, Debug)]
pub struct NewMessage {
    /// Where.
    pub target: Target,
    /// 1 to 5000 characters, kept as they are.
    pub content: String,
    /// The sender's own key: sent again with it, the first message is given back.
    pub client_key: Option<String>,
    /// The message that it answers, of the same conversation.
    pub reply_to: Option<Uuid>,
}

/// Posts a message. An agent that it calls by name is asked, where the community has that; in a support chat it drives
/// what becomes of that, and in a talk with a lounge the lounge's own agent is asked.
///
/// # Errors
/// [`Error::Invalid`] for its length first; then why the actor may not speak there; in a lounge also why its agent cannot
/// be asked.
pub async fn post(app: &App, actor: &User, new: NewMessage) -> Result<MessageRow> {
    say(app, actor, new, None).await
}

/// Posts a message that can be heard where `sound` says.
pub(super) async fn say(app: &App, actor: &User, new: NewMessage, sound: Option<&str>) -> Result<MessageRow> {
    let content = content(new.content)?;
    let client_key = new.client_key.map(client_key).transpose()?;
    let tx = app.begin_at(actor, new.target.id()).await?;
    // What few messages lead to is kept apart, so that the others need not carry it.
    Box::pin(support::make_way(app, &tx, actor, &new.target)).await?;
    let floor = take_floor(app, &tx, actor, &new.target, Intent::Speak).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    if let Some(key) = &client_key
        && let Some(first) = floor.find_by_key(&tx, actor, key).await?
    {
        // Nothing is kept of this transaction, the number taken neither.
        return Ok(first);
    }
    if let Some(reply_to) = new.reply_to {
        find_in(&tx, floor.conversation().id, reply_to).await?.ok_or(Error::NotFound("Message"))?;
    }
    let conversation = floor.conversation().clone();
    let (mut row, bell) =
        floor.with_sound(sound).say(app, &tx, actor, content, client_key, new.reply_to).await?;
    tx.tell([bell]);
    let called = match (conversation.kind, conversation.community_id) {
        (Kind::Support, _) => Box::pin(support::heard(app, &tx, actor, &row, &conversation)).await?,
        (Kind::Lounge, Some(lounge)) => {
            let asked = Box::pin(lounges::ask_about(app, &tx, actor, lounge, &row.message, None)).await?;
            Called::Asked(Box::new(asked))
        }
        (_, community) => Box::pin(agents::ask_called(app, &tx, actor, &row.message, community)).await?,
    };
    let asked = match called {
        Called::Nobody => None,
        Called::Asked(asked) => Some(asked),
        Called::Refused(refusal) => {
            row.refusal = Some(refusal);
            None
        }
    };
    if let Some(asked) = asked {
        tx.after(|app| asked.begin(app));
    }
    tx.commit(row).await
}

/// Holds a message to its length.
pub(super) fn content(content: String) -> Result<String> {
    const REFUSAL: &str = "Message must be 1-5000 characters";
    if text::is_blank(&content) {
        return Err(Error::invalid("content", REFUSAL));
    }
    text::at_most("content", content, LONGEST).map_err(|error| match error {
        Error::Invalid { message, .. } if message.contains("at most") => Error::invalid("content", REFUSAL),
        other => other,
    })
}

/// Holds a sender's own key to its length.
pub(in crate::domain) fn client_key(key: String) -> Result<String> {
    text::required("clientKey", &key, KEY, "clientKey must be 1-100 characters")
}

/// A message of a conversation.
pub(super) async fn find_in(
    tx: &impl ConnectionTrait,
    conversation_id: Uuid,
    id: Uuid,
) -> Result<Option<MessageRow>> {
    Ok(messages::select()
        .filter(message::Column::ConversationId.eq(conversation_id))
        .filter(message::Column::Id.eq(id))
        .into_model()
        .one(tx)
        .await?)
}
