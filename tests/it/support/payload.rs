//! Results of mutations.

use plaza::{
    document::{Kind, TypeDef, named},
    graphql,
};

/// Returns the field of a mutation's result that holds the changed object.
pub fn changed(mutation: &str) -> String {
    let model = graphql::model().expect("the schema");
    let field = |parent: &str, name: &str| {
        let parent = model.find_type(parent).expect("a type");
        model.field(parent, name).unwrap_or_else(|| panic!("no mutation {name}"))
    };
    let result = named(&field("Mutation", mutation).ty);
    let Kind::Object { fields, .. } = &model.find_type(result).expect("a result").kind else {
        panic!("{result} is no object")
    };
    let is_object = |name: &str| model.find_type(name).is_some_and(TypeDef::is_composite);
    let found = fields.values().find(|field| is_object(named(&field.ty)));
    found.unwrap_or_else(|| panic!("{mutation} changes no object")).name.clone()
}
