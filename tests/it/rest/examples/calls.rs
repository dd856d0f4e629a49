//! One call of each operation, and a second one where it answers twice in different ways.

use serde_json::{Value, json};

use super::{People, Recorder};
use crate::{
    support::{Caller, sound::wav},
    voice::rest_form,
};

/// Makes all calls: those that read before those that change what they read.
pub async fn perform(people: &People, recorder: &mut Recorder) {
    let alice = people.sign_in("alice").await;
    let found = alice.get("/api/communities?limit=50").await.json;
    let ids = Ids { communities: found["communities"].clone() };
    accounts(people, recorder).await;
    reads(people, recorder, &alice, &ids).await;
    spaces(people, recorder, &alice).await;
    talks(people, recorder, &alice, &ids).await;
    agents(recorder, &alice, &ids).await;
    communities(people, recorder, &alice, &ids).await;
    official(people, recorder, &ids).await;
    lounges(people, recorder, &alice, &ids).await;
    administration(people, recorder, &ids).await;
}

/// The demo's communities.
struct Ids {
    communities: Value,
}

impl Ids {
    fn of(&self, name: &str) -> Value {
        let rows = self.communities.as_array().expect("rows");
        let found = rows.iter().find(|row| row["name"] == name);
        found.unwrap_or_else(|| panic!("the demo has no {name}"))["id"].clone()
    }

    fn readers(&self) -> Value {
        self.of("The Slow Reading Room")
    }

    fn tea_house(&self) -> Value {
        self.of("慢山茶行")
    }
}

async fn accounts(people: &People, recorder: &mut Recorder) {
    let anon = people.server.anon();
    let nora =
        json!({ "email": "nora@example.com", "password": "a long password", "name": "Nora Lindqvist" });
    let signed_up = recorder.call_with(&anon, "SignUpEmail", json!({}), nora).await;
    let nora = people.server.bearer(signed_up["token"].as_str().expect("a token"));
    let alice = json!({ "email": "alice@demo.plaza", "password": plaza::demo::PASSWORD });
    let signed_in = recorder.call_with(&anon, "SignInEmail", json!({}), alice).await;
    let alice = people.server.bearer(signed_in["token"].as_str().expect("a token"));
    recorder.call(&alice, "GetSession", json!({})).await;
    recorder.call(&alice, "WhoAmI", json!({})).await;
    let key =
        recorder.call_with(&alice, "CreateApiKey", json!({}), json!({ "name": "Backup of my spaces" })).await;
    recorder.call(&alice, "ListApiKeys", json!({})).await;
    recorder.call(&alice, "RevokeApiKey", json!({ "id": key["id"] })).await;
    recorder.call(&alice, "GetBalance", json!({})).await;
    recorder.call(&alice, "ListTransactions", json!({})).await;
    recorder
        .call_with(&alice, "TopUp", json!({}), json!({ "amount": 100, "receiptId": "receipt-2026-12-01" }))
        .await;
    recorder.call(&nora, "SignOut", json!({})).await;
}

async fn reads(people: &People, recorder: &mut Recorder, alice: &Caller, ids: &Ids) {
    let anon = people.server.anon();
    let browse = json!({ "type": "club", "category": "books", "search": "reading" });
    recorder.call(&anon, "BrowseCommunities", browse).await;
    recorder.call(&anon, "GetCommunity", json!({ "id": ids.readers() })).await;
    let members = json!({ "id": ids.readers(), "limit": 2, "offset": 0 });
    recorder.call(&anon, "ListCommunityMembers", members).await;
    recorder.call(alice, "ListCreatedCommunities", json!({})).await;
    recorder.call(alice, "ListJoinedCommunities", json!({})).await;
    recorder.call(alice, "ListCreatorCommunities", json!({})).await;
    recorder.call(alice, "ListConversations", json!({})).await;
    recorder.call(&anon, "ListCommunityAgents", json!({ "id": ids.of("東京さんぽ部") })).await;
}

