//! Lists without pages: each is bounded, counted by its bound, and has no path back to itself.

use std::collections::{HashMap, HashSet};

use async_graphql::parser::types::BaseType;
use plaza::{
    document::{FieldDef, Kind, Model, named},
    graphql::{
        self,
        lists::{COSTLY, LISTS, LONG, PAGES, REST_ONLY},
    },
};
use serde_json::json;

use crate::support::Server;

fn fields(model: &Model) -> Vec<(&str, &FieldDef)> {
    let of = |name| match &model.find_type(name).expect("a type").kind {
        Kind::Object { fields, .. } | Kind::Interface { fields, .. } => {
            fields.values().map(|field| (name, field)).collect()
        }
        _ => Vec::new(),
    };
    model.type_names().flat_map(of).collect()
}

fn is_list(field: &FieldDef) -> bool {
    matches!(field.ty.base, BaseType::List(_))
}

fn has_pages(field: &FieldDef) -> bool {
    ["first", "last", "limit"].iter().any(|name| field.arguments.contains_key(*name))
}

/// Returns the types that a selection on a type can reach.
fn reached<'a>(model: &'a Model, from: &'a str, edges: &HashMap<&'a str, Vec<&'a str>>) -> HashSet<&'a str> {
    let mut seen = HashSet::new();
    let mut pending = vec![from];
    while let Some(name) = pending.pop() {
        if seen.insert(name) {
            pending.extend(model.possible_types(name));
            pending.extend(edges.get(name).into_iter().flatten());
        }
    }
    seen
}

#[test]
fn lists_without_pages_are_bounded_and_lead_nowhere_back() {
    let model = graphql::model().expect("the schema");
    let fields = fields(&model);
    // The rows of a connection are already a page.
    let pages: HashSet<&str> =
        fields.iter().filter(|(_, field)| has_pages(field)).map(|(_, field)| named(&field.ty)).collect();
    let unpaged: Vec<_> = fields
        .iter()
        .filter(|(parent, field)| is_list(field) && !has_pages(field) && !pages.contains(parent))
        .collect();
    assert!(unpaged.len() > 20, "{}", unpaged.len());
    let mut edges: HashMap<&str, Vec<&str>> = HashMap::new();
    for (parent, field) in &fields {
        edges.entry(parent).or_default().push(named(&field.ty));
    }
    let declared: HashMap<&str, usize> = LISTS.iter().copied().collect();
    for (parent, field) in unpaged {
        let name = format!("{parent}.{}", field.name);
        assert!(declared.contains_key(name.as_str()), "{name} has no pages and no bound: add it to LISTS");
        let back = reached(&model, named(&field.ty), &edges);
        assert!(!back.contains(parent), "{name} has no pages and leads back to {parent}");
    }
    let full = graphql::rest_model().expect("the schema");
    for (name, _) in LISTS {
        let (parent, field) = name.split_once('.').expect("Type.field");
        let ty = full.find_type(parent).unwrap_or_else(|| panic!("{name}: there is no such type"));
        assert!(full.field(ty, field).is_some_and(is_list), "{name}: there is no such list");
    }
    let exists = |name: &str| {
        let (parent, field) = name.split_once('.').expect("Type.field");
        let ty = full.find_type(parent).unwrap_or_else(|| panic!("{name}: there is no such type"));
        full.field(ty, field).unwrap_or_else(|| panic!("{name}: there is no such field"))
    };
    assert!(LISTS.iter().all(|(name, _)| !has_pages(exists(name))), "a list with pages is one of PAGES");
    assert!(PAGES.iter().all(|(name, usual, most)| has_pages(exists(name)) && usual <= most));
    for (name, _) in COSTLY.iter().chain(LONG) {
        exists(name);
    }
    for name in REST_ONLY {
        let (parent, field) = name.split_once('.').expect("Type.field");
        let of = |model: &Model| model.field(model.find_type(parent).expect("a type"), field).is_some();
        assert!(of(&full) && !of(&model), "{name} is for REST alone");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_only_rest_may_select_is_no_field_of_others() {
    let server = Server::on_sqlite().await;
    let text = "{ space(id: \"x\") { allSessions { space { allSessions { id } } } } }";
    let answer = server.anon().graphql(text, json!({})).await;
    assert_eq!(answer.json["errors"][0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED");
    let text = "{ __type(name: \"Space\") { fields { name } } }";
    let fields = server.anon().graphql(text, json!({})).await.text;
    assert!(fields.contains("sessions") && !fields.contains("allSessions"), "{fields}");
}

/// A list counts as many rows as it can have: no page of the queue or of the members is longer than what it cost.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn long_pages_cost_what_they_hold() {
    let server = Server::on_sqlite().await;
    let cost = async |query: &str| {
        let answer = server.anon().graphql(query, json!({})).await;
        let error = &answer.json["errors"][0];
        let message = error["message"].as_str().unwrap_or_default().to_owned();
        (error["extensions"]["code"].as_str().unwrap_or_default().to_owned(), message)
    };
    let queue = |arguments: &str| {
        format!("{{ supportQueue(communityId: \"x\"{arguments}) {{ id status createdAt }} }}")
    };
    let too_complex = |cost: usize| {
        ("QUERY_TOO_COMPLEX".to_owned(), format!("The query's complexity is {cost}, 5000 is allowed"))
    };
    assert_eq!(cost(&queue("")).await.0, "INVALID");
    assert_eq!(cost(&queue(", limit: 2000")).await, too_complex(6001));
    assert_eq!(cost(&queue(", limit: 1000000")).await, too_complex(6001));
    let members =
        |fields: &str| format!("{{ communityMembers(communityId: \"x\", limit: 20000) {{ {fields} }} }}");
    assert_eq!(cost(&members("id role")).await.0, "INVALID");
    assert_eq!(cost(&members("id role joinedAt user { id name }")).await, too_complex(6001));
    let search = "{ viewer { conversations(first: 50) { nodes { search(text: \"the\") { id } } } } }";
    assert_eq!(cost(search).await, too_complex(1 + 1 + 50 * (1 + 250 + 20)));
}
