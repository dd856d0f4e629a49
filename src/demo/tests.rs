use std::{collections::HashSet, time::Duration};

use entity::{agent_listing, space_session::Status};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, PaginatorTrait};

use super::*;
use crate::{
    app::Policies,
    clock::Clock,
    database::Database,
    domain::{Window, wallet},
    security::Passwords,
    text::fields,
};

fn fixed_ids() -> Ids {
    Ids(people::SAMPLES.iter().map(|sample| (sample.who, sample.id())).collect())
}

#[test]
fn people_keep_the_limits() {
    let rows = people::rows();
    assert_eq!(rows.len(), 12);
    assert_eq!(rows[0].email, "alice@demo.plaza");
    assert_eq!(rows.iter().map(|row| &row.id).collect::<HashSet<_>>().len(), 12);
    assert_eq!(rows.iter().map(|row| &row.email_fold).collect::<HashSet<_>>().len(), 12);
    let admins: Vec<_> = rows.iter().filter(|row| row.is_admin).map(|row| row.email.as_str()).collect();
    assert_eq!(admins, ["admin@demo.plaza"]);
    for row in &rows {
        assert_eq!(fields::name("name", &row.name, 100, "").unwrap(), row.name);
        assert_eq!(Uuid::parse_str(&row.id).unwrap().get_version_num(), 7);
    }
    Passwords::check("password", PASSWORD).unwrap();
    assert_eq!(sign_ins().len(), 12);
}

#[test]
fn spaces_keep_the_limits() {
    let rows = spaces::rows(&fixed_ids()).unwrap();
    let people = people::rows();
    assert_eq!(rows.len(), 40);
    assert_eq!(rows.iter().filter(|row| !row.is_public).count(), 4);
    assert_eq!(rows.iter().map(|row| row.id).collect::<HashSet<_>>().len(), 40);
    assert_eq!(rows.iter().map(|row| &row.name_fold).collect::<HashSet<_>>().len(), 40);
    assert!(rows.is_sorted_by(|one, next| one.created_at < next.created_at));
    for row in &rows {
        assert_eq!(fields::name("name", &row.name, 100, "").unwrap(), row.name);
        fields::slug("category", &row.category).unwrap();
        fields::at_most("description", row.description.clone(), 5000).unwrap();
        assert!(!row.description.contains("  "), "{}", row.name);
        assert!((2..=4).contains(&row.tags.0.len()), "{}", row.name);
        for tag in &row.tags.0 {
            assert_eq!(&fields::name("tags", tag, 50, "").unwrap(), tag);
        }
        assert!(row.definition.is_object() && row.definition.to_string().len() <= 64 * 1024);
        if let Some(url) = row.definition.get("iframeUrl") {
            assert!(url.as_str().unwrap().starts_with("https://apps.example/"));
        }
        let owner = people.iter().find(|person| person.id == row.owner_id).unwrap();
        assert!(owner.created_at < row.created_at, "{} is older than its owner", row.name);
    }
}

#[test]
fn sessions_keep_the_limits() {
    let ids = fixed_ids();
    let spaces = spaces::rows(&ids).unwrap();
    let invites = invites(&ids).unwrap();
    let (sessions, participants) = sessions::rows(&ids).unwrap();
    assert_eq!(sessions.iter().map(|row| row.id).collect::<HashSet<_>>().len(), sessions.len());
    assert_eq!(participants.iter().map(|row| row.id).collect::<HashSet<_>>().len(), participants.len());
    for session in &sessions {
        let space = spaces.iter().find(|space| space.id == session.space_id).unwrap();
        let people: Vec<_> = participants.iter().filter(|row| row.session_id == session.id).collect();
        assert!((2..=5).contains(&people.len()));
        assert_eq!(people.iter().map(|row| &row.user_id).collect::<HashSet<_>>().len(), people.len());
        assert!(space.created_at < session.created_at && session.state.is_object());
        assert_eq!(
            session.finished_at.is_some(),
            matches!(session.status, Status::Finished | Status::Cancelled)
        );
        for row in people {
            assert_eq!(row.left_at.is_none(), row.is_connected);
            let invited = invites.iter().any(|i| i.space_id == space.id && i.user_id == row.user_id);
            assert!(space.is_public || space.owner_id == row.user_id || invited, "{}", space.name);
        }
    }
}

