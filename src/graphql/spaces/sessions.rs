//! Space sessions and their participants.

use async_graphql::{
    Context, Enum, ID, InputObject, Json, MaybeUndefined, Object, ScalarType, Value,
    resolver_utils::enum_value, to_value,
};
use chrono::Utc;
use entity::{participant, space_session};

use super::Space;
use crate::{
    domain::{
        self, Cursor, PageRows,
        conversations::ConversationScope,
        spaces::{self, Join, SessionChange},
    },
    error::{Error, Result},
    graphql::{
        Coins, DateTime,
        agents::AgentListing,
        context::{ContextExt, uuid},
        conversations::Conversation,
        eager::{EagerFields, EagerList, SelectedField, read},
        loaders::{Participants, ReadableAt, Spaces},
        paging::{Connection, Node, ReadEager, selected},
        payloads::{
            JoinSpaceSessionPayload, LeaveSpaceSessionPayload, OpenSpaceSessionPayload,
            RemoveFromSpaceSessionPayload, UpdateSpaceSessionPayload,
        },
        update_input::{change, kept},
        users::User,
    },
};

/// States of a session: `WAITING`, then `ACTIVE` and `PAUSED` alternately, finally `FINISHED` or `CANCELLED`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "space_session::Status")]
pub(in crate::graphql) enum SpaceSessionStatus {
    /// The session is open and has not started.
    Waiting,
    /// The session is running.
    Active,
    /// The session is interrupted and may continue.
    Paused,
    /// The session ended normally.
    Finished,
    /// The session was abandoned.
    Cancelled,
}

/// Assignment of a participant's moves to the user or an agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "participant::ControlMode")]
pub(in crate::graphql) enum ControlMode {
    /// An agent decides.
    Agent,
    /// The user decides.
    Human,
    /// The user decides with an agent's help.
    Copilot,
}

/// One run of a space's app, with participants and shared state.
#[derive(Clone)]
pub(in crate::graphql) struct SpaceSession(pub(in crate::graphql) spaces::SpaceSession);

impl SpaceSession {
    pub(in crate::graphql) fn connection(slice: PageRows<spaces::SpaceSession>) -> Connection<Self> {
        Connection(slice.map(Self))
    }
}

impl Node for SpaceSession {
    const NAME: &'static str = Self::TYPE;
    const EAGER: Option<ReadEager<Self>> = Some(read);

    fn cursor(&self) -> Cursor {
        Cursor { rank: None, at: self.0.session.created_at, id: self.0.session.id }
    }
}

impl EagerFields for SpaceSession {
    const TYPE: &'static str = "SpaceSession";

    fn eager_field(&self, field: &str, _: &[SelectedField<'_>]) -> Option<Value> {
        let row = &self.0.session;
        let time = |at: Option<chrono::DateTime<Utc>>| at.map_or(Value::Null, |at| DateTime(at).to_value());
        Some(match field {
            "id" => Value::String(row.id.to_string()),
            "spaceId" => Value::String(row.space_id.to_string()),
            "status" => enum_value(SpaceSessionStatus::from(row.status)),
            "state" => to_value(&row.state).ok()?,
            "version" => Value::from(row.version),
            "currentPhase" => Value::from(row.current_phase.as_deref()),
            "prizePool" => Coins(row.prize_pool).to_value(),
            "startedAt" => time(row.started_at),
            "finishedAt" => time(row.finished_at),
            "createdAt" => time(Some(row.created_at)),
            "participantCount" => Value::from(self.0.participant_count),
            _ => return None,
        })
    }
}

/// One run of a space's app, with participants and shared state.
#[Object]
impl SpaceSession {
    /// Unique id of the object (UUID).
    pub(in crate::graphql) async fn id(&self) -> ID {
        self.0.session.id.into()
    }

    /// Id of the space.
    async fn space_id(&self) -> ID {
        self.0.session.space_id.into()
    }

    /// The space that the session belongs to.
    async fn space(&self, ctx: &Context<'_>) -> Result<Space> {
        let viewer = ctx.viewer()?.find_user().map(|user| user.id.clone());
        let space = ctx.load::<Spaces>((viewer, self.0.session.space_id)).await?;
        Ok(Space::new((space.ok_or(Error::NotFound("Space"))?, None)))
    }

    /// The chat of the session; null when the viewer may not read it.
    async fn conversation(&self, ctx: &Context<'_>) -> Result<Option<Conversation>> {
        let key = (ctx.user()?.id.clone(), ConversationScope::Session(self.0.session.id));
        Ok(ctx.load::<ReadableAt>(key).await?.map(Conversation::from))
    }

    /// Current state of the session.
    async fn status(&self) -> SpaceSessionStatus {
        self.0.session.status.into()
    }

    /// State of the app, as JSON.
    async fn state(&self) -> Json<serde_json::Value> {
        Json(self.0.session.state.clone())
    }

