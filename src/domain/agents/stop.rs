//! Stopping an answer, and finishing those that a server left behind.

use chrono::{DateTime, Utc};
use entity::agent_reply::{self, Status};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, sea_query::ExprTrait};
use serde_json::json;
use uuid::Uuid;

use super::{
    answer::LEFT,
    lifecycle::Ending,
    settle::{settle, settle_alone},
    speech::{Sound, conclude},
    watch::unfinished,
};
use crate::{
    app::App,
    domain::{
        Error, Result, User, Write,
        audit::{self, Deed},
        conversations::{self, Intent, Target},
        due,
    },
};

/// Stops an answer: what was said so far is posted. Whoever asked for it pays it, where it is anything; a moderator may
/// stop it too, and then it costs nothing. One that has ended stays as it ended.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`].
pub async fn stop(app: &App, actor: &User, id: Uuid) -> Result<agent_reply::Model> {
    const HIDDEN: Error = Error::NotFound("Agent reply");
    let tx = app.begin(actor).await?;
    let reply = agent_reply::Entity::find_by_id(id).one(&tx).await?.ok_or(HIDDEN)?;
    let own = reply.asker_id == actor.id;
    let mut community = None;
    if !own {
        let target = Target::Conversation(reply.conversation_id);
        let seat = conversations::get_seat(app, &tx, actor, &target, Intent::Read).await;
        let seat = seat.map_err(|error| match error {
            error if error.is_failure() => error,
            _ => HIDDEN,
        })?;
        if !seat.moderates {
            return Err(Error::Forbidden("Only whoever asked and moderators can stop an answer"));
        }
        community = seat.conversation.community_id;
    }
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let ending = if own { Ending::Stopped } else { Ending::Silenced };
    let Some(ended) = settle(app, &tx, id, &ending, false).await? else {
        let reply = agent_reply::Entity::find_by_id(id).one(&tx).await?.ok_or(HIDDEN)?;
        return tx.commit(reply).await;
    };
    if !own {
        let deed = Deed::of(actor, audit::Action::AnswerStopped)
            .within(community)
            .to(reply.asker_id.as_str())
            .on(id)
            .with(json!({ "conversationId": reply.conversation_id }));
        audit::record(app, &tx, deed).await?;
    }
    let reply = ended.reply.clone();
    tx.after(move |app| {
        app.answering.end(id);
        let (app, tasks) = (app.clone(), app.tasks.clone());
        tasks.spawn(async move { ended.finish(&app).await });
    });
    tx.commit(reply).await
}

/// Ends the answers that run in a conversation, which is locked, because a person speaks instead: what was said so far is
/// posted, nothing follows it, and it costs nothing.
///
/// # Errors
/// [`Error::Internal`].
pub(in crate::domain) async fn silence(app: &App, tx: &Write, conversation_id: Uuid) -> Result<()> {
    let running: Vec<Uuid> = agent_reply::Entity::find()
        .select_only()
        .column(agent_reply::Column::Id)
        .filter(agent_reply::Column::ConversationId.eq(conversation_id))
        .filter(agent_reply::Column::Status.eq(Status::Running))
        .into_tuple()
        .all(tx)
        .await?;
    for id in running {
        if let Some(mut ended) = settle(app, tx, id, &Ending::Silenced, false).await? {
            tx.tell(std::mem::take(&mut ended.bells));
            tx.after(move |app| {
                app.answering.end(id);
                ended.ring(app);
            });
        }
    }
    Ok(())
}

/// Ends the answers whose server is silent about them: they failed, and their fees are given back; those that were to be
/// heard stay silent. Those that this process gives are its own to end. Gives when to come back, where that is known.
///
/// # Errors
/// [`Error::Internal`].
pub async fn end_left_behind(app: &App) -> Result<Option<DateTime<Utc>>> {
    let silent = unfinished()
        .and(agent_reply::Column::LeaseUntil.lt(app.clock.now()))
        .and(agent_reply::Column::Id.is_not_in(app.answering.ids()));
    due::each_of::<agent_reply::Entity, _>(app, agent_reply::Column::Id, silent, |reply| async move {
        tracing::warn!(reply = %reply.id, "an answer was left behind");
        if reply.status == Status::Running {
            settle_alone(app, reply.id, &Ending::Failed(LEFT), false).await?;
        } else {
            conclude(app, reply.id, Sound::default()).await?;
        }
        Ok(())
    })
    .await
}
