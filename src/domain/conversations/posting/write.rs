//! Writes the messages of a batch: one statement per table; PostgreSQL executes them together.

use std::collections::HashMap;

use entity::{conversation_event, message, read_mark};
use sea_orm::{ActiveValue::Set, EntityTrait, TryIntoModel};

use super::{
    super::{MessageRow, Person, log, messages::current, pending_post::new_row, read_marks},
    Batch, Post, Verdict,
    check::LockedConversations,
};
use crate::{
    database::Writes,
    domain::{
        UnitOfWork,
        conversations::Notification,
        idempotency_claims::{self, Claim, Key},
        support,
    },
    error::Result,
};

impl Batch<'_> {
    /// Judges and writes the messages, and commits. Returns the verdicts, and the rows of the accepted messages in order.
    pub(super) async fn write(mut self, tx: UnitOfWork) -> Result<(Vec<Verdict>, Vec<MessageRow>)> {
        // As for one message: the keys first, then the conversations.
        let mut claims = self.claim(&tx).await?;
        let places = self.lock(&tx).await?;
        let people = self.list_people(&tx, &places).await?;
        self.replay(&tx, &mut claims).await?;
        self.find_repeated(&tx, &places).await?;
        self.remove_mentions(&tx, &places).await?;
        self.check_pace(&places);
        self.check_answered(&tx, &places).await?;
        if self.accepted().next().is_none() {
            return Ok((self.verdicts, Vec::new()));
        }
        let rows = self.insert(&tx, &places, people).await?;
        self.keep(&tx, claims, &rows).await?;
        tx.commit(()).await?;
        let mut rows: Vec<_> = rows.into_iter().collect();
        rows.sort_unstable_by_key(|(at, _)| *at);
        Ok((self.verdicts, rows.into_iter().map(|(_, row)| row).collect()))
    }

    /// Claims the keys of requests that have one, by the message's index in the batch.
    async fn claim(&mut self, tx: &UnitOfWork) -> Result<HashMap<usize, Claim>> {
        let keyed = |(at, post): (usize, &'_ Post)| Some((at, post.actor.id.clone(), post.slot.clone()?));
        let keyed: Vec<_> = self.accepted().filter_map(keyed).collect();
        let requests: Vec<_> = keyed.iter().map(|(_, actor, place)| (actor.as_str(), place)).collect();
        let claims = idempotency_claims::claim(tx, self.app.clock.now(), &requests).await?;
        let mut taken = HashMap::new();
        for ((at, _, _), claim) in keyed.iter().zip(claims) {
            match claim {
                Claim::Refused(error) => self.verdicts[*at] = Verdict::Refused(error),
                claim => _ = taken.insert(*at, claim),
            }
        }
        Ok(taken)
    }

    /// Repeats the results of requests that were carried out before, for authors who may still post.
    async fn replay(&mut self, tx: &UnitOfWork, claims: &mut HashMap<usize, Claim>) -> Result<()> {
        for at in self.accepted().map(|(at, _)| at).collect::<Vec<_>>() {
            if let Some(Claim::Replayed(done)) = claims.get(&at) {
                let done = current(tx, Claim::replay(done.clone())?).await?;
                self.verdicts[at] = Verdict::Repeated(Box::new(done));
            }
        }
        Ok(())
    }

    /// Keeps the results of requests with a key, and removes the keys of the others.
    async fn keep(
        &self,
        tx: &UnitOfWork,
        claims: HashMap<usize, Claim>,
        rows: &HashMap<usize, MessageRow>,
    ) -> Result<()> {
        let (mut kept, mut released): (Vec<(Key, &MessageRow)>, Vec<Key>) = Default::default();
        for (at, claim) in claims {
            let Claim::New(key) = claim else { continue };
            match rows.get(&at) {
                Some(row) => kept.push((key, row)),
                None => released.push(key),
            }
        }
        idempotency_claims::keep(tx, kept).await?;
        idempotency_claims::release(tx, released).await
    }

    /// Writes the accepted messages. Returns them by their indices in the batch.
    async fn insert(
        &self,
        tx: &UnitOfWork,
        places: &LockedConversations,
        mut people: HashMap<usize, Person>,
    ) -> Result<HashMap<usize, MessageRow>> {
        let now = self.app.clock.now();
        let (mut rows, mut drafts, mut events) = (HashMap::new(), Vec::new(), Vec::new());
        let mut writes = Writes::default();
        let (mut notifications, mut marks, mut in_support): (Vec<Notification>, _, _) =
            (Vec::new(), Vec::new(), Vec::new());
        for (conversation, posts) in self.by_conversation(places) {
            let numbers = log::take_numbers(&mut writes, now, conversation, posts.len())?;
            for (at, advanced) in posts.into_iter().zip(numbers) {
                let post = &self.posts[at];
                let draft = message::ActiveModel {
                    author_id: Set(Some(post.actor.id.clone())),
                    agent_listing_id: Set(None),
                    reply_to_id: Set(post.reply_to),
                    client_key: Set(post.client_key.clone()),
                    is_incomplete: Set(false),
                    ..new_row(self.app, &advanced, post.content.clone(), post.search_text.clone())?
                };
                let message = draft.clone().try_into_model()?;
                let row =
                    MessageRow { message, author: people.remove(&at), agent_name: None, agent_refusal: None };
                let kind = conversation_event::Kind::MessagePosted;
                let (event, notification) = log::event(&advanced, kind, Some(row.clone()), None, None);
                // An author has read the conversation up to their own message.
                marks.push(read_mark::Model {
                    conversation_id: conversation.id,
                    user_id: post.actor.id.clone(),
                    number: advanced.conversation.message_count,
                    updated_at: advanced.at,
                });
                drafts.push(draft);
                events.push(event);
                notifications.push(notification);
                if conversation.kind == entity::conversation::Kind::Support {
                    in_support.push((at, conversation));
                }
                rows.insert(at, row);
            }
        }
        writes.add(message::Entity::insert_many(drafts));
        writes.add(conversation_event::Entity::insert_many(events));
        writes.add(read_marks::forward(marks));
        writes.execute(tx).await?;
        tx.publish(notifications);
        for (at, conversation) in in_support {
            if let Some(row) = rows.get(&at) {
                Box::pin(support::on_message(self.app, tx, &self.posts[at].actor, row, conversation)).await?;
            }
        }
        Ok(rows)
    }
}
