//! Rights in a community: one table.

use std::fmt::Write;

use chrono::TimeDelta;
use entity::membership;
use plaza::domain::communities::find_membership;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};
use serde_json::{Value, json};

use crate::support::{Caller, Server, on_both};

/// Tried actions: `$c` is the community, `$m` a member, `$o` a moderator, `$b` a banned user, `$x` its
/// creator.
const ACTIONS: [(&str, &str); 20] = [
    ("see", "{ community(id: $c) { id } }"),
    ("list", "{ communityMembers(communityId: $c) { id } }"),
    ("bans", "{ community(id: $c) { bans { nodes { id } } } }"),
    ("join", "joinCommunity(input: { communityId: $c }) { membership { id } }"),
    ("leave", "leaveCommunity(input: { communityId: $c }) { community { id } }"),
    ("be named", "updateMembership(input: { communityId: $c, displayName: \"N\" }) { membership { id } }"),
    ("update", "updateCommunity(input: { communityId: $c, name: \"New\" }) { community { id } }"),
    ("archive", "archiveCommunity(input: { communityId: $c }) { community { id } }"),
    (
        "set role",
        "setMemberRole(input: { communityId: $c, userId: $m, role: CS_AGENT }) { membership { id } }",
    ),
    (
        "make creator",
        "setMemberRole(input: { communityId: $c, userId: $m, role: CREATOR }) { membership { id } }",
    ),
    (
        "demote creator",
        "setMemberRole(input: { communityId: $c, userId: $x, role: MEMBER }) { membership { id } }",
    ),
    ("transfer", "transferOwnership(input: { communityId: $c, userId: $m }) { community { id } }"),
    ("remove member", "removeMember(input: { communityId: $c, userId: $m }) { community { id } }"),
    ("remove mod", "removeMember(input: { communityId: $c, userId: $o }) { community { id } }"),
    ("remove creator", "removeMember(input: { communityId: $c, userId: $x }) { community { id } }"),
    ("ban member", "banMember(input: { communityId: $c, userId: $m }) { ban { id } }"),
    ("ban creator", "banMember(input: { communityId: $c, userId: $x }) { ban { id } }"),
    ("unban", "unbanMember(input: { communityId: $c, userId: $b }) { community { id } }"),
    ("mute member", "muteMember(input: { communityId: $c, userId: $m }) { membership { id } }"),
    ("mute mod", "muteMember(input: { communityId: $c, userId: $o }) { membership { id } }"),
];

const ROLES: [&str; 8] =
    ["nobody", "stranger", "banned", "member", "expired", "cs_agent", "moderator", "creator"];

/// Action, then the outcome for each role.
const TABLE: &str = "
                nobody          stranger        banned          member          expired         cs_agent        moderator       creator
see             ok              ok              ok              ok              ok              ok              ok              ok
list            ok              ok              ok              ok              ok              ok              ok              ok
bans            UNAUTHENTICATED FORBIDDEN       FORBIDDEN       FORBIDDEN       FORBIDDEN       FORBIDDEN       ok              ok
join            UNAUTHENTICATED ok              MEMBER_BANNED   ALREADY_MEMBER  ok              ALREADY_MEMBER  ALREADY_MEMBER  ALREADY_MEMBER
leave           UNAUTHENTICATED NOT_FOUND       NOT_FOUND       ok              ok              ok              ok              INVALID
be named        UNAUTHENTICATED NOT_FOUND       NOT_FOUND       ok              MEMBERSHIP_EXPIRED ok              ok              ok
update          UNAUTHENTICATED FORBIDDEN       FORBIDDEN       FORBIDDEN       FORBIDDEN       FORBIDDEN       FORBIDDEN       ok
archive         UNAUTHENTICATED NOT_FOUND       NOT_FOUND       NOT_FOUND       NOT_FOUND       NOT_FOUND       NOT_FOUND       ok
set role        UNAUTHENTICATED FORBIDDEN       FORBIDDEN       FORBIDDEN       FORBIDDEN       FORBIDDEN       FORBIDDEN       ok
make creator    UNAUTHENTICATED FORBIDDEN       FORBIDDEN       FORBIDDEN       FORBIDDEN       FORBIDDEN       FORBIDDEN       INVALID
demote creator  UNAUTHENTICATED FORBIDDEN       FORBIDDEN       FORBIDDEN       FORBIDDEN       FORBIDDEN       FORBIDDEN       INVALID
transfer        UNAUTHENTICATED FORBIDDEN       FORBIDDEN       FORBIDDEN       FORBIDDEN       FORBIDDEN       FORBIDDEN       ok
remove member   UNAUTHENTICATED FORBIDDEN       FORBIDDEN       FORBIDDEN       FORBIDDEN       FORBIDDEN       ok              ok
remove mod      UNAUTHENTICATED FORBIDDEN       FORBIDDEN       FORBIDDEN       FORBIDDEN       FORBIDDEN       FORBIDDEN       ok
remove creator  UNAUTHENTICATED FORBIDDEN       FORBIDDEN       FORBIDDEN       FORBIDDEN       FORBIDDEN       FORBIDDEN       FORBIDDEN
ban member      UNAUTHENTICATED FORBIDDEN       FORBIDDEN       FORBIDDEN       FORBIDDEN       FORBIDDEN       ok              ok
ban creator     UNAUTHENTICATED FORBIDDEN       FORBIDDEN       FORBIDDEN       FORBIDDEN       FORBIDDEN       FORBIDDEN       FORBIDDEN
unban           UNAUTHENTICATED FORBIDDEN       FORBIDDEN       FORBIDDEN       FORBIDDEN       FORBIDDEN       ok              ok
mute member     UNAUTHENTICATED FORBIDDEN       FORBIDDEN       FORBIDDEN       FORBIDDEN       FORBIDDEN       ok              ok
mute mod        UNAUTHENTICATED FORBIDDEN       FORBIDDEN       FORBIDDEN       FORBIDDEN       FORBIDDEN       FORBIDDEN       ok
";

