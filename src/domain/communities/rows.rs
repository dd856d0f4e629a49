//! Communities as lists read them: with the name and picture of the creator, without the folded text.

use entity::{community, user};
use sea_orm::{
    DbErr, EntityTrait, FromQueryResult, Iterable, JoinType, QueryResult, QuerySelect, RelationTrait, Select,
    sea_query::Expr,
};

use crate::domain::conversations::Person;

/// A community with its creator, if requested.
pub type CommunityRow = (community::Model, Option<Person>);

const CREATOR_NAME: &str = "creator_name";
const CREATOR_IMAGE: &str = "creator_image";

/// Selects communities and, if requested, their creators. Only the database reads the folded text, so an empty one
/// replaces it.
pub(super) fn select(creators: bool) -> Select<community::Entity> {
    let columns = community::Column::iter().filter(|column| !matches!(column, community::Column::SearchFold));
    let select =
        community::Entity::find().select_only().columns(columns).expr_as(Expr::cust("''"), "search_fold");
    if creators {
        return select
            .join(JoinType::InnerJoin, community::Relation::Creator.def())
            .column_as(user::Column::Name, CREATOR_NAME)
            .column_as(user::Column::Image, CREATOR_IMAGE);
    }
    let none = || Expr::cust("CAST(NULL AS text)");
    select.expr_as(none(), CREATOR_NAME).expr_as(none(), CREATOR_IMAGE)
}

/// Reads a row of these columns.
pub(super) fn read(row: &QueryResult) -> Result<CommunityRow, DbErr> {
    let community = community::Model::from_query_result(row, "")?;
    let name: Option<String> = row.try_get("", CREATOR_NAME)?;
    let image: Option<String> = row.try_get("", CREATOR_IMAGE)?;
    let creator = name.map(|name| Person { id: community.creator_id.clone(), name, image, is_alias: false });
    Ok((community, creator))
}
