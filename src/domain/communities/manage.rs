//! Creating, changing and archiving communities.

use entity::{
    community::{self, CsMode, Kind, Language, Status},
    membership::Role,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel,
    PaginatorTrait, QueryFilter,
};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{
    access::{check_active, get_locked},
    archive::close,
    community_tallies::{counted, shift},
    lifecycle::Lifecycle,
    members::{admit, find},
    roles::{Action, may, refusal},
    rules,
};
use crate::{
    app::App,
    domain::{
        Deferred, UnitOfWork, User,
        accounts::lock_account,
        audit::{self, AuditEntry},
        conversations, verification,
    },
    error::{Error, Result},
};

/// Input of a new community.
#[derive(Clone, Debug, Default)]
pub struct NewCommunity {
    /// 1 to 100 characters.
    pub name: String,
    /// Maximum 5000 characters; default none.
    pub description: Option<String>,
    /// Default: a club.
    pub kind: Option<Deferred<Kind>>,
    /// Whole coins; default 0.
    pub join_fee: Option<i64>,
    /// Whole coins; default 0.
    pub monthly_fee: Option<i64>,
    /// Whole coins; default 0.
    pub agent_call_fee: Option<i64>,
    /// A slug.
    pub category: Option<String>,
    /// Maximum 20; default none.
    pub tags: Option<Vec<String>>,
    /// URL of a picture.
    pub avatar_url: Option<String>,
    /// URL of a picture.
    pub cover_image_url: Option<String>,
    /// Default: agents only.
    pub cs_mode: Option<Deferred<CsMode>>,
    /// Listing id; a value that is not a UUID counts as absent.
    pub default_agent_listing_id: Option<String>,
    /// Whether `@name` in a message asks the agent of that name; default `false`.
    pub agent_mentions: Option<bool>,
    /// Language of the system messages in its conversations; default English.
    pub language: Option<Language>,
}

/// Changes of a community; `None` keeps a value, `Some(None)` clears it.
#[derive(Clone, Debug, Default)]
pub struct CommunityChange {
    /// 1 to 100 characters.
    pub name: Option<String>,
    /// Maximum 5000 characters.
    pub description: Option<Option<String>>,
    /// Whole coins.
    pub join_fee: Option<i64>,
    /// Whole coins; a change does not affect periods already paid.
    pub monthly_fee: Option<i64>,
    /// Whole coins.
    pub agent_call_fee: Option<i64>,
    /// A slug.
    pub category: Option<Option<String>>,
    /// Maximum 20.
    pub tags: Option<Option<Vec<String>>>,
    /// URL of a picture.
    pub avatar_url: Option<Option<String>>,
    /// URL of a picture.
    pub cover_image_url: Option<Option<String>>,
    /// Whether agents, humans or both answer customers.
    pub cs_mode: Option<Deferred<CsMode>>,
    /// Listing id; a value that is not a UUID counts as absent.
    pub default_agent_listing_id: Option<Option<String>>,
    /// Whether `@name` in a message asks the agent of that name.
    pub agent_mentions: Option<bool>,
    /// Language of future system messages in its conversations.
    pub language: Option<Language>,
}

/// Creates a community; the actor becomes its creator and first member.
///
/// # Errors
/// [`Error::Invalid`] for name, type and mode, in this order, then for the other values.
pub async fn create(app: &App, actor: &User, new: NewCommunity) -> Result<community::Model> {
    rules::NAME.check(&new.name)?;
    let kind = rules::kind(new.kind.clone())?;
    let draft = draft(app, actor, kind, new)?;
    let tx = app.begin(actor).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let community = draft.open(app, &tx).await?;
    tx.commit(community).await
}

/// Maximum number of communities that an account created.
const MAX_COMMUNITIES: u64 = 100;

/// A new community with validated values; only the agent listing is not checked yet.
pub(in crate::domain) struct Draft {
    community: community::ActiveModel,
    creator_id: String,
    listing: Option<String>,
}

/// Validates the values of a new community of this kind.
///
/// # Errors
/// [`Error::Invalid`].
pub(in crate::domain) fn draft(app: &App, actor: &User, kind: Kind, new: NewCommunity) -> Result<Draft> {
    let name = rules::NAME.check(&new.name)?;
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
        avatar_url: Set(new.avatar_url.map(|url| rules::AVATAR_URL.check(&url)).transpose()?),
        cover_image_url: Set(new
            .cover_image_url
            .map(|url| rules::COVER_IMAGE_URL.check(&url))
            .transpose()?),
        category: Set(new.category.map(|category| rules::CATEGORY.check(&category)).transpose()?),
        tags: Set(new.tags.map(rules::tags).transpose()?),
        verified: Set(false),
        cs_mode: Set(cs_mode),
        default_agent_listing_id: Set(None),
        language: Set(new.language.unwrap_or_default()),
        created_at: Set(now),
        updated_at: Set(now),
    };
    Ok(Draft { community, creator_id: actor.id.clone(), listing: new.default_agent_listing_id })
}

