//! Posting messages.

use std::sync::atomic::AtomicBool;

use entity::conversation::Kind;
use uuid::Uuid;

use super::{
    MessageRow, Target,
    access::Permission,
    messages::{current, find_in},
    pending_post::begin_post,
    posting::{self, Post},
};
use crate::{
    app::App,
    database::Submitted,
    domain::{
        User,
        agents::{self, MentionOutcome},
        idempotency, lounges, support,
    },
    error::{Error, Result},
    text::{fields, rule::TextRule},
};

/// Content of a message, which is kept verbatim.
pub const CONTENT: TextRule = TextRule::text("content", "Message", 5000);
/// The sender's key of a message.
pub const CLIENT_KEY: TextRule = TextRule::text("clientKey", "clientKey", 100);

/// Input of a new message.
#[derive(Clone, Debug)]
pub struct NewMessage {
    /// The conversation.
    pub target: Target,
    /// 1 to 5000 characters, kept verbatim.
    pub content: String,
    /// Key chosen by the sender; a retry with the same key returns the first message.
    pub client_key: Option<String>,
    /// The message that it replies to, in the same conversation.
    pub reply_to: Option<Uuid>,
}

/// Posts a message. In a support chat this updates the chat's status; in a lounge chat it asks the lounge's agent;
/// elsewhere it asks a mentioned agent, if the community allows mentions.
///
/// # Errors
/// [`Error::Invalid`] for the length; then the refusal to post there; in a lounge also the refusal to ask
/// its agent.
pub async fn post(app: &App, actor: &User, new: NewMessage) -> Result<MessageRow> {
    let content = content(new.content)?;
    let client_key = new.client_key.map(client_key).transpose()?;
    let post = Post {
        actor: actor.clone(),
        target: new.target,
        search_text: terms::search_text(&content),
        may_mention: agents::may_mention(&content),
        content,
        client_key,
        reply_to: new.reply_to,
        slot: idempotency::next_slot(),
        is_counted: AtomicBool::new(false),
    };
    match posting::submit(app, post).await? {
        Submitted::Done(row) => Ok(row),
        Submitted::Returned(post) => {
            let Post { target, content, client_key, reply_to, is_counted, .. } = *post;
            let new = NewMessage { target, content, client_key, reply_to };
            post_alone(app, actor, new, None, is_counted.into_inner()).await
        }
    }
}

/// Posts a message in a transaction of its own, with audio at the URL `sound`. `is_counted` means that the rate limit
/// has already counted it.
pub(super) async fn post_alone(
    app: &App,
    actor: &User,
    new: NewMessage,
    sound: Option<&str>,
    is_counted: bool,
) -> Result<MessageRow> {
    let content = content(new.content)?;
    let client_key = new.client_key.map(client_key).transpose()?;
    let tx = app.begin_locking(actor, new.target.id()).await?;
    // Boxed, so that the future of an ordinary post stays small.
    Box::pin(support::yield_to_person(app, &tx, actor, &new.target)).await?;
    let pending = begin_post(app, &tx, actor, &new.target, Permission::Post).await?;
    if let Some(done) = tx.replayed::<MessageRow>()? {
        return current(&tx, done).await;
    }
    if let Some(key) = &client_key
        && let Some(first) = pending.find_by_key(&tx, actor, key).await?
    {
        // The transaction is rolled back, including the sequence number that it took.
        return Ok(first);
    }
    if !is_counted {
        app.post_limiter.count(&actor.id, pending.conversation().id)?;
    }
    if let Some(reply_to) = new.reply_to {
        find_in(&tx, pending.conversation().id, reply_to).await?.ok_or(Error::NotFound("Message"))?;
    }
    let conversation = pending.conversation().clone();
    let (mut row, notification) =
        pending.with_audio(sound).insert_message(app, &tx, actor, content, client_key, new.reply_to).await?;
    tx.publish([notification]);
    let mentioned = match (conversation.kind, conversation.community_id) {
        (Kind::Support, _) => Box::pin(support::on_message(app, &tx, actor, &row, &conversation)).await?,
        (Kind::Lounge, Some(lounge)) => {
            let asked = Box::pin(lounges::ask_about(app, &tx, actor, lounge, &row.message, None)).await?;
            MentionOutcome::Asked(Box::new(asked))
        }
        (_, community) => Box::pin(agents::ask_mentioned(app, &tx, actor, &row.message, community)).await?,
    };
    let asked = match mentioned {
        MentionOutcome::NoAgent => None,
        MentionOutcome::Asked(asked) => Some(asked),
        MentionOutcome::Refused(refusal) => {
            row.agent_refusal = Some(refusal);
            None
        }
    };
    if let Some(asked) = asked {
        tx.after_commit(|app| asked.start(app));
    }
    tx.commit(row).await
}

/// Validates the length of a message.
pub(super) fn content(content: String) -> Result<String> {
    let refuse = || Error::invalid("content", format!("Message must be 1-{} characters", CONTENT.most()));
    if fields::is_blank(&content) {
        return Err(refuse());
    }
    fields::at_most("content", content, CONTENT.most()).map_err(|error| match error {
        Error::Invalid { message, .. } if message.contains("at most") => refuse(),
        other => other,
    })
}

/// Validates the length of a client key.
pub(in crate::domain) fn client_key(key: String) -> Result<String> {
    CLIENT_KEY.check(&key)
}
