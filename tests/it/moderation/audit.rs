//! The audit log: each action writes one entry, refused and ineffective requests write none, and entries
//! never change.

use std::{collections::HashSet, fmt::Write};

use entity::audit_event;
use plaza::domain::{accounts, wallet};
use reqwest::Method;
use sea_orm::{
    ActiveEnum, ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryOrder,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{account, code, community, done, join, say, set_role};
use crate::support::{Caller, Server, on_both};

/// Actions over GraphQL: name, actor, and document. `$c` is the community, `$m` a member, `$o` its moderator,
/// `$x` its creator, `$t` the member's message, `$l` an agent.
const DEEDS: &[(&str, &str, &str)] = &[
    (
        "give a role",
        "creator",
        "setMemberRole(input: { communityId: $c, userId: $m, role: CS_AGENT }) { membership { id } }",
    ),
    (
        "give it again",
        "creator",
        "setMemberRole(input: { communityId: $c, userId: $m, role: CS_AGENT }) { membership { id } }",
    ),
    (
        "take it",
        "creator",
        "setMemberRole(input: { communityId: $c, userId: $m, role: MEMBER }) { membership { id } }",
    ),
    (
        "invite to serve",
        "moderator",
        "inviteCsAgent(input: { communityId: $c, userId: $m }) { membership { id } }",
    ),
    (
        "invite again",
        "moderator",
        "inviteCsAgent(input: { communityId: $c, userId: $m }) { membership { id } }",
    ),
    (
        "take it, too",
        "creator",
        "setMemberRole(input: { communityId: $c, userId: $m, role: MEMBER }) { membership { id } }",
    ),
    (
        "mute",
        "moderator",
        "muteMember(input: { communityId: $c, userId: $m, reason: \"loud\" }) { membership { id } }",
    ),
    (
        "mute a moderator",
        "moderator",
        "muteMember(input: { communityId: $c, userId: $x }) { membership { id } }",
    ),
    ("unmute", "creator", "unmuteMember(input: { communityId: $c, userId: $m }) { membership { id } }"),
    ("unmute again", "creator", "unmuteMember(input: { communityId: $c, userId: $m }) { membership { id } }"),
    ("delete another's", "moderator", "deleteMessage(input: { messageId: $t }) { message { id } }"),
    ("delete it again", "moderator", "deleteMessage(input: { messageId: $t }) { message { id } }"),
    ("remove", "moderator", "removeMember(input: { communityId: $c, userId: $m }) { community { id } }"),
    (
        "ban",
        "moderator",
        "banMember(input: { communityId: $c, userId: $m, until: \"2030-01-01T00:00:00Z\" }) { ban { id } }",
    ),
    ("unban", "creator", "unbanMember(input: { communityId: $c, userId: $m }) { community { id } }"),
    (
        "change fees",
        "creator",
        "updateCommunity(input: { communityId: $c, joinFee: 5, monthlyFee: 7 }) { community { id } }",
    ),
    (
        "change no fee",
        "creator",
        "updateCommunity(input: { communityId: $c, joinFee: 5, description: \"New\" }) { community { id } }",
    ),
    (
        "add an agent",
        "creator",
        "addCommunityAgent(input: { communityId: $c, agentListingId: $l }) { communityAgent { id } }",
    ),
    (
        "add it again",
        "creator",
        "addCommunityAgent(input: { communityId: $c, agentListingId: $l }) { communityAgent { id } }",
    ),
    (
        "remove it",
        "creator",
        "removeCommunityAgent(input: { communityId: $c, agentListingId: $l }) { deletedId }",
    ),
    ("grant", "admin", "grantCoins(input: { userId: $x, amount: 5, note: \"prize\" }) { walletEntryId }"),
    (
        "grant nothing",
        "admin",
        "grantCoins(input: { userId: $x, amount: 0, note: \"prize\" }) { walletEntryId }",
    ),
    (
        "ask to verify",
        "creator",
        "requestVerification(input: { communityId: $c }) { verificationRequest { id } }",
    ),
    (
        "approve",
        "admin",
        "reviewVerification(input: { verificationRequestId: $v, status: APPROVED, reviewerNotes: \"fine\" }) { verificationRequest { id } }",
    ),
    (
        "approve again",
        "admin",
        "reviewVerification(input: { verificationRequestId: $v, status: APPROVED }) { verificationRequest { id } }",
    ),
    (
        "report",
        "moderator",
        "createReport(input: { communityId: $c, userId: $g, reason: SPAM }) { report { id } }",
    ),
    (
        "close",
        "creator",
        "closeReport(input: { reportId: $r, outcome: DISMISSED, note: \"no\" }) { report { id } }",
    ),
    (
        "hand over",
        "creator",
        "transferOwnership(input: { communityId: $c, userId: $o }) { community { id } }",
    ),
    ("archive another's", "creator", "archiveCommunity(input: { communityId: $c }) { community { id } }"),
    ("archive", "moderator", "archiveCommunity(input: { communityId: $c }) { community { id } }"),
];

/// Action, and its entry: action, actor, affected user, whether in the community, whether on an object, and
/// details.
const TABLE: &str = "
give a role        role_changed           creator    member     here  -  {\"from\":\"member\",\"to\":\"cs_agent\"}
give it again
take it            role_changed           creator    member     here  -  {\"from\":\"cs_agent\",\"to\":\"member\"}
invite to serve    role_changed           moderator  member     here  -  {\"from\":\"member\",\"to\":\"cs_agent\"}
invite again
take it, too       role_changed           creator    member     here  -  {\"from\":\"cs_agent\",\"to\":\"member\"}
mute               member_muted           moderator  member     here  -  {\"reason\":\"loud\",\"until\":null}
mute a moderator   FORBIDDEN
unmute             member_unmuted         creator    member     here  -  {}
unmute again       NOT_FOUND
delete another's   message_deleted        moderator  member     here  t  {\"conversationId\":\"…\"}
delete it again    CONFLICT
remove             member_removed         moderator  member     here  -  {}
ban                member_banned          moderator  member     here  -  {\"reason\":null,\"until\":\"2030-01-01T00:00:00Z\"}
unban              member_unbanned        creator    member     here  -  {}
change fees        fees_changed           creator    -          here  -  {\"joinFee\":{\"from\":0,\"to\":5},\"monthlyFee\":{\"from\":0,\"to\":7}}
change no fee
add an agent       agent_added            creator    creator    here  l  {}
add it again
remove it          agent_removed          creator    -          here  l  {}
grant              coins_granted          admin      creator    -     +  {\"amount\":5,\"note\":\"prize\"}
grant nothing      INVALID
ask to verify
approve            verification_approved  admin      creator    here  v  {\"notes\":\"fine\"}
approve again      NOT_FOUND
report
close              report_closed          creator    guest      here  r  {\"outcome\":\"dismissed\"}
hand over          ownership_transferred  creator    moderator  here  -  {}
archive another's  NOT_FOUND
archive            community_archived     moderator  -          here  -  {}
promote            account_promoted       -          guest      -     -  {}
demote             account_demoted        -          guest      -     -  {}
ban an account     account_banned         -          guest      -     -  {\"reason\":\"fraud\"}
unban an account   account_unbanned       -          guest      -     -  {}
reset a password   password_reset         -          guest      -     -  {}
issue coins        coins_granted          -          guest      -     +  {\"amount\":3,\"note\":\"welcome\"}
";

struct Scene {
    server: Server,
    people: Vec<(&'static str, Caller)>,
    variables: Value,
    seen: HashSet<Uuid>,
}

impl Scene {
    fn of(&self, who: &str) -> &Caller {
        &self.people.iter().find(|(name, _)| *name == who).expect("somebody").1
    }

    fn name(&self, id: Option<&str>) -> &str {
        match id {
            None => "-",
            Some(id) => self.people.iter().find(|(_, who)| who.id == id).map_or("?", |(name, _)| name),
        }
    }

    /// Returns the entry since the last call; at most one exists.
    async fn line(&mut self) -> String {
        let mut new = lines(&self.server).await;
        new.retain(|event| self.seen.insert(event.id));
        assert!(new.len() <= 1, "{new:#?}");
        match new.first() {
            None => String::new(),
            Some(event) => {
                let within = if event.community_id.is_some() { "here" } else { "-" };
                assert!(event.community_id.is_none_or(|id| self.variables["c"] == id.to_string()));
                let on = ["t", "l", "v", "r"]
                    .into_iter()
                    .find(|name| {
                        event.subject_id.is_some()
                            && self.variables[name].as_str() == event.subject_id.as_deref()
                    })
                    .unwrap_or(if event.subject_id.is_some() { "+" } else { "-" });
                let mut details = event.details.clone();
                if details["conversationId"].is_string() {
                    details["conversationId"] = json!("…");
                }
                format!(
                    "{:<22} {:<10} {:<10} {within:<5} {on:<2} {details}",
                    event.action.to_value(),
                    self.name(event.actor_id.as_deref()),
                    self.name(event.user_id.as_deref()),
                )
            }
        }
    }

    async fn act(&mut self, who: &str, body: &str) -> String {
        let used: Vec<String> = ["c", "m", "o", "x", "t", "l", "v", "r", "g"]
            .into_iter()
            .filter(|name| body.contains(&format!("${name}")))
            .map(|name| format!("${name}: ID!"))
            .collect();
        let operation = format!("mutation({}) {{ done: {body} }}", used.join(", "));
        let answer = self.of(who).graphql(&operation, self.variables.clone()).await;
        for (verb, made, name) in
            [("requestVerification", "verificationRequest", "v"), ("createReport", "report", "r")]
        {
            if body.starts_with(verb) {
                self.variables[name] = answer.json["data"]["done"][made]["id"].clone();
            }
        }
        match code(&answer) {
            "ok" => self.line().await,
            refused => {
                let left = self.line().await;
                assert_eq!(left, "", "what is refused leaves nothing");
                refused.to_owned()
            }
        }
    }
}

/// Returns the whole log, oldest first.
async fn lines(server: &Server) -> Vec<audit_event::Model> {
    let select = audit_event::Entity::find().order_by_asc(audit_event::Column::CreatedAt);
    select.order_by_asc(audit_event::Column::Id).all(server.app.db.read()).await.expect("reads")
}

async fn scene(server: Server) -> Scene {
    let mut people = Vec::new();
    for (who, name) in
        [("creator", "Creator"), ("moderator", "Moderator"), ("member", "Member"), ("guest", "Guest")]
    {
        people.push((who, server.member(name).await));
    }
    people.push(("admin", server.admin("Admin").await));
    let [(_, creator), (_, moderator), (_, member), (_, guest), _] = &people[..] else { panic!("five") };
    let c = community(creator, json!({ "name": "Shop", "type": "official" })).await;
    for who in [moderator, member, guest] {
        join(who, &c).await;
    }
    set_role(creator, &c, moderator, "MODERATOR").await;
    let t = say(member, &c, "buy my watches").await;
    let own = say(member, &c, "sorry").await;
    let listing = done(
        creator,
        "mutation { createAgentListing(input: { agentName: \"Guide\" }) { agentListing { id } } }",
        json!({}),
    )
    .await;
    let seen: HashSet<Uuid> = lines(&server).await.into_iter().map(|event| event.id).collect();
    done(
        member,
        "mutation($m: ID!) { deleteMessage(input: { messageId: $m }) { message { id } } }",
        json!({ "m": own }),
    )
    .await;
    assert_eq!(lines(&server).await.len(), seen.len(), "one's own is nobody's business");
    let variables = json!({ "c": c, "m": member.id, "o": moderator.id, "x": creator.id, "g": guest.id, "t": t,
        "l": listing["createAgentListing"]["agentListing"]["id"] });
    server.app.clock.advance(std::time::Duration::from_secs(1));
    Scene { server, people, variables, seen }
}

on_both! {
    async fn each_deed_leaves_one_line(server: Server) {
        let mut scene = scene(server).await;
        let mut table = String::from("\n");
        for (name, who, body) in DEEDS {
            scene.server.app.clock.advance(std::time::Duration::from_secs(1));
            let line = scene.act(who, body).await;
            let _ = writeln!(table, "{}", format!("{name:<18} {line}").trim_end());
        }
        let app = scene.server.app.clone();
        let guest = account(&scene.server, scene.of("guest")).await;
        accounts::promote(&app, &guest).await.expect("promotes");
        let _ = writeln!(table, "{:<18} {}", "promote", scene.line().await);
        accounts::demote(&app, &guest).await.expect("demotes");
        let _ = writeln!(table, "{:<18} {}", "demote", scene.line().await);
        accounts::set_ban(&app, &guest, Some("fraud".to_owned())).await.expect("bans");
        let _ = writeln!(table, "{:<18} {}", "ban an account", scene.line().await);
        accounts::set_ban(&app, &guest, None).await.expect("lifts");
        let _ = writeln!(table, "{:<18} {}", "unban an account", scene.line().await);
        accounts::reset_password(&app, &guest, "another password".to_owned(), false).await.expect("resets");
        let _ = writeln!(table, "{:<18} {}", "reset a password", scene.line().await);
        wallet::issue(&app, &guest, 3, "welcome").await.expect("issues");
        let _ = writeln!(table, "{:<18} {}", "issue coins", scene.line().await);
        assert_eq!(table, TABLE, "\n{table}");
        let log = serde_json::to_string(&lines(&scene.server).await).expect("writes");
        for secret in ["another password", "buy my watches"] {
            assert!(!log.contains(secret), "{secret}");
        }
    }

    /// A repeated request with a key has one effect and one entry.
    async fn a_retry_leaves_one_line(server: Server) {
        let scene = scene(server).await;
        for _ in 0..3 {
            let body = json!({ "query": "mutation($c: ID!, $m: ID!) {
                banMember(input: { communityId: $c, userId: $m }) { ban { id } } }", "variables": scene.variables });
            let creator = scene.of("creator");
            let request = creator.request(Method::POST, "/graphql").header("idempotency-key", "k").json(&body);
            assert_eq!(code(&creator.send(request).await), "ok");
        }
        assert_eq!(lines(&scene.server).await.len(), scene.seen.len() + 1);
    }

    /// Deleting an account archives its communities, which their members read in the log.
    async fn an_account_that_ends_archives(server: Server) {
        let scene = scene(server).await;
        let end = "mutation { deleteAccount(input: { password: \"a long password\" }) { deletedId } }";
        done(scene.of("creator"), end, json!({})).await;
        let log = lines(&scene.server).await;
        assert_eq!(log.last().expect("a line").action, audit_event::Action::CommunityArchived);
    }

    /// The database refuses changes that the program never makes.
    async fn the_database_keeps_the_log(server: Server) {
        let scene = scene(server).await;
        let before = lines(&scene.server).await;
        assert!(!before.is_empty());
        let db = scene.server.app.db.write();
        for statement in [
            "UPDATE audit_events SET action = 'member_banned'",
            "UPDATE audit_events SET actor_id = NULL",
            "UPDATE audit_events SET details = '{}'",
            "DELETE FROM audit_events",
            "DELETE FROM audit_events WHERE 1 = 1",
        ] {
            let refused = db.execute_unprepared(statement).await.expect_err(statement).to_string();
            assert!(refused.contains("the audit log is only added to"), "{refused}");
        }
        let statement = match scene.server.app.db.backend() {
            sea_orm::DatabaseBackend::Postgres => "TRUNCATE audit_events",
            _ => "INSERT OR REPLACE INTO audit_events SELECT id, 'member_muted', actor_id, community_id, user_id, \
                  subject_id, details, created_at FROM audit_events",
        };
        let refused = db.execute_unprepared(statement).await.expect_err(statement).to_string();
        assert!(refused.contains("the audit log is only added to"), "{refused}");
        let twice = before[0].clone().into_active_model().reset_all().insert(db).await;
        twice.expect_err("there is one of each");
        assert_eq!(lines(&scene.server).await, before);
    }

    /// Administrators read all entries, a creator those of the community, other users none.
    async fn readers_of_the_audit_log(server: Server) {
        let scene = scene(server).await;
        let query = "query($c: ID) { auditEvents(communityId: $c) { totalCount } }";
        let here = json!({ "c": scene.variables["c"] });
        let nowhere = json!({ "c": "019b0000-0000-7000-8000-000000000000" });
        let mut table = String::from("\n");
        let anon = scene.server.anon();
        for who in ["nobody", "guest", "member", "moderator", "creator", "admin"] {
            let caller = if who == "nobody" { &anon } else { scene.of(who) };
            let mut line = format!("{who:<10}");
            for variables in [&here, &json!({}), &nowhere] {
                let answer = caller.graphql(query, variables.clone()).await;
                let told = match code(&answer) {
                    "ok" => answer.json["data"]["auditEvents"]["totalCount"].to_string(),
                    refused => refused.to_owned(),
                };
                let _ = write!(line, "{told:<16}");
            }
            let _ = writeln!(table, "{}", line.trim_end());
        }
        assert_eq!(table, "
nobody    UNAUTHENTICATED UNAUTHENTICATED UNAUTHENTICATED
guest     FORBIDDEN       FORBIDDEN       FORBIDDEN
member    FORBIDDEN       FORBIDDEN       FORBIDDEN
moderator FORBIDDEN       FORBIDDEN       FORBIDDEN
creator   1               FORBIDDEN       FORBIDDEN
admin     1               2               0
", "\n{table}");
    }

    /// By action, actor and affected user; newest first; in a constant number of statements.
    async fn the_log_is_searched(server: Server) {
        let scene = scene(server).await;
        let (creator, admin, c) = (scene.of("creator"), scene.of("admin"), scene.variables["c"].clone());
        for _ in 0..3 {
            for verb in ["mute", "unmute"] {
                scene.server.app.clock.advance(std::time::Duration::from_secs(1));
                let body = format!("mutation($c: ID!, $m: ID!) {{ {verb}Member(input: {{ communityId: $c, userId: $m }}) {{ membership {{ id }} }} }}");
                done(scene.of("moderator"), &body, json!({ "c": c, "m": scene.variables["m"] })).await;
            }
        }
        let find = async |who: &Caller, by: &str| {
            let query = format!("query($c: ID) {{ auditEvents(communityId: $c, {by}) {{ nodes {{ action }} }} }}");
            let found = done(who, &query, json!({ "c": c })).await;
            found["auditEvents"]["nodes"].as_array().expect("rows").len()
        };
        for (by, count) in [
            ("first: 50".to_owned(), 7),
            ("first: 2".to_owned(), 2),
            ("action: MEMBER_MUTED".to_owned(), 3),
            (format!("actorId: {:?}", scene.of("moderator").id), 6),
            (format!("actorId: {:?}, action: MEMBER_UNMUTED", scene.of("moderator").id), 3),
            (format!("userId: {:?}", scene.of("moderator").id), 1),
            (format!("userId: {:?}", scene.of("guest").id), 0),
        ] {
            assert_eq!((find(creator, &by).await, find(admin, &by).await), (count, count), "{by}");
        }
        let page = "query($c: ID, $a: String) { auditEvents(communityId: $c, first: 4, after: $a) {
            nodes { id action actor { name } user { name } community { name } details createdAt }
            pageInfo { hasNextPage endCursor } } }";
        scene.server.statements();
        let first = done(creator, page, json!({ "c": c })).await["auditEvents"].clone();
        let statements = scene.server.statements();
        assert_eq!(statements.len(), 5, "right, events, people, their names here, communities: {statements:#?}");
        assert_eq!(first["nodes"][0]["action"], "MEMBER_UNMUTED");
        assert_eq!(first["nodes"][1]["actor"]["name"], "Moderator");
        let rest = done(creator, page, json!({ "c": c, "a": first["pageInfo"]["endCursor"] })).await["auditEvents"].clone();
        assert_eq!(rest["nodes"].as_array().map(Vec::len), Some(3));
        assert_eq!(rest["pageInfo"]["hasNextPage"], false);
        assert_eq!(rest["nodes"][2]["details"], json!({ "from": "member", "to": "moderator" }));
    }

    /// A creator sees a member's display name, administrators the account's name.
    async fn other_names_are_kept(server: Server) {
        let scene = scene(server).await;
        let (member, c) = (scene.of("member"), scene.variables["c"].clone());
        let name = "mutation($c: ID!) { updateMembership(input: { communityId: $c, displayName: \"Nobody\" }) { membership { id } } }";
        done(member, name, json!({ "c": c })).await;
        let mute = "mutation($c: ID!, $m: ID!) { muteMember(input: { communityId: $c, userId: $m }) { membership { id } } }";
        done(scene.of("creator"), mute, json!({ "c": c, "m": member.id })).await;
        let query = "query($c: ID!) { auditEvents(communityId: $c, first: 1) { nodes { user { id name } } } }";
        for (who, name) in [("creator", "Nobody"), ("admin", "Member")] {
            let seen = done(scene.of(who), query, json!({ "c": c })).await;
            assert_eq!(seen["auditEvents"]["nodes"][0]["user"], json!({ "id": member.id, "name": name }), "{who}");
        }
    }

    /// Uncommitted actions are not in the log.
    async fn a_deed_that_fails_leaves_nothing(server: Server) {
        let scene = scene(server).await;
        let db = scene.server.app.db.write();
        db.execute_unprepared("ALTER TABLE bans RENAME TO bans_elsewhere").await.expect("renames");
        let ban = "mutation($c: ID!, $m: ID!) { banMember(input: { communityId: $c, userId: $m }) { ban { id } } }";
        let answer = scene.of("creator").graphql(ban, json!({ "c": scene.variables["c"], "m": scene.variables["m"] })).await;
        assert_eq!(code(&answer), "INTERNAL");
        let count = audit_event::Entity::find().count(scene.server.app.db.read()).await.expect("counts");
        assert_eq!(usize::try_from(count).expect("fits"), scene.seen.len());
    }
}
