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

/// A creator's word that their voice may be cloned. It is kept: who gave it, when, and what they agreed to.
#[derive(InputObject)]
pub(in crate::graphql) struct VoiceConsentInput {
    /// Whether they agree: only true goes on.
    accepted: bool,
    /// What they agree to, word by word, 1 to 2000 characters: what your page showed them.
    statement: String,
    /// Which wording that is, at most 50 characters.
    version: Option<String>,
}

/// Which voice is to be cloned.
#[derive(InputObject)]
pub(in crate::graphql) struct CloneLoungeVoiceInput {
    /// The lounge; its `voiceSamplesUrl` names the recordings.
    lounge_id: ID,
    /// The creator's word.
    consent: VoiceConsentInput,
}

/// Which voice is taken back.
#[derive(InputObject)]
pub(in crate::graphql) struct WithdrawLoungeVoiceInput {
    /// The lounge.
    lounge_id: ID,
}

/// What can be done with lounges' voices.
#[derive(Default)]
pub(in crate::graphql) struct LoungeVoiceMutation;

#[Object]
impl LoungeVoiceMutation {
    /// Has the lounge's voice cloned from its samples. Its creator only. It takes a while: `voice.status` tells, and
    /// `voice.reason` why it failed. Where there is a voice, it is replaced.
    async fn clone_lounge_voice(&self, ctx: &Context<'_>, input: CloneLoungeVoiceInput) -> Result<Lounge> {
        let user = ctx.user()?;
        let id = uuid("loungeId", &input.lounge_id)?;
        let VoiceConsentInput { accepted, statement, version } = input.consent;
        let consent = Consent { accepted, statement, version };
        let row = lounges::clone_voice(ctx.app()?, user, id, consent).await?;
        Ok(Lounge::new((row, Some(user.clone()))))
    }

    /// Takes the consent back: the lounge speaks in that voice no more, and its provider is told to delete it. Its creator
    /// only; twice changes nothing.
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