async fn spaces(people: &People, recorder: &mut Recorder, alice: &Caller) {
    let anon = people.server.anon();
    let browse = json!({ "search": "chess", "category": "board_game" });
    let found = recorder.call(&anon, "BrowseSpaces", browse).await;
    let chess = json!({ "id": found["spaces"][0]["id"] });
    recorder.call(alice, "GetSpace", chess.clone()).await;
    recorder.call(alice, "ListSpaceSessions", chess.clone()).await;
    recorder.call(alice, "ListOwnSpaces", json!({})).await;
    recorder.call(alice, "ListOwnedSpaces", json!({})).await;
    let space = json!({
        "name": "Backgammon by the Window",
        "description": "Two dice, fifteen checkers, no hurry.",
        "category": "board_game",
        "tags": ["backgammon", "casual"],
        "definition": { "minPlayers": 2, "maxPlayers": 2 },
        "isPublic": true,
    });
    let made = recorder.call_with(alice, "CreateSpace", json!({}), space).await;
    let space = json!({ "id": made["id"] });
    let change =
        json!({ "description": "Two dice, fifteen checkers, and a doubling cube.", "tags": ["backgammon"] });
    recorder.call_with(alice, "UpdateSpace", space.clone(), change).await;
    let session = recorder.call(alice, "OpenSpaceSession", chess.clone()).await;
    let session = json!({ "id": chess["id"], "session_id": session["id"] });
    let bruno = people.sign_in("bruno").await;
    let join = json!({ "role": "black", "controlMode": "human" });
    for _ in 0..2 {
        recorder.call_with(&bruno, "JoinSpaceSession", session.clone(), join.clone()).await;
    }
    recorder.call(&bruno, "LeaveSpaceSession", session).await;
    recorder.call(alice, "DeleteSpace", space).await;
}

async fn talks(people: &People, recorder: &mut Recorder, alice: &Caller, ids: &Ids) {
    let room = json!({ "id": ids.readers() });
    let page = json!({ "id": ids.readers(), "before": "2026-12-01T00:00:00Z", "limit": 2 });
    let said = recorder.call(alice, "ListCommunityMessages", page).await;
    let post = json!({
        "content": "Chapter ten is short. Read it twice.",
        "replyToId": said["messages"][1]["id"],
        "clientKey": "phone-1764579600",
    });
    recorder.call_with(alice, "PostCommunityMessage", room, post).await;
    let own = alice.get("/api/conversations").await.json;
    let own = own["conversations"].as_array().expect("rows").iter();
    let room = own.clone().find(|row| row["communityId"] == ids.readers()).expect("the room")["id"].clone();
    let page = json!({ "id": room, "before": "2026-12-01T00:00:00Z", "limit": 2 });
    recorder.call(alice, "ListMessages", page).await;
    let chloe = people.sign_in("chloe").await;
    let post = json!({ "content": "Then I shall read it three times." });
    recorder.call_with(&chloe, "PostMessage", json!({ "id": room }), post).await;
    let audio = json!({ "audio": "(the bytes of recording.wav)", "clientKey": "phone-1764579660" });
    let form = rest_form(wav(1500)).text("clientKey", "phone-1764579660");
    let jonas = people.sign_in("jonas").await;
    recorder.upload(&jonas, "SendVoiceMessage", json!({ "id": room }), audio, form).await;
    recorder.follow(alice, "FollowConversation", json!({ "id": room }), None).await;
    recorder.follow(alice, "FollowConversation", json!({ "id": room, "after": "8" }), None).await;
}

async fn agents(recorder: &mut Recorder, alice: &Caller, ids: &Ids) {
    let walkers = json!({ "id": ids.of("東京さんぽ部") });
    let listing = recorder.call(alice, "ListCommunityAgents", walkers.clone()).await;
    let listing = listing["agents"][0]["listingId"].clone();
    let question = json!({
        "content": "等々力渓谷はどのくらいかかりますか", "listingId": listing, "expectedFee": 0, "clientKey": "phone-1764579720",
    });
    recorder.follow(alice, "AskAgent", walkers, Some(question)).await;
    let hotline =
        format!("/api/communities/{}/agents", ids.of("Northern Lights Hotline").as_str().expect("an id"));
    let aurora = alice.get(&hotline).await.json["agents"][0]["listingId"].clone();
    let readers = json!({ "id": ids.readers() });
    recorder.call_with(alice, "AddCommunityAgent", readers, json!({ "listingId": aurora })).await;
    let place = json!({ "id": ids.readers(), "listing_id": aurora });
    recorder.call(alice, "RemoveCommunityAgent", place).await;
}