/// A community and its users.
struct Scene {
    creator: Caller,
    guest: Caller,
    member: Caller,
    moderator: Caller,
    banned: Caller,
}

impl Scene {
    async fn new(server: &Server) -> Self {
        Self {
            creator: server.member("Creator").await,
            guest: server.member("Guest").await,
            member: server.member("Member").await,
            moderator: server.member("Moderator").await,
            banned: server.member("Banned").await,
        }
    }

    /// Creates a community in which the guest has this role.
    async fn community(&self, server: &Server, role: &str) -> Value {
        let made = self.creator.post("/api/communities", json!({ "name": "Club" })).await;
        let id = made.json["id"].as_str().expect("an id");
        let variables = json!({ "c": id, "g": self.guest.id, "m": self.member.id, "o": self.moderator.id,
            "b": self.banned.id, "x": self.creator.id });
        let join = format!("/api/communities/{id}/join");
        for who in [&self.member, &self.moderator] {
            assert_eq!(who.post_empty(&join).await.status, 200);
        }
        if matches!(role, "member" | "expired" | "cs_agent" | "moderator") {
            assert_eq!(self.guest.post_empty(&join).await.status, 200);
        }
        let promote = async |who: &str, role: &str| {
            let body = format!(
                "setMemberRole(input: {{ communityId: $c, userId: {who}, role: {role} }}) {{ membership {{ id }} }}"
            );
            assert_eq!(outcome(&self.creator, &body, &variables).await, "ok");
        };
        promote("$o", "MODERATOR").await;
        let ban =
            |who: &str| format!("banMember(input: {{ communityId: $c, userId: {who} }}) {{ ban {{ id }} }}");
        assert_eq!(outcome(&self.creator, &ban("$b"), &variables).await, "ok");
        match role {
            "moderator" | "cs_agent" => promote("$g", &role.to_uppercase()).await,
            "banned" => assert_eq!(outcome(&self.creator, &ban("$g"), &variables).await, "ok"),
            "expired" => expire(server, id, &self.guest.id).await,
            _ => {}
        }
        variables
    }
}

/// Lets the paid time expire.
async fn expire(server: &Server, community: &str, user: &str) {
    let id = community.parse().expect("an id");
    let found = find_membership(server.app.db.read(), id, user).await.expect("reads").expect("a member");
    let mut row: membership::ActiveModel = found.into_active_model();
    row.paid_until = Set(Some(server.app.clock.now() - TimeDelta::days(1)));
    row.update(server.app.db.write()).await.expect("writes");
}

/// Returns `ok`, `hidden` for a null, or the refusal's code.
async fn outcome(who: &Caller, body: &str, variables: &Value) -> String {
    let used: Vec<String> = ["c", "g", "m", "o", "b", "x"]
        .into_iter()
        .filter(|name| body.contains(&format!("${name}")))
        .map(|name| format!("${name}: ID!"))
        .collect();
    let operation = if body.starts_with('{') { "query" } else { "mutation" };
    let body = if operation == "query" { body.to_owned() } else { format!("{{ {body} }}") };
    let answer = who.graphql(&format!("{operation}({}) {body}", used.join(", ")), variables.clone()).await;
    match answer.json["errors"][0]["extensions"]["code"].as_str() {
        Some(code) => code.to_owned(),
        None if answer.json["data"].as_object().expect("data").values().all(Value::is_null) => {
            "hidden".to_owned()
        }
        None => "ok".to_owned(),
    }
}

on_both! {
    /// Each role has a separate community, so that its actions do not affect others.
    async fn roles_and_actions(server: Server) {
        let mut scene = Scene::new(&server).await;
        let anon = server.anon();
        let mut table = format!("\n{:<15}", "");
        for role in ROLES {
            let _ = write!(table, " {role:<15}");
        }
        table = format!("{}\n", table.trim_end());
        for (number, (action, body)) in ACTIONS.into_iter().enumerate() {
            // One account does not create as many communities as the table has cells.
            if number == ACTIONS.len() / 2 {
                scene.creator = server.member("Heir").await;
            }
            let mut line = format!("{action:<15}");
            for role in ROLES {
                let variables = scene.community(&server, role).await;
                let who = match role {
                    "nobody" => &anon,
                    "creator" => &scene.creator,
                    _ => &scene.guest,
                };
                let _ = write!(line, " {:<15}", outcome(who, body, &variables).await);
            }
            table += line.trim_end();
            table.push('\n');
        }
        assert_eq!(table, TABLE, "\n{table}");
    }
}
