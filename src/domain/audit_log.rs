//! Lists of audit entries.

use std::collections::{BTreeSet, HashMap};

use entity::{
    audit_event::{self, Action},
    user,
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use uuid::Uuid;

use crate::{
    app::App,
    domain::{
        PageRows, User, Window, accounts::check_admin, communities, conversations::Person, newest_first,
    },
    error::Result,
};

/// An audit entry with the people it names, under the names that the reader may see.
#[derive(Clone, Debug)]
pub struct Row {
    /// The entry.
    pub event: audit_event::Model,
    /// The user who acted; `None` for the operator.
    pub actor: Option<Person>,
    /// The user concerned.
    pub user: Option<Person>,
}

/// Filter of audit entries.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// Only entries of this community.
    pub community: Option<Uuid>,
    /// Only entries of this action.
    pub action: Option<Action>,
    /// Only entries by this user.
    pub actor: Option<String>,
    /// Only entries concerning this user.
    pub user: Option<String>,
}

/// Lists audit entries, newest first: all for administrators, those of a community for its creator.
///
/// # Errors
/// [`crate::error::Error::Forbidden`].
pub async fn list(
    app: &App,
    actor: &User,
    search: Search,
    window: Window,
    total: bool,
) -> Result<PageRows<Row>> {
    match search.community {
        Some(community) if !actor.is_admin => {
            communities::get_allowed(app.db.read(), actor, community, communities::Action::Audit).await?;
        }
        _ => check_admin(actor)?,
    }
    let mut select = audit_event::Entity::find();
    if let Some(community) = search.community {
        select = select.filter(audit_event::Column::CommunityId.eq(community));
    }
    if let Some(action) = search.action {
        select = select.filter(audit_event::Column::Action.eq(action));
    }
    if let Some(actor) = search.actor {
        select = select.filter(audit_event::Column::ActorId.eq(actor));
    }
    if let Some(user) = search.user {
        select = select.filter(audit_event::Column::UserId.eq(user));
    }
    let total = if total { Some(select.clone().count(app.db.read()).await?) } else { None };
    let select = newest_first(select, audit_event::Column::CreatedAt, audit_event::Column::Id, window);
    let PageRows { rows, window, more_after, more_before, total } =
        PageRows::new(select.all(app.db.read()).await?, window, total);
    let rows = name(app, actor, rows).await?;
    Ok(PageRows { rows, window, more_after, more_before, total })
}

/// Finds an entry that the actor may read: any for administrators, those of a community for its creator.
///
/// # Errors
/// [`crate::error::Error::Internal`].
pub async fn find(app: &App, actor: &User, id: Uuid) -> Result<Option<Row>> {
    let Some(event) = audit_event::Entity::find_by_id(id).one(app.db.read()).await? else { return Ok(None) };
    if !actor.is_admin {
        let Some(community) = event.community_id else { return Ok(None) };
        let own = communities::find_membership(app.db.read(), community, &actor.id).await?;
        if !own.is_some_and(|own| communities::may(own.role, communities::Action::Audit)) {
            return Ok(None);
        }
    }
    Ok(name(app, actor, vec![event]).await?.pop())
}

/// Adds names to entries: account names for administrators, names in the community for creators.
async fn name(app: &App, reader: &User, events: Vec<audit_event::Model>) -> Result<Vec<Row>> {
    let of_line = |event: &audit_event::Model| [event.actor_id.clone(), event.user_id.clone()];
    let people: HashMap<String, Person> = if reader.is_admin {
        let ids: BTreeSet<String> = events.iter().flat_map(of_line).flatten().collect();
        let found = user::Entity::find().filter(user::Column::Id.is_in(ids)).all(app.db.read()).await?;
        found.into_iter().map(|user| (user.id.clone(), user.into())).collect()
    } else {
        // All entries belong to one community: only administrators can read across communities.
        let here = |event: &audit_event::Model| {
            let community = event.community_id;
            of_line(event).into_iter().flatten().filter_map(move |user| Some((community?, user)))
        };
        let members: BTreeSet<(Uuid, String)> = events.iter().flat_map(here).collect();
        let known = communities::list_known(app, &Vec::from_iter(members)).await?;
        known.into_iter().map(|(_, person)| (person.id.clone(), person)).collect()
    };
    let person = |id: Option<&String>| people.get(id?).cloned();
    let row = |event: audit_event::Model| Row {
        actor: person(event.actor_id.as_ref()),
        user: person(event.user_id.as_ref()),
        event,
    };
    Ok(events.into_iter().map(row).collect())
}
