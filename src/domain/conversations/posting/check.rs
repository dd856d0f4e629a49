//! Checks the messages of a batch: rights, repetitions and limits, each for all messages at once.

use std::{collections::HashMap, sync::atomic::Ordering};

use entity::{
    conversation::{self, Kind},
    message, participant, space, space_session,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::LockType,
};
use uuid::Uuid;

use super::{
    super::{
        MessageRow, Person, Target,
        access::{CANNOT_POST, Permission, check_access},
    },
    Batch, Verdict,
};
use crate::{
    domain::{UnitOfWork, User, agents, communities, spaces, support},
    error::{Error, Result},
    timeline::select_messages,
};

/// The conversations of a batch, locked until its transaction ends.
pub(super) struct LockedConversations(Vec<conversation::Model>);

impl LockedConversations {
    fn find(&self, target: Target) -> Option<&conversation::Model> {
        self.0.iter().find(|conversation| target.is(conversation))
    }
}

impl Batch<'_> {
    /// Locks the conversations of the messages.
    pub(super) async fn lock(&mut self, tx: &UnitOfWork) -> Result<LockedConversations> {
        let mut targets: Vec<Target> = self.accepted().map(|(_, post)| post.target).collect();
        targets.sort_unstable();
        targets.dedup();
        let these = targets.iter().fold(Condition::any(), |any, target| any.add(target.condition()));
        // Always in this order. The lock is that of an update, so that rows that refer to them can be inserted.
        let found = conversation::Entity::find()
            .filter(these)
            .order_by_asc(conversation::Column::Id)
            .lock(LockType::NoKeyUpdate)
            .all(tx)
            .await?;
        let places = LockedConversations(found);
        for (at, post) in self.accepted().collect::<Vec<_>>() {
            let verdict = match places.find(post.target) {
                None => Verdict::Refused(post.target.missing(Permission::Post)),
                // A lounge chat asks its agent, which costs coins.
                Some(conversation) if conversation.kind == Kind::Lounge => Verdict::Returned,
                Some(_) => continue,
            };
            self.verdicts[at] = verdict;
        }
        Ok(places)
    }

    /// Returns the authors who may post, as they are known in the conversation, by the message's index in the batch.
    pub(super) async fn list_people(
        &mut self,
        tx: &UnitOfWork,
        places: &LockedConversations,
    ) -> Result<HashMap<usize, Person>> {
        let mut people = HashMap::new();
        self.check_rooms(tx, places, &mut people).await?;
        self.check_sessions(tx, places, &mut people).await?;
        self.check_support(tx, places, &mut people).await?;
        for (at, _) in self.accepted().collect::<Vec<_>>() {
            if !people.contains_key(&at) {
                self.verdicts[at] = Verdict::Returned;
            }
        }
        Ok(people)
    }

    /// The messages into conversations of one kind, with a part of the conversation.
    fn of_kind<'p, T>(
        &self,
        places: &'p LockedConversations,
        kind: Kind,
        of: impl Fn(&'p conversation::Model) -> Option<T>,
    ) -> Vec<(usize, &User, T)> {
        let found = self.accepted().filter_map(|(at, post)| {
            let conversation = places.find(post.target)?;
            (conversation.kind == kind).then_some((at, &post.actor, of(conversation)?))
        });
        found.collect()
    }

    async fn check_rooms(
        &mut self,
        tx: &UnitOfWork,
        places: &LockedConversations,
        people: &mut HashMap<usize, Person>,
    ) -> Result<()> {
        let rooms = self.of_kind(places, Kind::Room, |room| room.community_id);
        if rooms.is_empty() {
            return Ok(());
        }
        let keys: Vec<_> =
            rooms.iter().map(|(_, actor, community)| (*community, actor.id.as_str())).collect();
        let speakers = communities::list_member_states(tx, &keys).await?;
        let now = self.app.clock.now();
        let mut refused = Vec::new();
        for (at, actor, community) in rooms {
            let own = speakers.iter().find(|speaker| speaker.is(community, &actor.id));
            match own.ok_or(Error::Forbidden(CANNOT_POST)).and_then(|own| own.check(now)) {
                Ok(own) => _ = people.insert(at, Person::known_as(actor.clone(), own.display_name)),
                Err(error) => refused.push((at, error)),
            }
        }
        for (at, error) in refused {
            self.verdicts[at] = Verdict::Refused(error);
        }
        Ok(())
    }

    /// Accepts the space's owner and the participants while the session lasts; other authors are judged one by one.
    async fn check_sessions(
        &mut self,
        tx: &UnitOfWork,
        places: &LockedConversations,
        people: &mut HashMap<usize, Person>,
    ) -> Result<()> {
        let sessions = self.of_kind(places, Kind::SpaceSession, |chat| chat.space_session_id);
        if sessions.is_empty() {
            return Ok(());
        }
        let ids = || sessions.iter().map(|(_, _, session)| *session);
        let users = sessions.iter().map(|(_, actor, _)| actor.id.as_str());
        let here: Vec<(Uuid, space_session::Status, String)> = space_session::Entity::find()
            .select_only()
            .column(space_session::Column::Id)
            .column(space_session::Column::Status)
            .column(space::Column::OwnerId)
            .inner_join(space::Entity)
            .filter(space_session::Column::Id.is_in(ids()))
            .into_tuple()
            .all(tx)
            .await?;
        let taking_part: Vec<(Uuid, String)> = participant::Entity::find()
            .select_only()
            .column(participant::Column::SessionId)
            .column(participant::Column::UserId)
            .filter(participant::Column::SessionId.is_in(ids()))
            .filter(participant::Column::UserId.is_in(users))
            .filter(participant::Column::IsConnected.eq(true))
            .into_tuple()
            .all(tx)
            .await?;
        for (at, actor, session) in &sessions {
            let Some((_, status, owner)) = here.iter().find(|(id, _, _)| id == session) else { continue };
            let takes_part = || taking_part.iter().any(|(id, user)| id == session && *user == actor.id);
            if !spaces::has_ended(*status) && (*owner == actor.id || takes_part()) {
                people.insert(*at, Person::from((*actor).clone()));
            }
        }
        Ok(())
    }

    /// Accepts messages that change no status, ask no agent and stop no reply.
    async fn check_support(
        &mut self,
        tx: &UnitOfWork,
        places: &LockedConversations,
        people: &mut HashMap<usize, Person>,
    ) -> Result<()> {
        let chats = self.of_kind(places, Kind::Support, Some);
        if chats.is_empty() {
            return Ok(());
        }
        let said: Vec<_> = chats.iter().map(|(_, actor, chat)| (chat.id, actor.id.as_str())).collect();
        let plain = support::list_plain(tx, &said).await?;
        let mut verdicts = Vec::new();
        for ((at, actor, chat), is_plain) in chats.into_iter().zip(plain) {
            if !is_plain {
                continue;
            }
            match check_access(self.app, tx, actor, chat.clone(), Permission::Post).await {
                Ok(seat) => _ = people.insert(at, seat.person),
                Err(error) if error.is_failure() => return Err(error),
                Err(error) => verdicts.push((at, Verdict::Refused(error))),
            }
        }
        for (at, verdict) in verdicts {
            self.verdicts[at] = verdict;
        }
        Ok(())
    }

    /// Finds messages that were posted before with the same `clientKey`.
    pub(super) async fn find_repeated(
        &mut self,
        tx: &UnitOfWork,
        places: &LockedConversations,
    ) -> Result<()> {
        let keyed = |(at, post): (usize, &super::Post)| {
            let conversation = places.find(post.target)?.id;
            Some((at, conversation, post.actor.id.clone(), post.client_key.clone()?))
        };
        let keyed: Vec<_> = self.accepted().filter_map(keyed).collect();
        if keyed.is_empty() {
            return Ok(());
        }
        let these = keyed.iter().fold(Condition::any(), |any, (_, conversation, author, key)| {
            let this = Condition::all()
                .add(message::Column::ConversationId.eq(*conversation))
                .add(message::Column::AuthorId.eq(author))
                .add(message::Column::ClientKey.eq(key));
            any.add(this)
        });
        let found: Vec<MessageRow> = select_messages().filter(these).into_model().all(tx).await?;
        for (at, conversation, author, key) in keyed {
            let first = found.iter().find(|row| {
                let message = &row.message;
                message.conversation_id == conversation
                    && message.author_id.as_ref() == Some(&author)
                    && message.client_key.as_ref() == Some(&key)
            });
            if let Some(first) = first {
                self.verdicts[at] = Verdict::Repeated(Box::new(first.clone()));
            }
        }
        Ok(())
    }

    /// Refuses messages beyond the rate limit.
    pub(super) fn check_pace(&mut self, places: &LockedConversations) {
        for (at, post) in self.accepted().collect::<Vec<_>>() {
            let Some(conversation) = places.find(post.target) else { continue };
            match self.app.post_limiter.count(&post.actor.id, conversation.id) {
                Ok(()) => post.is_counted.store(true, Ordering::Relaxed),
                Err(error) => self.verdicts[at] = Verdict::Refused(error),
            }
        }
    }

    /// Refuses replies to messages that are not in the conversation.
    pub(super) async fn check_answered(
        &mut self,
        tx: &UnitOfWork,
        places: &LockedConversations,
    ) -> Result<()> {
        let answers =
            |(at, post): (usize, &super::Post)| Some((at, (places.find(post.target)?.id, post.reply_to?)));
        let answers: Vec<_> = self.accepted().filter_map(answers).collect();
        if answers.is_empty() {
            return Ok(());
        }
        let there: Vec<(Uuid, Uuid)> = message::Entity::find()
            .select_only()
            .column(message::Column::ConversationId)
            .column(message::Column::Id)
            .filter(message::Column::Id.is_in(answers.iter().map(|(_, (_, id))| *id)))
            .into_tuple()
            .all(tx)
            .await?;
        for (at, answered) in answers {
            if !there.contains(&answered) {
                self.verdicts[at] = Verdict::Refused(Error::NotFound("Message"));
            }
        }
        Ok(())
    }

    /// Leaves out messages that mention an agent.
    pub(super) async fn remove_mentions(
        &mut self,
        tx: &UnitOfWork,
        places: &LockedConversations,
    ) -> Result<()> {
        let may_mention = |(at, post): (usize, &super::Post)| {
            let conversation = places.find(post.target)?;
            let is_asked = post.may_mention && conversation.kind != Kind::Support;
            Some((at, conversation.community_id.filter(|_| is_asked)?))
        };
        let may_mention: Vec<_> = self.accepted().filter_map(may_mention).collect();
        if may_mention.is_empty() {
            return Ok(());
        }
        let contents: Vec<_> = may_mention
            .iter()
            .map(|(at, community)| (*community, self.posts[*at].content.as_str()))
            .collect();
        let calls = agents::list_mentioning(tx, &contents).await?;
        for ((at, _), calls) in may_mention.into_iter().zip(calls) {
            if calls {
                self.verdicts[at] = Verdict::Returned;
            }
        }
        Ok(())
    }

    /// The conversations with the indices of their accepted messages, in order.
    pub(super) fn by_conversation<'p>(
        &self,
        places: &'p LockedConversations,
    ) -> Vec<(&'p conversation::Model, Vec<usize>)> {
        let of = |conversation: &'p conversation::Model| {
            let own = self.accepted().filter(|(_, post)| post.target.is(conversation));
            (conversation, own.map(|(at, _)| at).collect::<Vec<_>>())
        };
        places.0.iter().map(of).filter(|(_, posts)| !posts.is_empty()).collect()
    }
}
