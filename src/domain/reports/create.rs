//! Creating reports.

use entity::{
    conversation::{self, Kind},
    membership::Role,
    message,
    report::{self, Reason, Status},
    space, space_session, user,
};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, TryIntoModel, sea_query::OnConflict};
use uuid::Uuid;

use super::watch::notify;
use crate::{
    app::App,
    database::Transaction,
    domain::{
        User, communities,
        conversations::{self, ConversationAccess, MessageRow, Permission, Target},
        spaces,
    },
    error::{Error, Result},
    text::fields,
};

/// Subject of a report.
#[derive(Clone, Debug)]
pub enum Subject {
    /// A message of a user or an agent.
    Message(Uuid),
    /// A user, in a conversation.
    Person {
        /// The conversation.
        place: Target,
        /// Id of the account.
        user_id: String,
    },
}

/// Input of a new report.
#[derive(Clone, Debug)]
pub struct NewReport {
    /// Subject of the report.
    pub subject: Subject,
    /// Reason of the report.
    pub reason: Reason,
    /// Explanation, maximum 1000 characters.
    pub note: Option<String>,
}

/// The subject of a report, as the reporter sees it.
struct ReportedContent {
    target: String,
    message_id: Option<Uuid>,
    content: Option<String>,
    user_id: Option<String>,
    user_name: Option<String>,
}

/// Reports a message or a user to the moderators of the conversation. Stores the current text of the
/// message.
///
/// # Errors
/// [`Error::Invalid`]; the refusal to read there; [`Error::NotFound`] for the message or the user;
/// [`Error::Conflict`] for a deleted message, or if the actor has an open report on the same subject.
pub async fn create(app: &App, actor: &User, new: NewReport) -> Result<report::Model> {
    let tx = app.begin(actor).await?;
    if let Some(done) = tx.replayed()? {
        check_reads(app, &tx, actor, &new.subject).await?;
        return Ok(done);
    }
    let report = file(app, &tx, actor, new).await?;
    notify(&tx, &report);
    tx.commit(report).await
}

/// Refuses an actor who may not read the subject.
async fn check_reads(app: &App, tx: &impl ConnectionTrait, actor: &User, subject: &Subject) -> Result<()> {
    match subject {
        Subject::Message(id) => get_reported(app, tx, actor, *id).await.map(|_| ()),
        Subject::Person { place, .. } => {
            conversations::get_access(app, tx, actor, place, Permission::Read).await.map(|_| ())
        }
    }
}

/// Returns a message that the actor may read, with their access to its conversation.
async fn get_reported(
    app: &App,
    tx: &impl ConnectionTrait,
    actor: &User,
    id: Uuid,
) -> Result<(ConversationAccess, MessageRow)> {
    const MISSING: Error = Error::NotFound("Message");
    let row = conversations::find_message(tx, id).await?.ok_or(MISSING)?;
    let place = Target::Conversation(row.message.conversation_id);
    match conversations::get_access(app, tx, actor, &place, Permission::Read).await {
        Err(Error::NotFound(_)) => Err(MISSING),
        access => Ok((access?, row)),
    }
}

/// Like [`create()`], in the caller's transaction.
pub(crate) async fn file(app: &App, tx: &Transaction, actor: &User, new: NewReport) -> Result<report::Model> {
    let note = new.note.map(|note| fields::at_most("note", note, 1000)).transpose()?;
    let (named_by, (access, charge)) = match new.subject {
        Subject::Message(id) => ("messageId", on_message(app, tx, actor, id).await?),
        Subject::Person { place, user_id } => ("userId", on_person(app, tx, actor, &place, &user_id).await?),
    };
    if charge.user_id.as_ref() == Some(&actor.id) {
        return Err(Error::invalid(named_by, "You cannot report yourself"));
    }
    let conversation = &access.conversation;
    let space_id = space_of(tx, conversation).await?.map(|space| space.id);
    let user_rank = rank(tx, conversation, charge.user_id.as_deref()).await?;
    let row = report::ActiveModel {
        id: Set(app.new_id()?),
        reporter_id: Set(actor.id.clone()),
        reporter_name: Set(access.person.name),
        target: Set(charge.target),
        community_id: Set(conversation.community_id),
        space_id: Set(space_id),
        conversation_id: Set(Some(conversation.id)),
        message_id: Set(charge.message_id),
        content: Set(charge.content),
        user_id: Set(charge.user_id),
        user_name: Set(charge.user_name),
        user_rank: Set(user_rank),
        reason: Set(new.reason),
        note: Set(note.filter(|note| !fields::is_blank(note))),
        status: Set(Status::Open),
        outcome: Set(None),
        closed_by_id: Set(None),
        closing_note: Set(None),
        created_at: Set(app.clock.now()),
        closed_at: Set(None),
    };
    // A unique index allows one open report per reporter and subject.
    let made = report::Entity::insert(row.clone())
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    if made == 0 {
        return Err(Error::Conflict("You have already reported this".to_owned()));
    }
    Ok(row.try_into_model()?)
}

