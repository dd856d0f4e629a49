//! Objects by their ids, under the rights of each type.
//!
//! An object's id is that of its row, a UUID, or for users opaque text. Objects that would share the id of another
//! one have a prefix before it: see `NodeId`.

use std::collections::HashMap;

use async_graphql::{Context, ID, Interface, Object};
use futures_util::future;
use uuid::Uuid;

use super::{
    admin::Account,
    agents::{AgentListing, CommunityAgent, loaders::CommunityAgents, replies::AgentReply},
    audit::AuditEvent,
    blocks::BlockedUser,
    communities::{
        kinds::{Club, Community, Lounge, OfficialAccount},
        loaders::OwnMemberships,
        memberships::Membership,
        moderation::Ban,
    },
    context::ContextExt,
    conversations::{Conversation, messages::Message},
    dataloader::Loader,
    lists,
    loaders::{Conversations, Participants, Sessions, Spaces, Users},
    lounges::{LoungeSubscription, loaders::OwnSubscriptions},
    reports::Report,
    spaces::{
        Space,
        sessions::{Participant, SpaceSession},
    },
    support::{
        SupportChat,
        desk::{CannedAnswer, SupportNote},
        official::SupportSettings,
    },
    users::User,
    verification::VerificationRequest,
    viewer::{ApiKey, LoginSession, Viewer},
    wallet::{Wallet, WalletEntry},
};
use crate::{
    app::App,
    domain::{
        self, accounts, agents, audit_log, blocks,
        communities::{self, Action, may},
        conversations::VisibleConversation,
        reports,
        row_kinds::{self, KnownRow, RowKind},
        support, verification, wallet,
    },
    error::{Error, Result},
};

/// The id of an object that has no row of its own, or shares one with another type.
pub(super) enum NodeId {
    /// The viewer's account, by the id of the user.
    Viewer(String),
    /// An account as administrators see it, by the id of the user.
    Account(String),
    /// A wallet, by the id of its owner.
    Wallet(String),
    /// The support settings of a community.
    SupportSettings(Uuid),
    /// Any object with a row, or a user.
    Row(Uuid),
    /// A user.
    User(String),
}

impl NodeId {
    /// Returns the id as clients see it.
    pub(super) fn encode(&self) -> ID {
        match self {
            Self::Viewer(id) => ID(format!("viewer:{id}")),
            Self::Account(id) => ID(format!("account:{id}")),
            Self::Wallet(id) => ID(format!("wallet:{id}")),
            Self::SupportSettings(id) => ID(format!("support_settings:{id}")),
            Self::Row(id) => (*id).into(),
            Self::User(id) => ID(id.clone()),
        }
    }

    fn decode(id: &str) -> Self {
        if let Ok(id) = Uuid::try_parse(id) {
            return Self::Row(id);
        }
        match id.split_once(':') {
            Some(("viewer", user)) => Self::Viewer(user.to_owned()),
            Some(("account", user)) => Self::Account(user.to_owned()),
            Some(("wallet", owner)) => Self::Wallet(owner.to_owned()),
            Some(("support_settings", community)) => {
                Uuid::try_parse(community).map_or_else(|_| Self::User(id.to_owned()), Self::SupportSettings)
            }
            _ => Self::User(id.to_owned()),
        }
    }
}

/// An object with an id that is unique across all types.
#[derive(Interface)]
#[graphql(
    name = "Node",
    field(
        name = "id",
        ty = "ID",
        desc = "Id of the object, unique over all types. Treat it as opaque text."
    )
)]
pub(super) enum NodeObject {
    Account(Account),
    AgentListing(AgentListing),
    AgentReply(AgentReply),
    ApiKey(ApiKey),
    AuditEvent(AuditEvent),
    Ban(Ban),
    BlockedUser(BlockedUser),
    CannedAnswer(CannedAnswer),
    Club(Club),
    CommunityAgent(CommunityAgent),
    Conversation(Conversation),
    LoginSession(LoginSession),
    Lounge(Lounge),
    LoungeSubscription(LoungeSubscription),
    Membership(Membership),
    Message(Message),
    OfficialAccount(OfficialAccount),
    Participant(Participant),
    Report(Report),
    Space(Space),
    SpaceSession(SpaceSession),
    SupportChat(SupportChat),
    SupportNote(SupportNote),
    SupportSettings(SupportSettings),
    User(User),
    VerificationRequest(VerificationRequest),
    Viewer(Viewer),
    Wallet(Wallet),
    WalletEntry(WalletEntry),
}

