//! The kinds of community. Each consists of the shared core and parts with the fields that only this kind
//! has.

use std::ops::Deref;

use async_graphql::{Context, ID, Interface, MergedObject};
use entity::community;
use uuid::Uuid;

use super::{
    CommunityCore, CommunityKind, CommunityLanguage, CommunityStatus, CsMode,
    loaders::{Communities, ViewerId},
    memberships::{MemberRole, Membership},
    moderation::Ban,
};
use crate::{
    domain::{Cursor, PageRows, communities::CommunityRow},
    error::Result,
    graphql::{
        Coins, DateTime,
        agents::{AgentListing, CommunityAgent},
        context::ContextExt,
        conversations::Conversation,
        lounges::LoungePart,
        nullable::Nullable,
        paging::{Connection, Node},
        support::official::OfficialSupport,
        users::User,
        verification::OfficialVerification,
    },
};

/// Declares a kind of community from `CommunityCore` and the parts with its additional fields.
macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $kind:ident($($part:ty),*);)+) => {
        $(
            $(#[doc = $doc])+
            #[derive(MergedObject)]
            pub(in crate::graphql) struct $kind(CommunityCore $(, $part)*);

            impl Deref for $kind {
                type Target = CommunityCore;

                fn deref(&self) -> &CommunityCore {
                    &self.0
                }
            }
        )+
    };
}

kinds! {
    /// A community of people who share an interest.
    Club();
    /// A business that serves its customers in support chats.
    OfficialAccount(OfficialVerification, OfficialSupport);
    /// A creator's community with an agent that answers by voice.
    Lounge(LoungePart);
}

/// An organisation with members and a room: a club, an official account or a lounge.
#[derive(Interface)]
#[expect(clippy::duplicated_attributes, reason = "fields of one type are no duplicates")]
#[graphql(
    field(name = "id", ty = "ID", desc = "Unique id of the object (UUID)."),
    field(
        name = "creator",
        ty = "User",
        desc = "The account that runs the community, under its account name."
    ),
    field(name = "name", ty = "String", desc = "Display name, 1 to 100 characters."),
    field(
        name = "description",
        ty = "Option<String>",
        desc = "Description of the community; null when none is set."
    ),
    field(
        name = "kind",
        ty = "CommunityKind",
        desc = "Whether this is a club, an official account or a lounge."
    ),
    field(
        name = "join_fee",
        ty = "Coins",
        desc = "One-time fee for joining, in whole coins; 0 is free of charge."
    ),
    field(
        name = "monthly_fee",
        ty = "Coins",
        desc = "Fee for 30 days of membership, in whole coins; 0 is free of charge."
    ),
    field(
        name = "agent_call_fee",
        ty = "Coins",
        desc = "Fee for each question to an agent, in whole coins; 0 is free of charge."
    ),
    field(
        name = "can_mention_agents",
        ty = "bool",
        desc = "Whether `@name` in a message asks that agent, for `agentCallFee`."
    ),
    field(
        name = "language",
        ty = "CommunityLanguage",
        desc = "Language of the system messages in its conversations."
    ),
    field(
        name = "status",
        ty = "CommunityStatus",
        desc = "Whether the community is open, suspended or archived."
    ),
    field(
        name = "member_count",
        ty = "i64",
        desc = "Number of members, including those whose membership expired and excluding banned users."
    ),
    field(name = "avatar_url", ty = "Option<String>", desc = "URL of the picture; null when none is set."),
    field(
        name = "cover_image_url",
        ty = "Option<String>",
        desc = "URL of the banner picture of the community's page; null when none is set."
    ),
    field(
        name = "category",
        ty = "Option<String>",
        desc = "Category slug such as `board_game`; null when none is set."
    ),
    field(
        name = "tags",
        ty = "Option<Vec<String>>",
        desc = "Keywords of the community; null when none are set."
    ),
    field(
        name = "is_verified",
        ty = "bool",
        desc = "True when the platform verified the identity of the community."
    ),
    field(name = "cs_mode", ty = "CsMode", desc = "Assigns customers to the agent, to people or to both."),
    field(
        name = "default_agent_listing_id",
        ty = "Option<ID>",
        desc = "Id of the agent that answers customers first; null when none is set."
    ),
    field(
        name = "default_agent_listing",
        ty = "Option<AgentListing>",
        desc = "The agent that answers customers first; null when none is set."
    ),
    field(name = "created_at", ty = "DateTime", desc = "Time of creation."),
    field(name = "updated_at", ty = "DateTime", desc = "Time of the last change."),
    field(
        name = "agents",
        ty = "Vec<CommunityAgent>",
        desc = "The agents that members can ask, in the order of addition."
    ),
    field(
        name = "members",
        ty = "Connection<Membership>",
        desc = "The members: creator, then moderators, then others by time of joining. Pages by cursor or by page number.",
        arg(name = "role", ty = "Option<MemberRole>", desc = "Returns only members with this role."),
        arg(
            name = "first",
            ty = "Option<i32>",
            desc = "Returns the first n items (default 20, maximum 50)."
        ),
        arg(name = "after", ty = "Option<String>", desc = "Returns the items after this cursor."),
        arg(name = "last", ty = "Option<i32>", desc = "Returns the last n items (maximum 50)."),
        arg(name = "before", ty = "Option<String>", desc = "Returns the items before this cursor."),
        arg(name = "page", ty = "Option<i32>", desc = "Page number, from 1."),
        arg(name = "limit", ty = "Option<i32>", desc = "Items per page (default 20, maximum 50).")
    ),
    field(
        name = "viewer_membership",
        ty = "Option<Membership>",
        desc = "The viewer's membership; null when the viewer is not a member."
    ),
    field(
        name = "conversation",
        ty = "Option<Conversation>",
        desc = "The room of the community; null for non-members and for members whose membership has expired."
    ),
    field(
        name = "monthly_revenue",
        ty = "Option<Coins>",
        desc = "Whole coins that the creator earned from members' fees in the last 30 days; null for other viewers."
    ),
    field(
        name = "bans",
        ty = "Nullable<Connection<Ban>>",
        desc = "Banned users, newest ban first; null with an error unless the viewer is the creator or a moderator.",
        arg(
            name = "first",
            ty = "Option<i32>",
            desc = "Returns the first n items (default 20, maximum 50)."
        ),
        arg(name = "after", ty = "Option<String>", desc = "Returns the items after this cursor."),
        arg(name = "last", ty = "Option<i32>", desc = "Returns the last n items (maximum 50)."),
        arg(name = "before", ty = "Option<String>", desc = "Returns the items before this cursor.")
    )
)]
pub(in crate::graphql) enum Community {
    /// A community of people who share an interest.
    Club(Club),
    /// A business that serves its customers in support chats.
    OfficialAccount(OfficialAccount),
    /// A creator's community with an agent that answers by voice.
    Lounge(Lounge),
}