    /// Number of writes to `state`, from 0; pass it as `expectedVersion` when updating.
    async fn version(&self) -> i64 {
        self.0.session.version
    }

    /// The app's own name for the current phase; null when unset.
    async fn current_phase(&self) -> Option<&str> {
        self.0.session.current_phase.as_deref()
    }

    /// Prize of the session in coins.
    async fn prize_pool(&self) -> Coins {
        Coins(self.0.session.prize_pool)
    }

    /// Time when the session first became active; null when it has not started.
    async fn started_at(&self) -> Option<DateTime> {
        self.0.session.started_at.map(DateTime)
    }

    /// Time when the session finished or was cancelled; null before.
    async fn finished_at(&self) -> Option<DateTime> {
        self.0.session.finished_at.map(DateTime)
    }

    /// Time when the session was opened.
    async fn created_at(&self) -> DateTime {
        self.0.session.created_at.into()
    }

    /// Number of connected participants.
    async fn participant_count(&self) -> i64 {
        self.0.participant_count
    }

    /// Current and former participants, in the order of joining; the first 100.
    async fn participants(&self, ctx: &Context<'_>) -> Result<Vec<Participant>> {
        let rows = ctx.load::<Participants>(self.0.session.id).await?;
        Ok(rows.unwrap_or_default().into_iter().map(|(row, user)| Participant { row, user }).collect())
    }
}

/// A user's participation in a session.
pub(in crate::graphql) struct Participant {
    pub(in crate::graphql) row: participant::Model,
    pub(in crate::graphql) user: Option<domain::User>,
}

/// A user's participation in a session.
#[Object]
impl Participant {
    /// Unique id of the object (UUID).
    pub(in crate::graphql) async fn id(&self) -> ID {
        self.row.id.into()
    }

    /// The account of the participant.
    async fn user(&self) -> User {
        User::maybe(self.row.user_id.clone(), self.user.clone())
    }

    /// Id of the agent that plays for the user; null when none does.
    async fn agent_id(&self) -> Option<ID> {
        self.row.agent_id.map(ID::from)
    }

    /// The agent that plays for the user; null when none does or it is archived.
    async fn agent_listing(&self, ctx: &Context<'_>) -> Result<Option<AgentListing>> {
        AgentListing::find_maybe(ctx, self.row.agent_id).await
    }

    /// The participant's role in the session.
    async fn role(&self) -> &str {
        &self.row.role
    }

    /// Whether the user, an agent or both decide the participant's moves.
    async fn control_mode(&self) -> ControlMode {
        self.row.control_mode.into()
    }

    /// Whether the participant is connected now.
    async fn is_connected(&self) -> bool {
        self.row.is_connected
    }

    /// Time when the participant first joined.
    async fn joined_at(&self) -> DateTime {
        self.row.joined_at.into()
    }
}

/// Input of `openSpaceSession`.
#[derive(InputObject)]
pub(in crate::graphql) struct OpenSpaceSessionInput {
    /// Id of the space to open the session in.
    space_id: ID,
}

/// Input of `joinSpaceSession`.
#[derive(InputObject)]
pub(in crate::graphql) struct JoinSpaceSessionInput {
    /// Id of the space session.
    session_id: ID,
    /// Id of the space that the session belongs to; a mismatch is refused.
    space_id: Option<ID>,
    /// Id of the agent that plays for the viewer; must be owned by the viewer.
    agent_id: Option<String>,
    /// The participant's role in the session.
    #[graphql(default_with = "Some(\"player\".to_owned())")]
    role: Option<String>,
    /// Assigns the participant's moves to the user, an agent or both.
    #[graphql(default_with = "Some(ControlMode::Human)")]
    control_mode: Option<ControlMode>,
}

/// Input of `leaveSpaceSession`.
#[derive(InputObject)]
pub(in crate::graphql) struct LeaveSpaceSessionInput {
    /// Id of the space session.
    session_id: ID,
    /// Id of the space that the session belongs to; a mismatch is refused.
    space_id: Option<ID>,
}

/// Input of `removeFromSpaceSession`.
#[derive(InputObject)]
pub(in crate::graphql) struct RemoveFromSpaceSessionInput {
    /// Id of the space session.
    session_id: ID,
    /// Id of the participant's account.
    user_id: ID,
}

/// Input of `updateSpaceSession`. An omitted field stays unchanged; null is refused where it has no meaning.
#[derive(InputObject)]
pub(in crate::graphql) struct UpdateSpaceSessionInput {
    /// Id of the space session.
    session_id: ID,
    /// The new state of the app, an object of at most 64 KiB; null empties it.
    state: MaybeUndefined<Json<serde_json::Value>>,
    /// The `version` that the client read; when the stored version differs, the change is refused with
    /// `VERSION_CONFLICT`. Null skips the comparison.
    expected_version: Option<i64>,
    /// The app's own name for the current phase, at most 100 characters; null removes it.
    phase: MaybeUndefined<String>,
    /// The next status of the session; a transition that `SpaceSessionStatus` does not allow is refused.
    status: MaybeUndefined<SpaceSessionStatus>,
}

/// Queries about space sessions.
#[derive(Default)]
pub(in crate::graphql) struct SpaceSessionQuery;

#[Object]
impl SpaceSessionQuery {
    /// Finds a session of a space that the viewer may see. Returns null otherwise.
    async fn space_session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the space session.")] id: ID,
    ) -> Result<Option<SpaceSession>> {
        Ok(spaces::find_session(ctx.app()?, ctx.user()?, uuid("id", &id)?).await?.map(SpaceSession))
    }

