//! Making, changing and closing communities.

use chrono::{DateTime, Utc};
use entity::{
    community::{self, CsMode, Kind, Status},
    membership::{self, Role},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel,
    QueryFilter, sea_query::Expr,
};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{
    access::{check_active, get_locked},
    lifecycle::Lifecycle,
    members::{admit, find},
    roles::{Action, may, refusal},
    rules,
    tallies::{Counted, shift},
};
use crate::{
    app::App,
    database::Transaction,
    domain::{
        Error, Late, Result, User, Write,
        audit::{self, Deed},
        conversations, lounges, text, verification,
    },
};

/// A community to be made.
#[derive(Clone, Debug, Default)]
pub struct NewCommunity {
    /// 1 to 100 characters.
    pub name: String,
    /// None unless given.
    pub description: Option<String>,
    /// A club unless given.
    pub kind: Option<Late<Kind>>,
    /// Whole coins; 0 unless given.
    pub join_fee: Option<i64>,
    /// Whole coins; 0 unless given.
    pub monthly_fee: Option<i64>,
    /// Whole coins; 0 unless given.
    pub agent_call_fee: Option<i64>,
    /// A slug.
    pub category: Option<String>,
    /// None unless given.
    pub tags: Option<Vec<String>>,
    /// URL of a picture.
    pub avatar_url: Option<String>,
    /// URL of a picture.
    pub cover_image_url: Option<String>,
    /// An agent unless given.
    pub cs_mode: Option<Late<CsMode>>,
    /// A listing's id; what is no UUID is read as absent.
    pub default_agent_listing_id: Option<String>,
    /// Whether `@name` in a message asks the agent of that name; false unless given.
    pub agent_mentions: Option<bool>,
}

/// What of a community changes; `None` leaves it, `Some(None)` takes it away.
#[derive(Clone, Debug, Default)]
pub struct CommunityChange {
    /// 1 to 100 characters.
    pub name: Option<String>,
    /// At most 5000 characters.
    pub description: Option<Option<String>>,
    /// Whole coins.
    pub join_fee: Option<i64>,
    /// Whole coins; those who are members keep what they paid for.
    pub monthly_fee: Option<i64>,
    /// Whole coins.
    pub agent_call_fee: Option<i64>,
    /// A slug.
    pub category: Option<Option<String>>,
    /// At most 20.
    pub tags: Option<Option<Vec<String>>>,
    /// URL of a picture.
    pub avatar_url: Option<Option<String>>,
    /// URL of a picture.
    pub cover_image_url: Option<Option<String>>,
    /// Who answers its customers.
    pub cs_mode: Option<Late<CsMode>>,
    /// A listing's id; what is no UUID is read as absent.
    pub default_agent_listing_id: Option<Option<String>>,
    /// Whether `@name` in a message asks the agent of that name.
    pub agent_mentions: Option<bool>,
}

/// Makes a community; the actor is its creator and first member.
///
/// # Errors
/// [`Error::Invalid`] for name, type and mode, in this order, then for the rest.
pub async fn create(app: &App, actor: &User, new: NewCommunity) -> Result<community::Model> {
    rules::name(&new.name)?;
    let kind = rules::kind(new.kind.clone())?;
    let draft = draft(app, actor, kind, new)?;
    let tx = app.begin(actor).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let community = draft.open(app, &tx).await?;
    tx.commit(community).await
}

/// A community whose values were judged, but for its agent.
pub(in crate::domain) struct Draft {
    community: community::ActiveModel,
    creator_id: String,
    listing: Option<String>,
}

/// Judges the values of a community of this kind.
///
/// # Errors
/// [`Error::Invalid`].
pub(in crate::domain) fn draft(app: &App, actor: &User, kind: Kind, new: NewCommunity) -> Result<Draft> {
    let name = rules::name(&new.name)?;
    let cs_mode = new.cs_mode.map_or(Ok(CsMode::AiOnly), rules::cs_mode)?;
    let description = new.description.map(rules::description).transpose()?.flatten();
    let now = app.clock.now();
    let community = community::ActiveModel {
        id: Set(app.new_id()?),
        creator_id: Set(actor.id.clone()),
        kind: Set(kind),
        search_fold: Set(rules::search_fold(&name, description.as_deref())),
        name: Set(name),
        description: Set(description),
        join_fee: Set(rules::JOIN_FEE.check(new.join_fee.unwrap_or_default())?),
        monthly_fee: Set(rules::MONTHLY_FEE.check(new.monthly_fee.unwrap_or_default())?),
        agent_call_fee: Set(rules::AGENT_CALL_FEE.check(new.agent_call_fee.unwrap_or_default())?),
        agent_mentions: Set(new.agent_mentions.unwrap_or(false)),
        status: Set(Status::Active),
        member_count: Set(0),
        avatar_url: Set(new.avatar_url.map(|url| text::picture_url("avatarUrl", &url)).transpose()?),
        cover_image_url: Set(new
            .cover_image_url
            .map(|url| text::picture_url("coverImageUrl", &url))
            .transpose()?),
        category: Set(new.category.map(|category| text::slug("category", &category)).transpose()?),
        tags: Set(new.tags.map(rules::tags).transpose()?),
        verified: Set(false),
        cs_mode: Set(cs_mode),
        default_agent_listing_id: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
    };
    Ok(Draft { community, creator_id: actor.id.clone(), listing: new.default_agent_listing_id })
}

