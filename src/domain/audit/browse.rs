//! Reading the audit log.

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
        Result, Slice, User, Window, accounts::check_admin, communities, conversations::Person, newest_first,
    },
};

/// A line of the log, with those whom it names as whoever reads it knows them.
#[derive(Clone, Debug)]
pub struct Row {
    /// The line.
    pub event: audit_event::Model,
    /// Who did it; none: the operator.
    pub actor: Option<Person>,
    /// To whom.
    pub user: Option<Person>,
}

/// What is looked for in the log.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// Only what was done in this community.
    pub community: Option<Uuid>,
    /// Only this.
    pub action: Option<Action>,
    /// Only what this person did.
    pub actor: Option<String>,
    /// Only what was done to this person.
    pub user: Option<String>,
}

/// What was done to others, last done first: all of it for administrators, of a community for its creator.
///
/// # Errors
/// [`crate::domain::Error::Forbidden`].
pub async fn list(
    app: &App,
    actor: &User,
    search: Search,
    window: Window,
    total: bool,
) -> Result<Slice<Row>> {
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
    let Slice { rows, window, more_after, more_before, total } =
        Slice::new(select.all(app.db.read()).await?, window, total);
    let rows = name(app, actor, rows).await?;
    Ok(Slice { rows, window, more_after, more_before, total })
}

/// Names the people of these lines: to administrators by their accounts, to creators as they are known in the community.
async fn name(app: &App, reader: &User, events: Vec<audit_event::Model>) -> Result<Vec<Row>> {
    let of_line = |event: &audit_event::Model| [event.actor_id.clone(), event.user_id.clone()];
    let people: HashMap<String, Person> = if reader.is_admin {
        let ids: BTreeSet<String> = events.iter().flat_map(of_line).flatten().collect();
        let found = user::Entity::find().filter(user::Column::Id.is_in(ids)).all(app.db.read()).await?;
        found.into_iter().map(|user| (user.id.clone(), user.into())).collect()
    } else {
        // All of one community: others than administrators read no more at a time.
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
