//! Having a lounge's voice cloned, and taking that back.

use async_graphql::{Context, ID, InputObject, Object};

use crate::{
    domain::{
        Result,
        lounges::{self, Consent},
    },
    graphql::{
        communities::kinds::Lounge,
        context::{Asked, uuid},
    },
};

/// A creator's consent to the cloning of their voice. Stored with user, time and statement.
#[derive(InputObject)]
pub(in crate::graphql) struct VoiceConsentInput {
    /// Must be true to continue.
    accepted: bool,
    /// The exact statement shown to the creator, 1 to 2000 characters.
    statement: String,
    /// Which wording that is, at most 50 characters.
    version: Option<String>,
}

/// Which voice is to be cloned.
#[derive(InputObject)]
pub(in crate::graphql) struct CloneLoungeVoiceInput {
    /// The lounge; its `voiceSamplesUrl` names the recordings.
    lounge_id: ID,
    /// The creator's consent.
    consent: VoiceConsentInput,
}

/// Which voice is taken back.
#[derive(InputObject)]
pub(in crate::graphql) struct WithdrawLoungeVoiceInput {
    /// Id of the lounge.
    lounge_id: ID,
}

/// What can be done with lounges' voices.
#[derive(Default)]
pub(in crate::graphql) struct LoungeVoiceMutation;

#[Object]
impl LoungeVoiceMutation {
    /// Requests a clone of the creator's voice from the lounge's samples and replaces an existing voice. Runs in the
    /// background: see `voice.status` and `voice.reason`. Creator only.
    async fn clone_lounge_voice(&self, ctx: &Context<'_>, input: CloneLoungeVoiceInput) -> Result<Lounge> {
        let user = ctx.user()?;
        let id = uuid("loungeId", &input.lounge_id)?;
        let VoiceConsentInput { accepted, statement, version } = input.consent;
        let consent = Consent { accepted, statement, version };
        let row = lounges::clone_voice(ctx.app()?, user, id, consent).await?;
        Ok(Lounge::new((row, Some(user.clone()))))
    }

    /// Withdraws the consent: the lounge stops using the voice and the provider is asked to delete it. Idempotent.
    /// Creator only.
    async fn withdraw_lounge_voice(
        &self,
        ctx: &Context<'_>,
        input: WithdrawLoungeVoiceInput,
    ) -> Result<Lounge> {
        let user = ctx.user()?;
        let row = lounges::withdraw_voice(ctx.app()?, user, uuid("loungeId", &input.lounge_id)?).await?;
        Ok(Lounge::new((row, Some(user.clone()))))
    }
}