impl From<Community> for NodeObject {
    fn from(community: Community) -> Self {
        match community {
            Community::Club(club) => club.into(),
            Community::OfficialAccount(account) => account.into(),
            Community::Lounge(lounge) => lounge.into(),
        }
    }
}

/// Loads the kinds of rows by id.
struct Kinds;

impl Loader for Kinds {
    type Key = Uuid;
    type Value = KnownRow;

    async fn load(app: &App, ids: &[Uuid]) -> Result<HashMap<Uuid, KnownRow>> {
        let rows = row_kinds::list_kinds(app, ids).await?;
        Ok(rows.into_iter().map(|row| (row.id, row)).collect())
    }
}

/// Queries for objects by id.
#[derive(Default)]
pub(super) struct NodeQuery;

#[Object]
impl NodeQuery {
    /// Finds an object of any type that the viewer may see; null otherwise.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The `id` of the object.")] id: ID,
    ) -> Result<Option<NodeObject>> {
        find(ctx, &id).await
    }

    /// Finds up to 50 objects of any type, in the order of their ids; null for each that the viewer may not see.
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The `id` of each object; at most 50.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<NodeObject>>> {
        if ids.len() > lists::NODES {
            return Err(Error::invalid("ids", format!("ids must have at most {} items", lists::NODES)));
        }
        future::try_join_all(ids.iter().map(|id| find(ctx, id))).await
    }
}

async fn find(ctx: &Context<'_>, id: &str) -> Result<Option<NodeObject>> {
    let viewer = ctx.viewer()?.find_user();
    match NodeId::decode(id) {
        NodeId::Row(row) => {
            // The ids of users are UUIDs as well, unless another system gave them.
            let Some(row) = ctx.load::<Kinds>(row).await? else {
                return Ok(User::find(ctx, id).await?.map(Into::into));
            };
            seen(Box::pin(of_row(ctx, row)).await).map(Option::flatten)
        }
        NodeId::User(id) => Ok(User::find(ctx, &id).await?.map(Into::into)),
        NodeId::Viewer(id) => {
            Ok(viewer.filter(|user| user.id == id).cloned().map(|user| Viewer(user).into()))
        }
        NodeId::Wallet(id) => Ok(viewer.filter(|user| user.id == id).map(|user| Wallet::of(user).into())),
        NodeId::Account(id) => {
            if !viewer.is_some_and(|user| user.is_admin) {
                return Ok(None);
            }
            let found = ctx.load::<Users>(id).await?.filter(|user| user.deleted_at.is_none());
            Ok(found.map(|user| Account::from(user).into()))
        }
        NodeId::SupportSettings(id) => {
            let Some(user) = viewer else { return Ok(None) };
            let found = seen(support::get_settings(ctx.app()?, user, id).await)?;
            Ok(found.map(|settings| SupportSettings(settings).into()))
        }
    }
}

/// Finds an object with a row. Rows that everyone may see come first; the others need an account.
async fn of_row(ctx: &Context<'_>, row: KnownRow) -> Result<Option<NodeObject>> {
    let viewer = ctx.viewer()?.find_user();
    let (app, id) = (ctx.app()?, row.id);
    match row.kind {
        RowKind::Space => {
            let space = ctx.load::<Spaces>((viewer.map(|user| user.id.clone()), id)).await?;
            return Ok(space.map(|space| Space::new((space, None)).into()));
        }
        RowKind::Community => return Ok(Community::find(ctx, id).await?.map(Into::into)),
        RowKind::AgentListing => {
            let found = agents::find_listing(app, viewer, id).await?;
            return Ok(found.map(|row| AgentListing::new((row, None)).into()));
        }
        RowKind::CommunityAgent => {
            if Community::find(ctx, row.owner).await?.is_none() {
                return Ok(None);
            }
            let places = ctx.load::<CommunityAgents>(row.owner).await?.unwrap_or_default();
            let place = places.into_iter().find(|(place, _)| place.id == id);
            return Ok(place.map(|place| CommunityAgent(place).into()));
        }
        RowKind::Membership => {
            if Community::find(ctx, row.owner).await?.is_none() {
                return Ok(None);
            }
            let found = communities::find_member(app, id).await?;
            return Ok(found.map(|row| Membership::new(row).into()));
        }
        _ => {}
    }
    let Some(user) = viewer else { return Ok(None) };
    own_row(ctx, user, row).await
}