async fn on_message(
    app: &App,
    tx: &impl ConnectionTrait,
    actor: &User,
    id: Uuid,
) -> Result<(ConversationAccess, ReportedContent)> {
    let (access, row) = get_reported(app, tx, actor, id).await?;
    if row.message.kind == message::Kind::System {
        return Err(Error::invalid("messageId", "System messages cannot be reported"));
    }
    if row.message.deleted_at.is_some() {
        return Err(Error::Conflict("The message was deleted".to_owned()));
    }
    let charge = ReportedContent {
        target: format!("message:{id}"),
        message_id: Some(id),
        content: Some(row.message.content),
        user_name: row.author.map(|author| author.name).or(row.agent_name),
        user_id: row.message.author_id,
    };
    Ok((access, charge))
}

async fn on_person(
    app: &App,
    tx: &impl ConnectionTrait,
    actor: &User,
    place: &Target,
    user_id: &str,
) -> Result<(ConversationAccess, ReportedContent)> {
    const MISSING: Error = Error::NotFound("Member");
    let access = conversations::get_access(app, tx, actor, place, Permission::Read).await?;
    let conversation = &access.conversation;
    let account = user::Entity::find_by_id(user_id).one(tx).await?.ok_or(MISSING)?;
    let member = match conversation.community_id {
        Some(community) => communities::find_membership(tx, community, user_id).await?,
        None => None,
    };
    let is_here = member.is_some()
        || conversation.customer_id.as_deref() == Some(user_id)
        || match conversation.space_session_id {
            Some(session) => {
                spaces::takes_part(tx, session, user_id).await?
                    || space_of(tx, conversation).await?.is_some_and(|space| space.owner_id == user_id)
            }
            None => false,
        };
    if !is_here {
        return Err(MISSING);
    }
    let person = match conversation.community_id {
        Some(community) => communities::known_in(tx, community, account).await?,
        None => account.into(),
    };
    let charge = ReportedContent {
        target: format!("user:{}:{user_id}", conversation.id),
        message_id: None,
        content: None,
        user_id: Some(person.id),
        user_name: Some(person.name),
    };
    Ok((access, charge))
}

/// Returns the rank of the reported user in the community or space: only higher ranks see the report.
async fn rank(
    tx: &impl ConnectionTrait,
    conversation: &conversation::Model,
    user_id: Option<&str>,
) -> Result<i32> {
    let role = match (user_id, conversation.community_id) {
        (Some(user), Some(community)) => {
            communities::find_membership(tx, community, user).await?.map(|member| member.role)
        }
        (Some(user), None) => {
            let owner = space_of(tx, conversation).await?.is_some_and(|space| space.owner_id == user);
            owner.then_some(Role::Creator)
        }
        (None, _) => None,
    };
    Ok(communities::rank(role.unwrap_or(Role::Member)))
}

/// Returns the space of a session's conversation.
async fn space_of(
    tx: &impl ConnectionTrait,
    conversation: &conversation::Model,
) -> Result<Option<space::Model>> {
    let (Kind::SpaceSession, Some(session)) = (conversation.kind, conversation.space_session_id) else {
        return Ok(None);
    };
    let found = space_session::Entity::find_by_id(session).find_also_related(space::Entity).one(tx).await?;
    Ok(found.and_then(|(_, space)| space))
}
