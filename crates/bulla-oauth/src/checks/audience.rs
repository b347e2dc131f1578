//! The assertion is for this server, and in the strict profiles for nobody else.
//!
//! draft-ietf-oauth-rfc7523bis: the issuer identifier as the sole value. FAPI 2.0 Security Profile §5.3.2.1 item 8: as a
//! string. Compared character by character, without leniency for a final slash (RFC 3986 §6.2.1).

use bulla_core::jwt::ClaimError;

use super::{Audience, AudienceRule, Facts, missing};

pub(crate) fn check(facts: &Facts<'_>) -> Result<(), ClaimError> {
    let found = facts.audience.ok_or_else(|| missing("aud"))?;
    let is_ours = match &facts.rules.audience {
        AudienceRule::Text(ours) => matches!(found, Audience::Text(text) if text == ours),
        AudienceRule::Sole(ours) => match found {
            Audience::Text(text) => text == ours,
            Audience::Several(several) => matches!(&several[..], [sole] if sole == ours),
        },
        AudienceRule::Among(ours) => match found {
            Audience::Text(text) => ours.contains(text),
            Audience::Several(several) => several.iter().any(|text| ours.contains(text)),
        },
    };
    if is_ours {
        Ok(())
    } else {
        Err(ClaimError::AudienceMismatch)
    }
}