async fn communities(people: &People, recorder: &mut Recorder, alice: &Caller, ids: &Ids) {
    let club = json!({
        "name": "Harbour Photographers",
        "type": "club",
        "description": "Boats, gulls and bad weather.",
        "category": "art",
        "tags": ["photography", "harbour"],
        "joinFee": 0,
        "monthlyFee": 5,
    });
    let made = recorder.call_with(alice, "CreateCommunity", json!({}), club).await;
    recorder.call(alice, "ArchiveCommunity", json!({ "id": made["id"] })).await;
    let readers = json!({ "id": ids.readers() });
    let change = json!({ "description": "One book a month, read slowly.", "tags": ["books", "one a month"] });
    recorder.call_with(alice, "UpdateCommunity", readers.clone(), change).await;
    let layla = people.sign_in("layla").await;
    recorder.call_with(&layla, "JoinCommunity", readers.clone(), json!({ "expectedTotal": 0 })).await;
    recorder.call(&layla, "LeaveCommunity", readers).await;
}

async fn official(people: &People, recorder: &mut Recorder, ids: &Ids) {
    let shop = json!({ "id": ids.tea_house() });
    let haruka = people.sign_in("haruka").await;
    let queue = recorder.call(&haruka, "GetSupportQueue", shop.clone()).await;
    let waiting = json!({ "conversationId": queue["queue"][0]["conversationId"] });
    recorder.call_with(&haruka, "AcceptTransfer", shop.clone(), waiting.clone()).await;
    let both = json!({ "id": shop["id"], "conversationId": waiting["conversationId"] });
    recorder.call(&haruka, "GetSupportStatus", both).await;
    recorder.call_with(&haruka, "ResolveSupportChat", shop.clone(), waiting).await;
    let kasia = people.sign_in("kasia").await;
    for _ in 0..2 {
        recorder.call(&kasia, "StartSupportChat", shop.clone()).await;
    }
    recorder.call(&kasia, "RequestHuman", shop.clone()).await;
    let mei = people.sign_in("mei").await;
    recorder.call_with(&mei, "InviteCsAgent", shop, json!({ "userId": "emre@demo.plaza" })).await;
}

async fn lounges(people: &People, recorder: &mut Recorder, alice: &Caller, ids: &Ids) {
    let hotline = json!({ "id": ids.of("Northern Lights Hotline") });
    recorder.call(&people.server.anon(), "GetLounge", hotline.clone()).await;
    recorder.call(alice, "GetLoungeDashboard", hotline.clone()).await;
    let kasia = people.sign_in("kasia").await;
    for _ in 0..2 {
        recorder.call(&kasia, "StartLoungeChat", hotline.clone()).await;
    }
    let lounge = json!({
        "name": "Bedtime Stories",
        "description": "A story before you sleep, told slowly.",
        "freeMinutesPerDay": 10,
        "subscriptionPriceCents": 30,
        "timeZone": "Europe/Stockholm",
    });
    recorder.call_with(alice, "CreateLounge", json!({}), lounge).await;
}

async fn administration(people: &People, recorder: &mut Recorder, ids: &Ids) {
    let admin = people.sign_in("admin").await;
    let found = recorder.call(&admin, "ListUsers", json!({ "search": "minjun" })).await;
    let minjun = json!({ "id": found["users"][0]["id"] });
    let reason = json!({ "reason": "Advertising in private chats" });
    recorder.call_with(&admin, "BanUser", minjun.clone(), reason).await;
    recorder.call(&admin, "UnbanUser", minjun.clone()).await;
    let vinyl = json!({ "id": ids.of("Clube do Vinil") });
    let reason = json!({ "reason": "Sells what it does not own" });
    recorder.call_with(&admin, "SuspendCommunity", vinyl.clone(), reason).await;
    recorder.call(&admin, "ReinstateCommunity", vinyl.clone()).await;
    let requests = recorder.call(&admin, "ListVerificationRequests", json!({})).await;
    let request = json!({ "id": requests["requests"][0]["id"] });
    let verdict = json!({ "status": "rejected", "reviewerNotes": "The register has another address." });
    recorder.call_with(&admin, "ReviewVerification", request, verdict).await;
    let documents = json!({
        "businessName": "Bicis Cierzo, taller y tienda",
        "businessRegistration": "B-00000000",
        "documentsUrl": "https://papers.example/bicycles-2",
    });
    let diego = people.sign_in("diego").await;
    let workshop = json!({ "id": ids.of("Bicis Cierzo") });
    recorder.call_with(&diego, "RequestVerification", workshop, documents).await;
    let page = recorder.call(&admin, "ListAuditEvents", json!({ "limit": 2 })).await;
    recorder.call(&admin, "ListAuditEvents", json!({ "after": page["cursor"] })).await;
    let of_whom = json!({ "communityId": vinyl["id"], "actorId": admin.id });
    recorder.call(&admin, "ListAuditEvents", of_whom).await;
    recorder.call(&admin, "ListAuditEvents", json!({ "userId": minjun["id"] })).await;
}
