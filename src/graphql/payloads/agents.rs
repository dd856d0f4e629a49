//! Results of the mutations of agents and their answers.

use async_graphql::{ID, SimpleObject};

use super::payloads;
use crate::graphql::{
    agents::{AgentListing, CommunityAgent, replies::AgentReply},
    wallet::Wallet,
};

payloads! {
    CreateAgentListingPayload of "createAgentListing" {
        /// The new agent.
        agent_listing: AgentListing,
    }
    UpdateAgentListingPayload of "updateAgentListing" {
        /// The changed agent.
        agent_listing: AgentListing,
    }
    ArchiveAgentListingPayload of "archiveAgentListing" {
        /// The archived agent.
        agent_listing: AgentListing,
    }
    AddCommunityAgentPayload of "addCommunityAgent" {
        /// The agent as it was added to the community.
        community_agent: CommunityAgent,
    }
    StopAgentReplyPayload of "stopAgentReply" {
        /// The stopped answer.
        agent_reply: AgentReply,
    }
    RemoveCommunityAgentPayload of "removeCommunityAgent" {
        /// Id of the removed community agent, as in `CommunityAgent.id`.
        deleted_id: ID,
        /// Id of the agent listing.
        agent_listing_id: ID,
    }
    AskAgentPayload of "askAgent" {
        /// The answer, which is being generated.
        agent_reply: AgentReply,
        /// The viewer's wallet with the fee held.
        wallet: Wallet,
    }
}
