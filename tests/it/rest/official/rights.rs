//! Rights in customer service: one table.

use std::fmt::Write;

use serde_json::json;

use super::Desk;
use crate::support::{Answer, Caller, on_both};

const ROLES: [&str; 9] =
    ["nobody", "stranger", "member", "banned", "customer", "assigned", "cs_agent", "moderator", "creator"];

/// Action, then the outcome for each role: in a waiting chat, and for the last two in an assigned chat.
const TABLE: &str = "
               nobody stranger member banned customer assigned cs_agent moderator creator
start          401    201      201    403    200      201      201      201       201
transfer       401    404      404    404    404      404      404      404       404
accept         401    403      403    403    403      404      200      200       200
resolve        401    404      404    404    200      200      404      200       200
status         401    none     none   none   ok       ok       ok       ok        ok
queue          401    403      403    403    403      200      200      200       200
invite         401    403      403    403    403      403      403      200       200
read           401    404      404    404    200      200      200      200       200
say            401    404      404    404    201      201      201      201       201
hand on        401    404      404    404    404      200      403      200       200
";

async fn outcome(desk: &Desk, who: &Caller, action: &str, id: &str) -> String {
    let answer: Answer = match action {
        "start" => desk.start(who).await,
        "transfer" => desk.transfer(who).await,
        "accept" => desk.accept(who, id).await,
        "resolve" => desk.resolve(who, id).await,
        "status" => {
            let answer = who.get(&format!("{}/cs-status?conversationId={id}", desk.path)).await;
            match answer.json["status"].as_str() {
                Some("none") => return "none".to_owned(),
                Some(_) => return "ok".to_owned(),
                None => answer,
            }
        }
        "queue" => who.get(&format!("{}/cs-queue", desk.path)).await,
        "invite" => desk.invite(who, json!({ "userId": desk.moderator.id })).await,
        "read" => who.get(&format!("/api/conversations/{id}/messages")).await,
        "say" => desk.say(who, id, "Hello").await,
        _ => {
            let query = "mutation($c: ID!, $u: ID) {
                transferSupportChat(input: { conversationId: $c, userId: $u }) { supportChat { id } } }";
            let answer = who.graphql(query, json!({ "c": id, "u": desk.creator.id })).await;
            let code = answer.json["errors"][0]["extensions"]["code"].as_str();
            let status = match code {
                None => "200",
                Some("UNAUTHENTICATED") => "401",
                Some("FORBIDDEN") => "403",
                Some("NOT_FOUND") => "404",
                Some(code) => code,
            };
            return status.to_owned();
        }
    };
    answer.status.to_string()
}

on_both! {
    async fn roles_and_actions(server: Server) {
        let mut table = format!("\n{:<14}", "");
        for role in ROLES {
            let _ = write!(table, " {role:<width$}", width = role.len().max(6));
        }
        table = format!("{}\n", table.trim_end());
        let desk = Desk::open(&server, "human_only").await;
        let anon = server.anon();
        let (member, banned) = (server.member("Member").await, server.member("Banned").await);
        assert_eq!(member.post_empty(&format!("{}/join", desk.path)).await.status, 200);
        let ban = "mutation($c: ID!, $u: ID!) { banMember(input: { communityId: $c, userId: $u }) { ban { id } } }";
        desk.creator.graphql(ban, json!({ "c": desk.community, "u": banned.id })).await;
        let mut number = 0;
        for line in TABLE.lines().skip(2) {
            let action = line[..14].trim();
            let mut row = format!("{action:<14}");
            for role in ROLES {
                // Each role has a separate customer, so that its actions do not affect others.
                number += 1;
                let customer = server.member(&format!("Customer{number}")).await;
                let stranger = server.member(&format!("Stranger{number}")).await;
                let id = desk.begin(&customer).await;
                if role == "assigned" || action == "hand on" {
                    assert_eq!(desk.accept(&desk.agent, &id).await.status, 200);
                }
                let who = match role {
                    "nobody" => &anon,
                    "stranger" => &stranger,
                    "member" => &member,
                    "banned" => &banned,
                    "customer" => &customer,
                    "assigned" => &desk.agent,
                    "cs_agent" => &desk.other,
                    "moderator" => &desk.moderator,
                    _ => &desk.creator,
                };
                let outcome = outcome(&desk, who, action, &id).await;
                let _ = write!(row, " {outcome:<width$}", width = role.len().max(6));
            }
            table += row.trim_end();
            table.push('\n');
        }
        assert_eq!(table, TABLE, "\n{table}");
    }
}