impl Community {
    pub(in crate::graphql) fn new((row, creator): CommunityRow) -> Self {
        let kind = row.kind;
        let core = CommunityCore { row, creator };
        match kind {
            community::Kind::Club => Self::Club(Club(core)),
            community::Kind::Official => {
                let verification = OfficialVerification::of(&core.row);
                let support = OfficialSupport::of(&core.row);
                Self::OfficialAccount(OfficialAccount(core, verification, support))
            }
            community::Kind::Lounge => Self::Lounge(Lounge::of(core)),
        }
    }

    /// Finds the community that an object belongs to, if it belongs to one.
    pub(in crate::graphql) async fn find_maybe(ctx: &Context<'_>, id: Option<Uuid>) -> Result<Option<Self>> {
        match id {
            Some(id) => Self::find(ctx, id).await,
            None => Ok(None),
        }
    }

    /// Finds a community; `None` if the viewer may not see it. Administrators see all.
    pub(in crate::graphql) async fn find(ctx: &Context<'_>, id: Uuid) -> Result<Option<Self>> {
        let viewer = ctx.viewer()?;
        let seer = match viewer.find_user() {
            Some(user) if user.is_admin => ViewerId::Administrator,
            Some(user) => ViewerId::Account(user.id.clone()),
            None => ViewerId::Anonymous,
        };
        let row = ctx.load::<Communities>((seer, id)).await?;
        Ok(row.map(|row| Self::new((row, None))))
    }

    pub(in crate::graphql) fn connection(slice: PageRows<CommunityRow>) -> Connection<Self> {
        Connection(slice.map(Self::new))
    }

    pub(in crate::graphql) fn list(rows: Vec<community::Model>) -> Vec<Self> {
        rows.into_iter().map(|row| Self::new((row, None))).collect()
    }

    fn core(&self) -> &CommunityCore {
        match self {
            Self::Club(club) => club,
            Self::OfficialAccount(account) => account,
            Self::Lounge(lounge) => lounge,
        }
    }
}

impl Lounge {
    pub(in crate::graphql) fn new((row, creator): CommunityRow) -> Self {
        Self::of(CommunityCore { row, creator })
    }

    fn of(core: CommunityCore) -> Self {
        let part = LoungePart { id: core.row.id, creator_id: core.row.creator_id.clone() };
        Self(core, part)
    }
}

impl Node for Community {
    const NAME: &'static str = "Community";

    fn cursor(&self) -> Cursor {
        let row = &self.core().row;
        Cursor { rank: Some(row.member_count), at: row.created_at, id: row.id }
    }
}
