//! Canned answers of a team.

use entity::canned_answer;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DbErr, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, SqlErr,
};
use uuid::Uuid;

use crate::{
    app::App,
    domain::{
        UnitOfWork, User,
        communities::{self, Action},
    },
    error::{Error, Result},
    text::fields,
};

/// Maximum number of canned answers per community.
const MAX_CANNED_ANSWERS: u64 = 500;
const ANSWER_NOT_FOUND: Error = Error::NotFound("Canned answer");

/// Changes of a canned answer; `None` keeps a value.
#[derive(Clone, Debug, Default)]
pub struct CannedChange {
    /// 1 to 100 characters, unique in the community.
    pub title: Option<String>,
    /// 1 to 5000 characters.
    pub text: Option<String>,
}

/// Lists the canned answers of a community by title. Team only.
///
/// # Errors
/// [`Error::Forbidden`].
pub async fn list_canned(app: &App, actor: &User, community_id: Uuid) -> Result<Vec<canned_answer::Model>> {
    communities::get_allowed(app.db.read(), actor, community_id, Action::Serve).await?;
    Ok(canned_answer::Entity::find()
        .filter(canned_answer::Column::CommunityId.eq(community_id))
        .order_by_asc(canned_answer::Column::TitleFold)
        .all(app.db.read())
        .await?)
}

/// Creates a canned answer. Creator and moderators only.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::Invalid`], [`Error::Conflict`] for a duplicate title or above 500.
pub async fn create_canned(
    app: &App,
    actor: &User,
    community_id: Uuid,
    title: &str,
    text: &str,
) -> Result<canned_answer::Model> {
    let tx = app.begin(actor).await?;
    communities::get_locked_for(&tx, actor, community_id, Action::Oversee).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    let there = canned_answer::Entity::find().filter(canned_answer::Column::CommunityId.eq(community_id));
    if there.count(&tx).await? >= MAX_CANNED_ANSWERS {
        return Err(Error::Conflict(format!(
            "A community can have at most {MAX_CANNED_ANSWERS} canned answers"
        )));
    }
    let title = check_title(title)?;
    let now = app.clock.now();
    let row = canned_answer::ActiveModel {
        id: Set(app.new_id()?),
        community_id: Set(community_id),
        title_fold: Set(fields::search_fold(&title)),
        title: Set(title),
        text: Set(check_text(text)?),
        created_at: Set(now),
        updated_at: Set(now),
    };
    let canned = row.insert(&tx).await.map_err(taken)?;
    tx.commit(canned).await
}

/// Changes a canned answer. Creator and moderators only.
///
/// # Errors
/// [`Error::NotFound`], also for actors who are not on the team; [`Error::Forbidden`], [`Error::Invalid`],
/// [`Error::Conflict`].
pub async fn update_canned(
    app: &App,
    actor: &User,
    id: Uuid,
    change: CannedChange,
) -> Result<canned_answer::Model> {
    let tx = app.begin(actor).await?;
    let mut row = get_managed(&tx, actor, id).await?.into_active_model();
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    if let Some(title) = change.title {
        let title = check_title(&title)?;
        row.title_fold = Set(fields::search_fold(&title));
        row.title = Set(title);
    }
    if let Some(text) = change.text {
        row.text = Set(check_text(&text)?);
    }
    row.updated_at = Set(app.clock.now());
    let canned = row.update(&tx).await.map_err(|error| match error {
        // It was deleted in the meantime.
        DbErr::RecordNotUpdated => ANSWER_NOT_FOUND,
        error => taken(error),
    })?;
    tx.commit(canned).await
}

/// Deletes a canned answer. Creator and moderators only.
///
/// # Errors
/// [`Error::NotFound`], also for actors who are not on the team; [`Error::Forbidden`].
pub async fn delete_canned(app: &App, actor: &User, id: Uuid) -> Result<Uuid> {
    let tx = app.begin(actor).await?;
    if let Some(done) = tx.replayed()? {
        return Ok(done);
    }
    get_managed(&tx, actor, id).await?;
    canned_answer::Entity::delete_by_id(id).exec(&tx).await?;
    tx.commit(id).await
}

async fn get_managed(tx: &UnitOfWork, actor: &User, id: Uuid) -> Result<canned_answer::Model> {
    let found = canned_answer::Entity::find_by_id(id).one(tx).await?.ok_or(ANSWER_NOT_FOUND)?;
    let own = communities::get_allowed(tx, actor, found.community_id, Action::Serve).await;
    own.map_err(|error| if let Error::Forbidden(_) = error { ANSWER_NOT_FOUND } else { error })?;
    communities::get_locked_for(tx, actor, found.community_id, Action::Oversee).await?;
    Ok(found)
}

fn check_title(title: &str) -> Result<String> {
    fields::name("title", title, 100, "A title must be 1-100 characters")
}

fn check_text(text: &str) -> Result<String> {
    fields::required("text", text, 5000, "An answer must be 1-5000 characters")
}

fn taken(error: DbErr) -> Error {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => {
            Error::Conflict("A canned answer with this title already exists".to_owned())
        }
        _ => error.into(),
    }
}
