//! Moves read marks in batches: requests that arrive together are checked and written in one transaction.

use entity::{
    conversation::{self, Kind},
    message, read_mark,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::{
    Target,
    access::{CANNOT_READ, Permission, check_access},
    read_marks::mark_all,
};
use crate::{
    app::{App, Change},
    database::{Batch, Outcome, Submitted},
    domain::{UnitOfWork, User, communities, failed_batch},
    error::{Error, Result},
};

/// A request to move a reader's mark.
pub(super) struct MarkRequest {
    pub(super) reader: User,
    pub(super) conversation_id: Uuid,
    /// The last message read; `None` means the newest one.
    pub(super) message_id: Option<Uuid>,
}

/// Batches of read marks; all share one queue.
struct ReadMarkBatch;

/// Moves a mark with those of other readers. Returns the request if it must be written alone.
pub(super) async fn submit(
    app: &App,
    reading: MarkRequest,
) -> Result<Submitted<MarkRequest, conversation::Model>> {
    match app.batchers.submit::<ReadMarkBatch>(app, (), reading).await? {
        Submitted::Done(outcome) => outcome.map(Submitted::Done),
        Submitted::Returned(reading) => Ok(Submitted::Returned(reading)),
    }
}

type CheckedMarks = Vec<Result<conversation::Model>>;

impl Batch for ReadMarkBatch {
    type Context = App;
    type Key = ();
    type Request = MarkRequest;
    type Output = Result<conversation::Model>;

    const NAME: &'static str = "read_marks";

    fn weight(_: &MarkRequest) -> usize {
        size_of::<MarkRequest>()
    }

    async fn run(app: App, (): (), readings: Vec<MarkRequest>) -> Vec<Outcome<MarkRequest, Self::Output>> {
        match write(&app, &readings).await {
            Ok(judged) => judged.into_iter().map(Outcome::Done).collect(),
            Err(error) => failed_batch::return_all(Self::NAME, error, readings),
        }
    }
}

/// Judges and moves the marks, and commits. Returns each reader's conversation or refusal, in order.
async fn write(app: &App, readings: &[MarkRequest]) -> Result<CheckedMarks> {
    let tx = app.begin_batch(None).await?;
    let judged = judge(app, &tx, readings).await?;
    let named = readings.iter().filter_map(|reading| reading.message_id);
    let numbers: Vec<(Uuid, Uuid, i64)> = message::Entity::find()
        .select_only()
        .column(message::Column::ConversationId)
        .column(message::Column::Id)
        .column(message::Column::Number)
        .filter(message::Column::Id.is_in(named))
        .into_tuple()
        .all(&tx)
        .await?;
    let number = |reading: &MarkRequest, conversation: &conversation::Model| match reading.message_id {
        None => Ok(conversation.message_count),
        Some(id) => {
            let found = numbers.iter().find(|(of, message, _)| *of == conversation.id && *message == id);
            found.map(|(_, _, number)| *number).ok_or(Error::NotFound("Message"))
        }
    };
    let (mut marks, mut outcomes) = (Vec::new(), Vec::with_capacity(readings.len()));
    for (reading, judged) in readings.iter().zip(judged) {
        let marked = judged.and_then(|conversation| Ok((number(reading, &conversation)?, conversation)));
        outcomes.push(marked.map(|(number, conversation)| {
            let user_id = reading.reader.id.clone();
            let conversation_id = conversation.id;
            marks.push(read_mark::Model { conversation_id, user_id, number, updated_at: app.clock.now() });
            conversation
        }));
    }
    if marks.is_empty() {
        return Ok(outcomes);
    }
    tx.publish(
        marks.iter().map(|mark| Change::Inbox {
            user: mark.user_id.clone(),
            conversation: Some(mark.conversation_id),
        }),
    );
    mark_all(&tx, marks).await?;
    tx.commit(()).await?;
    Ok(outcomes)
}

/// Judges whether the readers may read there: for all rooms in one statement.
async fn judge(app: &App, tx: &UnitOfWork, readings: &[MarkRequest]) -> Result<CheckedMarks> {
    let conversations = conversation::Entity::find()
        .filter(conversation::Column::Id.is_in(readings.iter().map(|reading| reading.conversation_id)))
        .all(tx)
        .await?;
    let find = |reading: &MarkRequest| conversations.iter().find(|found| found.id == reading.conversation_id);
    let room = |conversation: &conversation::Model| {
        conversation.community_id.filter(|_| conversation.kind == Kind::Room)
    };
    let members =
        readings.iter().filter_map(|reading| Some((room(find(reading)?)?, reading.reader.id.as_str())));
    let members: Vec<_> = members.collect();
    let members = match members.is_empty() {
        true => Vec::new(),
        false => communities::list_member_states(tx, &members).await?,
    };
    let mut judged = Vec::with_capacity(readings.len());
    for reading in readings {
        let reader = &reading.reader;
        judged.push(match find(reading) {
            None => Err(Target::Conversation(reading.conversation_id).missing(Permission::Read)),
            Some(conversation) => match room(conversation) {
                Some(community) => {
                    let own = members.iter().find(|member| member.is(community, &reader.id));
                    let own = own.ok_or(Error::Forbidden(CANNOT_READ));
                    own.and_then(|own| own.check_current(app.clock.now())).map(|()| conversation.clone())
                }
                None => match check_access(app, tx, reader, conversation.clone(), Permission::Read).await {
                    Err(error) if error.is_failure() => return Err(error),
                    seat => seat.map(|seat| seat.conversation),
                },
            },
        });
    }
    Ok(judged)
}