    /// Lists the sessions of a space that the viewer may see, newest first (at most 1000).
    #[graphql(deprecation = "For REST: use `Space.sessions`.")]
    async fn space_sessions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the space.")] space_id: ID,
    ) -> Result<EagerList<SpaceSession>> {
        let space = uuid("spaceId", &space_id)?;
        let with_state = selected(ctx, &["state"]);
        let slice = spaces::list_sessions(ctx.app()?, ctx.user()?, space, with_state).await?;
        Ok(EagerList(slice.rows.into_iter().map(SpaceSession).collect()))
    }
}

/// Mutations of space sessions.
#[derive(Default)]
pub(in crate::graphql) struct SpaceSessionMutation;

#[Object]
impl SpaceSessionMutation {
    /// Opens a session in a space with the viewer as its first participant. Users who take part in 500 open sessions of the
    /// space are refused.
    async fn open_space_session(
        &self,
        ctx: &Context<'_>,
        input: OpenSpaceSessionInput,
    ) -> Result<OpenSpaceSessionPayload> {
        let space = uuid("spaceId", &input.space_id)?;
        let session = spaces::open_session(ctx.app()?, ctx.user()?, space).await?;
        Ok(OpenSpaceSessionPayload { space_session: SpaceSession(session) })
    }

    /// Joins a session, or reconnects to one that the viewer joined before.
    async fn join_space_session(
        &self,
        ctx: &Context<'_>,
        input: JoinSpaceSessionInput,
    ) -> Result<JoinSpaceSessionPayload> {
        let user = ctx.user()?;
        let space = input.space_id.as_ref().map(|id| uuid("spaceId", id)).transpose()?;
        let session = uuid("sessionId", &input.session_id)?;
        let join = Join {
            agent_id: input.agent_id,
            role: input.role,
            control_mode: input.control_mode.map(Into::into),
        };
        let joined = spaces::join(ctx.app()?, user, space, session, join).await?;
        let participant = Participant { row: joined.participant, user: Some(user.clone()) };
        Ok(JoinSpaceSessionPayload { participant, is_new: joined.created })
    }

    /// Leaves a session. Idempotent.
    async fn leave_space_session(
        &self,
        ctx: &Context<'_>,
        input: LeaveSpaceSessionInput,
    ) -> Result<LeaveSpaceSessionPayload> {
        let user = ctx.user()?;
        let space = input.space_id.as_ref().map(|id| uuid("spaceId", id)).transpose()?;
        let session = uuid("sessionId", &input.session_id)?;
        let row = spaces::leave(ctx.app()?, user, space, session).await?;
        Ok(LeaveSpaceSessionPayload { participant: Participant { row, user: Some(user.clone()) } })
    }

    /// Updates state, phase or status of a session if its version still equals `expectedVersion`. Owner of the space
    /// and participants only.
    async fn update_space_session(
        &self,
        ctx: &Context<'_>,
        input: UpdateSpaceSessionInput,
    ) -> Result<UpdateSpaceSessionPayload> {
        let change = SessionChange {
            state: change(input.state.map_value(|state| state.0)),
            expected_version: input.expected_version,
            phase: change(input.phase),
            status: kept("status", input.status)?.map(Into::into),
        };
        let session = uuid("sessionId", &input.session_id)?;
        let session = spaces::update_session(ctx.app()?, ctx.user()?, session, change).await?;
        Ok(UpdateSpaceSessionPayload { space_session: SpaceSession(session) })
    }

    /// Ends a user's participation in a session, and their subscriptions when they may no longer see the
    /// space. Owner of the space only.
    async fn remove_from_space_session(
        &self,
        ctx: &Context<'_>,
        input: RemoveFromSpaceSessionInput,
    ) -> Result<RemoveFromSpaceSessionPayload> {
        let id = uuid("sessionId", &input.session_id)?;
        let session = spaces::remove_from_session(ctx.app()?, ctx.user()?, id, &input.user_id).await?;
        Ok(RemoveFromSpaceSessionPayload { space_session: SpaceSession(session) })
    }
}