impl Draft {
    /// Makes the community with its room; whoever makes it is its creator and first member.
    ///
    /// # Errors
    /// [`Error::Invalid`] for the agent.
    pub(in crate::domain) async fn open(self, app: &App, tx: &Write) -> Result<community::Model> {
        let mut community = self.community;
        if let Some(listing) = self.listing {
            community.default_agent_listing_id = Set(rules::listing(tx, &listing).await?);
        }
        let mut community = community.insert(tx).await?;
        shift(tx, None, counted(&community)).await?;
        conversations::open_room(app, tx, community.id).await?;
        admit(app, tx, &community, &self.creator_id, Role::Creator, Lifecycle::Open).await?;
        community.member_count = 1;
        Ok(community)
    }
}

/// Changes a community, all or nothing. Its creator only.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Invalid`], in this order.
pub async fn update(app: &App, actor: &User, id: Uuid, change: CommunityChange) -> Result<community::Model> {
    let tx = app.begin(actor).await?;
    let community = get_locked_for(&tx, actor, id, Action::Update).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let community = apply(app, &tx, actor, community, change).await?;
    tx.commit(community).await
}

/// Changes a locked community, all or nothing.
///
/// # Errors
/// [`Error::Invalid`].
pub(in crate::domain) async fn apply(
    app: &App,
    tx: &Write,
    actor: &User,
    community: community::Model,
    change: CommunityChange,
) -> Result<community::Model> {
    let (was, kind) = (counted(&community), community.kind);
    let (id, cost) = (community.id, fees(&community));
    let (name, description) = (community.name.clone(), community.description.clone());
    let mut row = community.into_active_model();
    let name = change.name.map(|name| rules::name(&name)).transpose()?.unwrap_or(name);
    if let Some(fee) = change.join_fee {
        row.join_fee = Set(rules::JOIN_FEE.check(fee)?);
    }
    if let Some(fee) = change.monthly_fee {
        // A lounge has a subscription instead: whoever starts to talk in it is let in for nothing.
        if kind == Kind::Lounge && fee > 0 {
            return Err(Error::invalid("monthlyFee", "A lounge has a subscription instead of a monthly fee"));
        }
        row.monthly_fee = Set(rules::MONTHLY_FEE.check(fee)?);
    }
    if let Some(fee) = change.agent_call_fee {
        row.agent_call_fee = Set(rules::AGENT_CALL_FEE.check(fee)?);
    }
    if let Some(on) = change.agent_mentions {
        row.agent_mentions = Set(on);
    }
    if let Some(mode) = change.cs_mode {
        row.cs_mode = Set(rules::cs_mode(mode)?);
    }
    let description = match change.description {
        Some(description) => description.map(rules::description).transpose()?.flatten(),
        None => description,
    };
    if let Some(category) = change.category {
        row.category = Set(category.map(|category| text::slug("category", &category)).transpose()?);
    }
    if let Some(tags) = change.tags {
        row.tags = Set(tags.map(rules::tags).transpose()?);
    }
    if let Some(url) = change.avatar_url {
        row.avatar_url = Set(url.map(|url| text::picture_url("avatarUrl", &url)).transpose()?);
    }
    if let Some(url) = change.cover_image_url {
        row.cover_image_url = Set(url.map(|url| text::picture_url("coverImageUrl", &url)).transpose()?);
    }
    match change.default_agent_listing_id {
        None => {}
        Some(None) => row.default_agent_listing_id = Set(None),
        Some(Some(listing)) => {
            if let Some(listing) = rules::listing(tx, &listing).await? {
                row.default_agent_listing_id = Set(Some(listing));
            }
        }
    }
    row.search_fold = Set(rules::search_fold(&name, description.as_deref()));
    // It was verified under its name: under another it could pass for anybody.
    if row.name.as_ref() != &name {
        row.verified = Set(false);
    }
    row.name = Set(name);
    row.description = Set(description);
    row.updated_at = Set(app.clock.now());
    let community = row.update(tx).await?;
    shift(tx, Some(was), counted(&community)).await?;
    let changed = changed_fees(cost, fees(&community));
    if !changed.is_empty() {
        let deed = Deed::of(actor, audit::Action::FeesChanged).within(id).with(changed.into());
        audit::record(app, tx, deed).await?;
    }
    Ok(community)
}