#[tokio::test]
async fn agents_know_their_texts() {
    use crate::adapters::model::{Delta, Knowledge, Model, Models, Question, Speaker, Turn};
    use futures_util::StreamExt;

    let rows = agents::rows(&fixed_ids()).unwrap();
    let communities = communities::rows(&fixed_ids(), moment(320 * 86_400)).unwrap().0;
    assert_eq!((rows.listings.len(), rows.knowledge.len(), rows.places.len()), (4, 4, 4));
    for (sample, (listing, place)) in agents::SAMPLES.iter().zip(rows.listings.iter().zip(&rows.places)) {
        let community = communities.iter().find(|row| row.id == place.community_id).unwrap();
        assert_eq!(community.creator_id, listing.owner_id);
        assert!(community.created_at < place.added_at && community.agent_mentions);
        let (title, text) = sample.knowledge;
        let (asked, wanted) = sample.asked;
        let speaker = Speaker::Member { id: "x".to_owned(), name: "Somebody".to_owned() };
        let question = Question {
            knowledge: vec![Knowledge { title: title.to_owned(), text: text.to_owned() }],
            turns: vec![Turn { speaker, text: asked.to_owned() }],
            ..Question::default()
        };
        let mut answer = Models::embedded().start(question).await.unwrap();
        let mut said = String::new();
        while let Some(delta) = answer.next().await {
            if let Delta::Text(piece) = delta.unwrap() {
                said += &piece;
            }
        }
        assert!(said.contains(wanted) && said.contains(title), "{asked} {said}");
    }
}

#[test]
fn customers_keep_the_limits() {
    let (ids, now) = (fixed_ids(), moment(320 * 86_400));
    let rows = support::rows(&ids, now).unwrap();
    let memberships = communities::rows(&ids, now).unwrap().1;
    assert_eq!((rows.chats.len(), rows.episodes.len(), rows.conversations.len()), (5, 5, 5));
    for (chat, conversation) in rows.chats.iter().zip(&rows.conversations) {
        assert_eq!(chat.conversation_id, conversation.id);
        let role = |who: &str| {
            let own =
                memberships.iter().find(|own| own.community_id == chat.community_id && own.user_id == who);
            own.map(|own| own.role)
        };
        let serves = |role| domain::communities::may(role, domain::communities::Action::Serve);
        assert!(!role(&chat.customer_id).is_some_and(serves), "nobody serves themselves");
        assert!(chat.assignee_id.as_ref().is_none_or(|who| role(who).is_some_and(serves)));
        let said: Vec<_> =
            rows.messages.iter().filter(|row| row.conversation_id == conversation.id).collect();
        assert_eq!(conversation.message_count, said.len() as i64);
        assert!(said.is_sorted_by(|one, next| one.created_at < next.created_at && one.number < next.number));
        assert!(said.iter().all(|row| row.created_at < now && row.created_at >= chat.created_at));
        assert_eq!(chat.waiting_since.is_some(), chat.status == entity::support_chat::Status::WaitingHuman);
    }
    assert_eq!(rows.events.len(), rows.messages.len());
    // The ids are the same at any time, because another server may insert the demo concurrently.
    let later = support::rows(&ids, moment(330 * 86_400)).unwrap();
    assert!(rows.messages.iter().map(|row| row.id).eq(later.messages.iter().map(|row| row.id)));
}

#[test]
fn communities_keep_the_limits() {
    use entity::{community::Kind, membership::Role};

    let now = moment(0);
    let (communities, memberships) = communities::rows(&fixed_ids(), now).unwrap();
    let people = people::rows();
    assert_eq!(communities.len(), 9);
    assert_eq!(communities.iter().map(|row| row.id).collect::<HashSet<_>>().len(), 9);
    assert_eq!(communities.iter().filter(|row| row.kind == Kind::Official).count(), 2);
    assert!(communities.is_sorted_by(|one, next| one.created_at < next.created_at));
    assert_eq!(memberships.iter().map(|row| row.id).collect::<HashSet<_>>().len(), memberships.len());
    for row in &communities {
        assert_eq!(fields::name("name", &row.name, 100, "").unwrap(), row.name);
        fields::slug("category", row.category.as_deref().unwrap()).unwrap();
        let description = row.description.clone().unwrap();
        assert!(!fields::at_most("description", description, 5000).unwrap().contains("  "), "{}", row.name);
        let own: Vec<_> = memberships.iter().filter(|member| member.community_id == row.id).collect();
        assert_eq!(row.member_count, i64::try_from(own.len()).unwrap());
        assert_eq!(own.iter().map(|member| &member.user_id).collect::<HashSet<_>>().len(), own.len());
        let creators: Vec<_> = own.iter().filter(|member| member.role == Role::Creator).collect();
        assert_eq!((creators.len(), &creators[0].user_id), (1, &row.creator_id));
        for member in own {
            let person = people.iter().find(|person| person.id == member.user_id).unwrap();
            assert!(person.created_at < row.created_at, "{} is not there yet", person.name);
            let pays = row.monthly_fee > 0 && member.role == Role::Member;
            assert_eq!(member.paid_until.is_some(), pays);
            if let Some(name) = &member.display_name {
                assert_eq!(fields::name("displayName", name, 50, "").unwrap(), *name);
            }
        }
    }
    let running = memberships.iter().filter(|member| member.paid_until.is_some_and(|until| until > now));
    let over = memberships.iter().filter(|member| member.paid_until.is_some_and(|until| until <= now));
    assert!(running.count() > over.count());
}

