//! Stopping agent replies, and ending abandoned ones.

use chrono::{DateTime, Utc};
use entity::agent_reply::{self, Status};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, sea_query::ExprTrait};
use serde_json::json;
use uuid::Uuid;

use super::{
    finish::{finish, finish_in_own_transaction},
    lifecycle::Ending,
    run::ABANDONED,
    speech::{Sound, conclude},
    watch::unfinished,
};
use crate::{
    app::{App, Change},
    domain::{
        UnitOfWork, User,
        audit::{self, AuditEntry},
        conversations::{self, Permission, Target},
        due_rows,
    },
    error::{Error, Result},
};

/// Stops a reply and posts its text so far. The asker pays if there is any text; a moderator may also stop
/// it, free of charge. A reply that has ended stays unchanged.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`].
pub async fn stop(app: &App, actor: &User, id: Uuid) -> Result<agent_reply::Model> {
    const REPLY_NOT_FOUND: Error = Error::NotFound("Agent reply");
    let tx = app.begin(actor).await?;
    let reply = agent_reply::Entity::find_by_id(id).one(&tx).await?.ok_or(REPLY_NOT_FOUND)?;
    let own = reply.asker_id == actor.id;
    let mut community = None;
    if !own {
        let target = Target::Conversation(reply.conversation_id);
        let access = conversations::get_access(app, &tx, actor, &target, Permission::Read).await;
        let access = access.map_err(|error| match error {
            error if error.is_failure() => error,
            _ => REPLY_NOT_FOUND,
        })?;
        if !access.moderates {
            return Err(Error::Forbidden("Only the asker and moderators can stop an answer"));
        }
        community = access.conversation.community_id;
    }
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let ending = if own { Ending::Stopped } else { Ending::Silenced };
    let Some(ended) = finish(app, &tx, id, &ending, false).await? else {
        let reply = agent_reply::Entity::find_by_id(id).one(&tx).await?.ok_or(REPLY_NOT_FOUND)?;
        return tx.commit(reply).await;
    };
    if !own {
        let entry = AuditEntry::of(actor, audit::Action::AnswerStopped)
            .within(community)
            .to(reply.asker_id.as_str())
            .on(id)
            .with(json!({ "conversationId": reply.conversation_id }));
        audit::record(app, &tx, entry).await?;
    }
    let reply = ended.reply.clone();
    tx.publish([Change::ReplyEnded(id)]);
    tx.after_commit(move |app| {
        let (app, tasks) = (app.clone(), app.tasks.clone());
        tasks.spawn(async move { ended.publish_and_continue(&app).await });
    });
    tx.commit(reply).await
}

/// Ends the running replies of a locked conversation because a person takes over: posts the text so far,
/// free of charge.
///
/// # Errors
/// [`Error::Internal`].
pub(in crate::domain) async fn stop_running(app: &App, tx: &UnitOfWork, conversation_id: Uuid) -> Result<()> {
    let running: Vec<Uuid> = agent_reply::Entity::find()
        .select_only()
        .column(agent_reply::Column::Id)
        .filter(agent_reply::Column::ConversationId.eq(conversation_id))
        .filter(agent_reply::Column::Status.eq(Status::Running))
        .into_tuple()
        .all(tx)
        .await?;
    for id in running {
        if let Some(mut ended) = finish(app, tx, id, &Ending::Silenced, false).await? {
            tx.publish(std::mem::take(&mut ended.notifications));
            tx.publish([Change::ReplyEnded(id)]);
            tx.after_commit(move |app| ended.publish(app));
        }
    }
    Ok(())
}

/// Ends replies whose lease has expired, except those that run in this process: running ones fail and their
/// fees are voided; pending audio is given up. Returns when to run again, if known.
///
/// # Errors
/// [`Error::Internal`].
pub async fn fail_abandoned(app: &App) -> Result<Option<DateTime<Utc>>> {
    let silent = unfinished()
        .and(agent_reply::Column::LeaseUntil.lt(app.clock.now()))
        .and(agent_reply::Column::Id.is_not_in(app.running_replies.ids()));
    due_rows::run_each::<agent_reply::Entity, _>(app, agent_reply::Column::Id, silent, |reply| async move {
        tracing::warn!(reply = %reply.id, "ending a reply of a server that is gone");
        if reply.status == Status::Running {
            finish_in_own_transaction(app, reply.id, &Ending::Failed(ABANDONED), false).await?;
        } else {
            conclude(app, reply.id, Sound::default()).await?;
        }
        Ok(())
    })
    .await
}
