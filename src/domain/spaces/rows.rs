//! Spaces as statements read them: with the name and picture of the owner, without the folded name.

use entity::{space, user};
use sea_orm::{
    DbErr, EntityTrait, FromQueryResult, Iterable, JoinType, QueryResult, QuerySelect, RelationTrait, Select,
    sea_query::{Expr, Iden, SimpleExpr},
};

use crate::domain::conversations::Person;

/// A space with its owner, if requested.
pub type SpaceRow = (space::Model, Option<Person>);

const OWNER_NAME: &str = "owner_name";
const OWNER_IMAGE: &str = "owner_image";

/// Selects spaces and, if requested, their owners.
pub(super) fn select(owners: bool) -> Select<space::Entity> {
    select_with(owners, |column| Expr::col((space::Entity, column)))
}

/// As [`select`], with this expression for each long column. Only the database reads the folded name, so an empty text
/// replaces it.
pub(super) fn select_with(owners: bool, long: fn(space::Column) -> SimpleExpr) -> Select<space::Entity> {
    use space::Column::{Definition, Description, NameFold};
    let mut select = space::Entity::find().select_only();
    for column in space::Column::iter() {
        select = match column {
            NameFold => select.expr_as(Expr::cust("''"), column.to_string()),
            Description | Definition => select.expr_as(long(column), column.to_string()),
            _ => select.column(column),
        };
    }
    if owners {
        return select
            .join(JoinType::InnerJoin, space::Relation::Owner.def())
            .column_as(user::Column::Name, OWNER_NAME)
            .column_as(user::Column::Image, OWNER_IMAGE);
    }
    let none = || Expr::cust("CAST(NULL AS text)");
    select.expr_as(none(), OWNER_NAME).expr_as(none(), OWNER_IMAGE)
}

/// Reads a row of these columns.
pub(super) fn read(row: &QueryResult) -> Result<SpaceRow, DbErr> {
    let space = space::Model::from_query_result(row, "")?;
    let name: Option<String> = row.try_get("", OWNER_NAME)?;
    let image: Option<String> = row.try_get("", OWNER_IMAGE)?;
    let owner = name.map(|name| Person { id: space.owner_id.clone(), name, image, is_alias: false });
    Ok((space, owner))
}