/// Closes a community for good: it is seen by its members only, and nobody pays for it any more. Its creator only.
///
/// # Errors
/// [`Error::Missing`] where there is none, it is not the actor's, or it is closed already.
pub async fn archive(app: &App, actor: &User, id: Uuid) -> Result<community::Model> {
    const REFUSED: Error = Error::Missing("Community not found or not authorized");
    let tx = app.begin(actor).await?;
    let community = get_locked(&tx, id).await.map_err(|error| match error {
        Error::NotFound(_) => REFUSED,
        other => other,
    })?;
    let own = find(&tx, id, &actor.id).await?;
    if !own.is_some_and(|own| may(own.role, Action::Archive)) {
        return Err(REFUSED);
    }
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    if community.status == Status::Archived {
        return Err(REFUSED);
    }
    let community = close(app, &tx, actor, community).await?;
    tx.commit(community).await
}

/// Closes a locked community, unless it is closed.
pub(super) async fn close(
    app: &App,
    tx: &Transaction,
    actor: &User,
    community: community::Model,
) -> Result<community::Model> {
    if community.status == Status::Archived {
        return Ok(community);
    }
    let was = counted(&community);
    let id = community.id;
    let mut row = community.into_active_model();
    row.status = Set(Status::Archived);
    row.updated_at = Set(app.clock.now());
    let community = row.update(tx).await?;
    shift(tx, Some(was), counted(&community)).await?;
    membership::Entity::update_many()
        .col_expr(membership::Column::AgreedFee, Expr::val(None::<i64>))
        .col_expr(membership::Column::RenewAt, Expr::val(None::<DateTime<Utc>>))
        .filter(membership::Column::CommunityId.eq(id))
        .filter(membership::Column::AgreedFee.is_not_null())
        .exec(tx)
        .await?;
    verification::withdraw(app, tx, id, "The community was closed").await?;
    lounges::stop_renewing(tx, id).await?;
    audit::record(app, tx, Deed::of(actor, audit::Action::CommunityArchived).within(id)).await?;
    Ok(community)
}

/// The community, locked, for one whose role may do this. To those who may not see it it is not found.
pub(in crate::domain) async fn get_locked_for(
    tx: &impl ConnectionTrait,
    actor: &User,
    id: Uuid,
    action: Action,
) -> Result<community::Model> {
    Ok(get_managed(tx, actor, id, action).await?.0)
}

/// The same with the actor's role.
pub(super) async fn get_managed(
    tx: &impl ConnectionTrait,
    actor: &User,
    id: Uuid,
    action: Action,
) -> Result<(community::Model, Role)> {
    let community = get_locked(tx, id).await?;
    let role = match find(tx, id, &actor.id).await? {
        Some(own) => own.role,
        None if community.status != Status::Active => return Err(Error::NotFound("Community")),
        None => return Err(Error::Forbidden(refusal(action))),
    };
    if !may(role, action) {
        return Err(Error::Forbidden(refusal(action)));
    }
    check_active(community.status)?;
    Ok((community, role))
}

/// Counts a community whose row is not made by [`create()`]: the demo's.
pub(crate) async fn count_in(tx: &impl ConnectionTrait, community: &community::Model) -> Result<()> {
    shift(tx, None, counted(community)).await
}

/// What a community costs, by the names of its fields.
fn fees(community: &community::Model) -> [(&'static str, i64); 3] {
    [
        ("joinFee", community.join_fee),
        ("monthlyFee", community.monthly_fee),
        ("agentCallFee", community.agent_call_fee),
    ]
}

/// Those fees that are not what they were.
fn changed_fees(was: [(&'static str, i64); 3], is: [(&'static str, i64); 3]) -> Map<String, Value> {
    was.into_iter()
        .zip(is)
        .filter(|(was, is)| was != is)
        .map(|((name, from), (_, to))| (name.to_owned(), json!({ "from": from, "to": to })))
        .collect()
}

/// What the counts know of a community.
pub(super) fn counted(community: &community::Model) -> Counted {
    Counted { kind: community.kind, category: community.category.clone(), status: community.status }
}