#[test]
fn only_members_talk_and_what_they_say_keeps_the_limits() {
    let ids = fixed_ids();
    let (communities, memberships) = communities::rows(&ids, moment(320 * 86_400)).unwrap();
    let said = conversations::rows(&ids).unwrap();
    assert_eq!(
        said.conversations.iter().map(|row| row.id).collect::<HashSet<_>>().len(),
        said.conversations.len()
    );
    for community in &communities {
        let room = said.conversations.iter().find(|row| row.community_id == Some(community.id)).unwrap();
        let messages: Vec<_> = said.messages.iter().filter(|row| row.conversation_id == room.id).collect();
        assert!(messages.len() >= 6, "{} has something to say", community.name);
        assert_eq!((room.message_count, room.last_seq), (messages.len() as i64, messages.len() as i64));
        assert!(
            messages.is_sorted_by(|one, next| one.created_at < next.created_at && one.number < next.number)
        );
        for message in messages {
            assert!((1..=5000).contains(&message.content.chars().count()));
            let author = message.author_id.as_ref().unwrap();
            let of_author =
                |row: &&membership::Model| row.community_id == community.id && row.user_id == *author;
            let own = memberships
                .iter()
                .find(of_author)
                .unwrap_or_else(|| panic!("{}: {}", community.name, message.content));
            assert!(own.joined_at < message.created_at, "{}: {}", community.name, message.content);
        }
    }
    assert_eq!(said.events.len(), said.messages.len());
    assert_eq!(
        said.reactions
            .iter()
            .map(|row| (row.message_id, &row.emoji, &row.user_id))
            .collect::<HashSet<_>>()
            .len(),
        said.reactions.len()
    );
}

/// All users were granted coins, spent some, and the ledger is consistent.
async fn wallets_have_a_history(app: &App) {
    let audit = wallet::check(app).await.unwrap();
    assert_eq!(audit.faults, Vec::<String>::new());
    assert!(audit.journals > 50, "{} journals", audit.journals);
    let mut types = HashSet::new();
    for person in people::rows().iter().filter(|person| !person.is_admin) {
        let wallet = wallet::get_wallet(app, person).await.unwrap();
        assert!(wallet.balance > 0 && wallet.held == 0, "{}: {wallet:?}", person.name);
        let window = Window::Forward { limit: 50, after: None };
        let entries = wallet::list_entries(app, &wallet, window).await.unwrap().rows;
        assert!(entries.is_sorted_by(|one, next| one.journal.created_at >= next.journal.created_at));
        let first = entries.last().unwrap();
        assert!(person.created_at < first.journal.created_at, "{} is not there yet", person.name);
        types.extend(entries.iter().map(|entry| format!("{:?}", entry.entry_type())));
    }
    assert_eq!(types.len(), 7, "{types:?}");
}

#[tokio::test]
async fn twice_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("demo.db").display());
    let db = Database::connect(&url).await.unwrap();
    db.migrate().await.unwrap();
    let app = App::new(db, Clock::system(Duration::ZERO), Policies::default());
    seed(&app).await.unwrap();
    let space = space::ActiveModel {
        id: Set(spaces::space_id(0)),
        name: Set("Renamed".to_owned()),
        ..Default::default()
    };
    space.update(app.db.write()).await.unwrap();
    space::Entity::delete_by_id(spaces::space_id(1)).exec(app.db.write()).await.unwrap();
    seed(&app).await.unwrap();
    assert_eq!(agent_listing::Entity::find().count(app.db.read()).await.unwrap(), 4);
    assert_eq!(user::Entity::find().count(app.db.read()).await.unwrap(), 12);
    assert_eq!(credential::Entity::find().count(app.db.read()).await.unwrap(), 12);
    assert_eq!(space::Entity::find().count(app.db.read()).await.unwrap(), 39);
    assert_eq!(community::Entity::find().count(app.db.read()).await.unwrap(), 9);
    let tally = entity::community_tally::Entity::find_by_id(("*".to_owned(), "*".to_owned()));
    assert_eq!(tally.one(app.db.read()).await.unwrap().unwrap().count, 9);
    let space = space::Entity::find_by_id(spaces::space_id(0)).one(app.db.read()).await.unwrap();
    assert_eq!(space.unwrap().name, "Renamed");
    wallets_have_a_history(&app).await;
}
