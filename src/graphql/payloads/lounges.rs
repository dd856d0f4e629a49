//! Results of the mutations of lounges.

use async_graphql::SimpleObject;

use super::payloads;
use crate::graphql::{
    agents::replies::AgentReply, communities::kinds::Lounge, conversations::Conversation,
    lounges::LoungeSubscription, wallet::Wallet,
};

payloads! {
    CreateLoungePayload of "createLounge" {
        /// The new lounge.
        lounge: Lounge,
    }
    UpdateLoungePayload of "updateLounge" {
        /// The changed lounge.
        lounge: Lounge,
    }
    StartLoungeChatPayload of "startLoungeChat" {
        /// The viewer's private chat with the lounge.
        conversation: Conversation,
        /// True when the chat existed before; false when it was created.
        is_existing: bool,
    }
    CancelLoungeSubscriptionPayload of "cancelLoungeSubscription" {
        /// The subscription that ends with the paid period.
        lounge_subscription: LoungeSubscription,
    }
    CloneLoungeVoicePayload of "cloneLoungeVoice" {
        /// The lounge with the progress of its voice.
        lounge: Lounge,
    }
    WithdrawLoungeVoicePayload of "withdrawLoungeVoice" {
        /// The lounge without its cloned voice.
        lounge: Lounge,
    }
    AskLoungePayload of "askLounge" {
        /// The answer, which is being generated.
        agent_reply: AgentReply,
        /// The viewer's wallet with the fee held.
        wallet: Wallet,
    }
    SubscribeToLoungePayload of "subscribeToLounge" {
        /// The viewer's subscription.
        lounge_subscription: LoungeSubscription,
        /// The viewer's wallet after the price.
        wallet: Wallet,
    }
    SetLoungeAutoRenewPayload of "setLoungeAutoRenew" {
        /// The changed subscription.
        lounge_subscription: LoungeSubscription,
    }
}
