//! Plaza's tables as SeaORM models: one file per table, without rules and GraphQL.

pub mod agent_knowledge;
pub mod agent_listing;
pub mod agent_reply;
pub mod agent_reply_event;
pub mod alias;
pub mod api_key;
pub mod audit_event;
pub mod ban;
pub mod block;
pub mod canned_answer;
pub mod claim;
pub mod community;
pub mod community_agent;
pub mod community_tally;
pub mod conversation;
pub mod conversation_event;
pub mod credential;
pub mod hold;
pub mod idempotency_key;
pub mod journal;
pub mod journal_line;
pub mod known_device;
pub mod ledger_account;
pub mod login_session;
pub mod lounge;
pub mod lounge_period;
pub mod lounge_subscription;
pub mod membership;
pub mod message;
pub mod mute;
pub mod participant;
pub mod reaction;
pub mod read_mark;
pub mod report;
pub mod result_account;
pub mod server;
pub mod space;
pub mod space_invite;
pub mod space_session;
pub mod space_tally;
pub mod support_chat;
pub mod support_episode;
pub mod support_note;
pub mod support_settings;
mod tags;
pub mod user;
pub mod verification_request;
pub mod voice_usage;

use sea_orm::{ConnectionTrait, EntityTrait, Schema, sea_query::TableCreateStatement};

/// Every table of the product as its entity describes it, parents before children.
///
/// A test holds the migrated catalogue of both databases against this list.
pub fn catalogue(db: &impl ConnectionTrait) -> Vec<TableCreateStatement> {
    let schema = Schema::new(db.get_database_backend());
    fn table<E: EntityTrait>(schema: &Schema, entity: E) -> TableCreateStatement {
        schema.create_table_from_entity(entity)
    }
    vec![
        table(&schema, user::Entity),
        table(&schema, credential::Entity),
        table(&schema, login_session::Entity),
        table(&schema, api_key::Entity),
        table(&schema, known_device::Entity),
        table(&schema, space::Entity),
        table(&schema, space_invite::Entity),
        table(&schema, space_session::Entity),
        table(&schema, space_tally::Entity),
        table(&schema, participant::Entity),
        table(&schema, community::Entity),
        table(&schema, community_tally::Entity),
        table(&schema, alias::Entity),
        table(&schema, membership::Entity),
        table(&schema, ban::Entity),
        table(&schema, mute::Entity),
        table(&schema, idempotency_key::Entity),
        table(&schema, result_account::Entity),
        table(&schema, ledger_account::Entity),
        table(&schema, journal::Entity),
        table(&schema, journal_line::Entity),
        table(&schema, hold::Entity),
        table(&schema, conversation::Entity),
        table(&schema, message::Entity),
        table(&schema, reaction::Entity),
        table(&schema, read_mark::Entity),
        table(&schema, conversation_event::Entity),
        table(&schema, agent_listing::Entity),
        table(&schema, agent_knowledge::Entity),
        table(&schema, community_agent::Entity),
        table(&schema, agent_reply::Entity),
        table(&schema, agent_reply_event::Entity),
        table(&schema, verification_request::Entity),
        table(&schema, audit_event::Entity),
        table(&schema, report::Entity),
        table(&schema, block::Entity),
        table(&schema, support_chat::Entity),
        table(&schema, support_episode::Entity),
        table(&schema, support_note::Entity),
        table(&schema, canned_answer::Entity),
        table(&schema, claim::Entity),
        table(&schema, server::Entity),
        table(&schema, support_settings::Entity),
        table(&schema, lounge::Entity),
        table(&schema, lounge_subscription::Entity),
        table(&schema, lounge_period::Entity),
        table(&schema, voice_usage::Entity),
    ]
}