async fn own_row(ctx: &Context<'_>, user: &domain::User, row: KnownRow) -> Result<Option<NodeObject>> {
    let (app, id) = (ctx.app()?, row.id);
    Ok(match row.kind {
        RowKind::AgentReply => {
            agents::find_reply(app, user, id).await?.map(|(row, right)| AgentReply::new(row, right).into())
        }
        RowKind::ApiKey => {
            let keys = accounts::list_keys(app, user).await?;
            keys.into_iter().find(|key| key.id == id).map(|key| ApiKey::from(key).into())
        }
        RowKind::AuditEvent => audit_log::find(app, user, id).await?.map(|row| AuditEvent(row).into()),
        RowKind::Ban => {
            let own = ctx.load::<OwnMemberships>((user.id.clone(), row.owner)).await?;
            if !own.is_some_and(|own| may(own.role, Action::Ban)) {
                return Ok(None);
            }
            communities::find_ban(app, id).await?.map(|row| Ban { row }.into())
        }
        RowKind::Block => blocks::find_own(app, user, id).await?.map(|row| BlockedUser(row).into()),
        RowKind::CannedAnswer => {
            let canned = support::list_canned(app, user, row.owner).await?;
            canned.into_iter().find(|canned| canned.id == id).map(|canned| CannedAnswer(canned).into())
        }
        RowKind::Conversation => Conversation::find(ctx, id).await?.map(Into::into),
        RowKind::Journal => wallet::find_entry(app, user, id).await?.map(|entry| WalletEntry(entry).into()),
        RowKind::LoginSession => {
            let viewer = ctx.viewer()?;
            let session = accounts::find_session(app, user, id).await?;
            session.map(|session| LoginSession::seen_by(session, viewer).into())
        }
        RowKind::LoungeSubscription => {
            let own = ctx.load::<OwnSubscriptions>((user.id.clone(), row.owner)).await?;
            own.filter(|own| own.id == id).map(|own| LoungeSubscription(own).into())
        }
        RowKind::Message => Message::find(ctx, row.owner, id).await?.map(Into::into),
        RowKind::Participant => {
            if ctx.load::<Sessions>((user.id.clone(), row.owner)).await?.is_none() {
                return Ok(None);
            }
            let rows = ctx.load::<Participants>(row.owner).await?.unwrap_or_default();
            let row = rows.into_iter().find(|(row, _)| row.id == id);
            row.map(|(row, user)| Participant { row, user }.into())
        }
        RowKind::Report => reports::find(app, user, id).await?.map(|(row, own)| Report { row, own }.into()),
        RowKind::SpaceSession => {
            ctx.load::<Sessions>((user.id.clone(), id)).await?.map(|row| SpaceSession(row).into())
        }
        RowKind::SupportChat => {
            let found = ctx.load::<Conversations>((user.id.clone(), row.owner)).await?;
            if found.as_ref().and_then(VisibleConversation::readable).is_none() {
                return Ok(None);
            }
            SupportChat::load(ctx, row.owner).await?.map(Into::into)
        }
        RowKind::SupportNote => support::find_note(app, user, id).await?.map(|note| SupportNote(note).into()),
        RowKind::VerificationRequest => {
            verification::find(app, user, id).await?.map(|row| VerificationRequest(row).into())
        }
        RowKind::AgentListing
        | RowKind::Community
        | RowKind::CommunityAgent
        | RowKind::Membership
        | RowKind::Space => None,
    })
}

/// Converts a refusal to `None`: for the viewer, an object that they may not see does not exist.
fn seen<T>(found: Result<T>) -> Result<Option<T>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(
            Error::Forbidden(_)
            | Error::MemberBanned
            | Error::MembershipExpired
            | Error::Missing(_)
            | Error::NotFound(_),
        ) => Ok(None),
        Err(error) => Err(error),
    }
}
