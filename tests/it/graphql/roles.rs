//! Rights in a private space: one table.

use serde_json::{Value, json};

use crate::support::{Caller, on_both};

const ACTIONS: [(&str, &str); 7] = [
    ("see", "query($s: ID!) { space(id: $s) { id } }"),
    ("open", "mutation($s: ID!) { openSpaceSession(input: { spaceId: $s }) { spaceSession { id } } }"),
    (
        "write",
        "mutation($n: ID!) { updateSpaceSession(input: { sessionId: $n, phase: \"two\" }) { spaceSession { id } } }",
    ),
    ("join", "mutation($n: ID!) { joinSpaceSession(input: { sessionId: $n }) { isNew } }"),
    (
        "change",
        "mutation($s: ID!) { updateSpace(input: { spaceId: $s, description: \"new\" }) { space { id } } }",
    ),
    (
        "invite",
        "mutation($s: ID!, $u: ID!) { inviteToSpace(input: { spaceId: $s, userId: $u }) { space { id } } }",
    ),
    ("delete", "mutation($s: ID!) { deleteSpace(input: { spaceId: $s }) { deletedId } }"),
];

/// Role, action, outcome.
const TABLE: &str = "
nobody      see     hidden
nobody      open    UNAUTHENTICATED
nobody      write   UNAUTHENTICATED
nobody      join    UNAUTHENTICATED
nobody      change  UNAUTHENTICATED
nobody      invite  UNAUTHENTICATED
nobody      delete  UNAUTHENTICATED
stranger    see     hidden
stranger    open    NOT_FOUND
stranger    write   NOT_FOUND
stranger    join    NOT_FOUND
stranger    change  NOT_FOUND
stranger    invite  NOT_FOUND
stranger    delete  NOT_FOUND
invited     see     ok
invited     open    ok
invited     write   FORBIDDEN
invited     join    ok
invited     change  FORBIDDEN
invited     invite  FORBIDDEN
invited     delete  FORBIDDEN
participant see     ok
participant open    ok
participant write   ok
participant join    ok
participant change  FORBIDDEN
participant invite  FORBIDDEN
participant delete  FORBIDDEN
owner       see     ok
owner       open    ok
owner       write   ok
owner       join    ok
owner       change  ok
owner       invite  ok
owner       delete  ok
";

/// Returns `ok`, `hidden` for a null, or the refusal's code.
async fn outcome(who: &Caller, query: &str, variables: &Value) -> String {
    let answer = who.graphql(query, variables.clone()).await;
    match answer.json["errors"][0]["extensions"]["code"].as_str() {
        Some(code) => code.to_owned(),
        None if answer.json["data"]["space"].is_null() && query.contains("space(id") => "hidden".to_owned(),
        None => "ok".to_owned(),
    }
}

on_both! {
    /// Each role has a separate space, so that its actions do not affect others.
    async fn roles_and_actions(server: Server) {
        let owner = server.member("Owner").await;
        let guest = server.member("Guest").await;
        let mut table = String::from("\n");
        for role in ["nobody", "stranger", "invited", "participant", "owner"] {
            for (action, query) in ACTIONS {
                let body = json!({ "name": "Secret", "isPublic": false });
                let space = owner.post("/api/spaces", body).await.json["id"].clone();
                let id = space.as_str().expect("an id");
                let session = owner.post_empty(&format!("/api/spaces/{id}/sessions")).await.json["id"].clone();
                let variables = json!({ "s": id, "n": session, "u": guest.id });
                if matches!(role, "invited" | "participant") {
                    owner.graphql(ACTIONS[5].1, variables.clone()).await;
                }
                if role == "participant" {
                    guest.graphql(ACTIONS[3].1, variables.clone()).await;
                }
                let anon = server.anon();
                let who = match role {
                    "nobody" => &anon,
                    "owner" => &owner,
                    _ => &guest,
                };
                table += &format!("{role:<12}{action:<8}{}\n", outcome(who, query, &variables).await);
            }
        }
        assert_eq!(table, TABLE, "\n{table}");
    }
}
