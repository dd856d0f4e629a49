//! Deep documents: the deepest that the limits permit fit the stack of the server's threads.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::{Value, json};

use crate::support::Program;

/// Default of `query_depth`.
const DEPTH: usize = 15;
/// Maximum number of fields of a cycle. Longer ones visit the same types.
const LONGEST: usize = 4;

/// A field with its arguments, or a type condition, and the type that it leads to.
type Step = (String, String);

/// The fields with subfields of each type.
type Graph = BTreeMap<String, Vec<Step>>;

/// A stack overflow would end the process.
#[tokio::test]
async fn the_deepest_documents_are_answered() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let server = Program::serve(folder.path(), "sqlite://plaza.db");
    let owner = server.member("Ann").await;
    let club = owner.post("/api/communities", json!({ "name": "Deep" })).await;
    let club = club.json["id"].as_str().expect("an id").to_owned();
    let path = format!("/api/communities/{club}/messages");
    assert_eq!(owner.post(&path, json!({ "content": "Hello" })).await.status, 201);
    let found = owner
        .graphql("query($id: ID!) { community(id: $id) { conversation { id } } }", json!({ "id": club }));
    let room = found.await.json["data"]["community"]["conversation"]["id"].clone();
    let ids = [("community", json!(club)), ("node", json!(club)), ("conversation", room)];
    let types = owner.graphql(TYPES, json!({})).await.json["data"]["__schema"]["types"].clone();
    let graph = read(&types, &ids.into());
    let documents = documents(&graph);
    assert!(documents.len() > 50, "{} documents", documents.len());
    let mut answered = 0;
    for document in &documents {
        let answer = owner.graphql(document, json!({})).await;
        let is_refused = answer.json["errors"].is_array();
        answered += usize::from(!is_refused);
    }
    assert!(answered * 2 > documents.len(), "{answered} of {}", documents.len());
}

const TYPES: &str = "{ __schema { types { name kind possibleTypes { name } fields { name
    args { name defaultValue type { kind } }
    type { name ofType { name ofType { name ofType { name } } } } } } } }";

fn read(types: &Value, ids: &BTreeMap<&str, Value>) -> Graph {
    let types = types.as_array().expect("types");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let composite: BTreeSet<String> = types
        .iter()
        .filter(|each| matches!(each["kind"].as_str(), Some("OBJECT" | "INTERFACE" | "UNION")))
        .map(|each| text(&each["name"]))
        .filter(|name| !name.starts_with("__") && name != "Mutation" && name != "Subscription")
        .collect();
    let mut graph = Graph::new();
    for each in types.iter().filter(|each| composite.contains(&text(&each["name"]))) {
        let mut steps = Vec::new();
        for member in each["possibleTypes"].as_array().into_iter().flatten() {
            steps.push((format!("... on {}", text(&member["name"])), text(&member["name"])));
        }
        for field in each["fields"].as_array().into_iter().flatten() {
            let mut target = &field["type"];
            while !target["ofType"].is_null() {
                target = &target["ofType"];
            }
            let name = text(&field["name"]);
            let arguments: Option<Vec<String>> = field["args"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|argument| {
                    let is_required =
                        argument["type"]["kind"] == "NON_NULL" && argument["defaultValue"].is_null();
                    match argument["name"].as_str() {
                        Some("first") => Some(Some("first: 1".to_owned())),
                        Some("id") => Some(ids.get(name.as_str()).map(|id| format!("id: {id}"))),
                        _ => is_required.then_some(None),
                    }
                })
                .collect();
            if let Some(arguments) = arguments.filter(|_| composite.contains(&text(&target["name"]))) {
                let arguments =
                    if arguments.is_empty() { String::new() } else { format!("({})", arguments.join(" ")) };
                steps.push((format!("{name}{arguments}"), text(&target["name"])));
            }
        }
        graph.insert(text(&each["name"]), steps);
    }
    graph
}

/// Returns a document for each cycle of types, which repeats the cycle until the maximum depth.
fn documents(graph: &Graph) -> BTreeSet<String> {
    let mut shortest: BTreeMap<&str, Vec<&Step>> = BTreeMap::from([("Query", Vec::new())]);
    let mut queue = VecDeque::from(["Query"]);
    while let Some(from) = queue.pop_front() {
        for step in &graph[from] {
            if !shortest.contains_key(step.1.as_str()) {
                let path = shortest[from].iter().copied().chain([step]).collect();
                shortest.insert(&step.1, path);
                queue.push_back(&step.1);
            }
        }
    }
    let mut found = BTreeSet::new();
    for (start, path) in shortest.iter().filter(|(start, _)| **start != "Query") {
        let mut cycles = Vec::new();
        add_cycles(graph, start, start, &mut Vec::new(), &mut cycles);
        for cycle in cycles {
            found.insert(repeat(path, &cycle));
        }
    }
    found
}

fn add_cycles<'a>(
    graph: &'a Graph,
    start: &str,
    at: &str,
    path: &mut Vec<&'a Step>,
    found: &mut Vec<Vec<&'a Step>>,
) {
    if path.len() == LONGEST {
        return;
    }
    for step in &graph[at] {
        if step.1 == start {
            found.push(path.iter().copied().chain([step]).collect());
        } else if path.iter().all(|passed| passed.1 != step.1) {
            path.push(step);
            add_cycles(graph, start, &step.1, path, found);
            path.pop();
        }
    }
}

fn repeat(path: &[&Step], cycle: &[&Step]) -> String {
    let mut steps = path.to_vec();
    let is_field = |step: &&&Step| !step.0.starts_with("...");
    for step in cycle.iter().cycle() {
        // The last level is `__typename`.
        if is_field(&step) && steps.iter().filter(is_field).count() + 1 == DEPTH {
            break;
        }
        steps.push(step);
    }
    let open: Vec<&str> = steps.iter().map(|step| step.0.as_str()).collect();
    format!("{{ {} {{ __typename }} {}", open.join(" { "), "}".repeat(steps.len()))
}
