//! Cloning a lounge's voice and withdrawing the consent.

use async_graphql::{Context, ID, InputObject, Object};

use crate::{
    domain::lounges::{self, Consent},
    error::Result,
    graphql::{
        communities::kinds::Lounge,
        context::{ContextExt, uuid},
        payloads::{CloneLoungeVoicePayload, WithdrawLoungeVoicePayload},
    },
};

/// A creator's consent to the cloning of their voice. Stored with user, time and statement.
#[derive(InputObject)]
pub(in crate::graphql) struct VoiceConsentInput {
    /// Whether the creator consents; false is refused.
    is_accepted: bool,
    /// The exact statement shown to the creator, 1 to 2000 characters.
    statement: String,
    /// Version of the statement's wording, at most 50 characters.
    version: Option<String>,
}

/// Input of `cloneLoungeVoice`.
#[derive(InputObject)]
pub(in crate::graphql) struct CloneLoungeVoiceInput {
    /// Id of the lounge; its voice is cloned from the recordings at `voiceSamplesUrl`.
    lounge_id: ID,
    /// The creator's consent.
    consent: VoiceConsentInput,
}

/// Input of `withdrawLoungeVoice`.
#[derive(InputObject)]
pub(in crate::graphql) struct WithdrawLoungeVoiceInput {
    /// Id of the lounge.
    lounge_id: ID,
}

/// Mutations of the cloned voices of lounges.
#[derive(Default)]
pub(in crate::graphql) struct LoungeVoiceMutation;

#[Object]
impl LoungeVoiceMutation {
    /// Requests a clone of the creator's voice from the lounge's samples and replaces an existing voice. Runs in the
    /// background: see `voice.status` and `voice.reason`. Creator only.
    async fn clone_lounge_voice(
        &self,
        ctx: &Context<'_>,
        input: CloneLoungeVoiceInput,
    ) -> Result<CloneLoungeVoicePayload> {
        let user = ctx.user()?;
        let id = uuid("loungeId", &input.lounge_id)?;
        let VoiceConsentInput { is_accepted: accepted, statement, version } = input.consent;
        let consent = Consent { accepted, statement, version };
        let row = lounges::clone_voice(ctx.app()?, user, id, consent).await?;
        Ok(CloneLoungeVoicePayload { lounge: Lounge::new((row, Some(user.clone().into()))) })
    }

    /// Withdraws the consent: the lounge stops using the voice and the provider is asked to delete it. Idempotent.
    /// Creator only.
    async fn withdraw_lounge_voice(
        &self,
        ctx: &Context<'_>,
        input: WithdrawLoungeVoiceInput,
    ) -> Result<WithdrawLoungeVoicePayload> {
        let user = ctx.user()?;
        let row = lounges::withdraw_voice(ctx.app()?, user, uuid("loungeId", &input.lounge_id)?).await?;
        Ok(WithdrawLoungeVoicePayload { lounge: Lounge::new((row, Some(user.clone().into()))) })
    }
}