impl Draft {
    /// Creates the community with its room; the actor becomes its creator and first member.
    ///
    /// # Errors
    /// [`Error::Conflict`] above 100 communities, archived ones included; [`Error::Invalid`] for the agent listing.
    pub(in crate::domain) async fn open(self, app: &App, tx: &UnitOfWork) -> Result<community::Model> {
        lock_account(tx, &self.creator_id).await?.ok_or(Error::Unauthenticated)?;
        let of_creator = community::Column::CreatorId.eq(&self.creator_id);
        if community::Entity::find().filter(of_creator).count(tx).await? >= MAX_COMMUNITIES {
            return Err(Error::Conflict(format!(
                "An account can create at most {MAX_COMMUNITIES} communities"
            )));
        }
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

/// Changes a community, all or nothing. Creator only.
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
    tx: &UnitOfWork,
    actor: &User,
    community: community::Model,
    change: CommunityChange,
) -> Result<community::Model> {
    let (was, kind) = (counted(&community), community.kind);
    let (id, cost) = (community.id, fees(&community));
    let (name, description) = (community.name.clone(), community.description.clone());
    let mut row = community.into_active_model();
    let name = change.name.map(|name| rules::NAME.check(&name)).transpose()?.unwrap_or(name);
    if let Some(fee) = change.join_fee {
        if kind == Kind::Lounge && fee > 0 {
            return Err(Error::invalid("joinFee", "A lounge has a subscription instead of a join fee"));
        }
        row.join_fee = Set(rules::JOIN_FEE.check(fee)?);
    }
    if let Some(fee) = change.monthly_fee {
        // A lounge has a subscription instead: starting a lounge chat admits without payment.
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
    if let Some(language) = change.language {
        row.language = Set(language);
    }
    if let Some(mode) = change.cs_mode {
        row.cs_mode = Set(rules::cs_mode(mode)?);
    }
    let description = match change.description {
        Some(description) => description.map(rules::description).transpose()?.flatten(),
        None => description,
    };
    if let Some(category) = change.category {
        row.category = Set(category.map(|category| rules::CATEGORY.check(&category)).transpose()?);
    }
    if let Some(tags) = change.tags {
        row.tags = Set(tags.map(rules::tags).transpose()?);
    }
    if let Some(url) = change.avatar_url {
        row.avatar_url = Set(url.map(|url| rules::AVATAR_URL.check(&url)).transpose()?);
    }
    if let Some(url) = change.cover_image_url {
        row.cover_image_url = Set(url.map(|url| rules::COVER_IMAGE_URL.check(&url)).transpose()?);
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
    // Verification applies to the name: under another name the community could impersonate others.
    if row.name.as_ref() != &name {
        row.verified = Set(false);
        verification::withdraw(app, tx, id, "The name was changed").await?;
    }
    row.name = Set(name);
    row.description = Set(description);
    row.updated_at = Set(app.clock.now());
    let community = row.update(tx).await?;
    shift(tx, Some(was), counted(&community)).await?;
    let changed = changed_fees(cost, fees(&community));
    if !changed.is_empty() {
        let entry = AuditEntry::of(actor, audit::Action::FeesChanged).within(id).with(changed.into());
        audit::record(app, tx, entry).await?;
    }
    Ok(community)
}

/// Archives a community permanently: only members see it, and no fees are charged any more. Creator only.
///
/// # Errors
/// [`Error::Missing`] if it does not exist, the actor may not archive it, or it is already archived.
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

/// Locks and returns the community if the actor's role permits the action. Returns [`Error::NotFound`] if
/// the actor may not see it.
pub(in crate::domain) async fn get_locked_for(
    tx: &impl ConnectionTrait,
    actor: &User,
    id: Uuid,
    action: Action,
) -> Result<community::Model> {
    Ok(get_managed(tx, actor, id, action).await?.0)
}

/// Like [`get_locked_for`], and also returns the actor's role.
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

/// Adds a community that [`create()`] did not create, such as the demo's, to the tallies.
pub(crate) async fn count_in(tx: &impl ConnectionTrait, community: &community::Model) -> Result<()> {
    shift(tx, None, counted(community)).await
}

/// Returns the fees of a community by field name.
fn fees(community: &community::Model) -> [(&'static str, i64); 3] {
    [
        ("joinFee", community.join_fee),
        ("monthlyFee", community.monthly_fee),
        ("agentCallFee", community.agent_call_fee),
    ]
}

/// Returns the fees that changed.
fn changed_fees(was: [(&'static str, i64); 3], is: [(&'static str, i64); 3]) -> Map<String, Value> {
    was.into_iter()
        .zip(is)
        .filter(|(was, is)| was != is)
        .map(|((name, from), (_, to))| (name.to_owned(), json!({ "from": from, "to": to })))
        .collect()
}
