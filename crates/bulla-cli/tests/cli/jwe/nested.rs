use serde_json::Value;

use crate::desk::Desk;

#[test]
fn signed_then_encrypted() {
    let desk = Desk::with_keys();
    desk.run("jwk generate --alg ECDH-ES+A256KW --crv X25519 --kid api --out api.jwk --public-out api-public.jwk").ok();
    let issue = "jwt issue --key key.jwk --iss me --aud api --exp +5m --iat none";
    let token = desk
        .run(&format!(
            "{issue} --encrypt-to api-public.jwk --enc A256GCM"
        ))
        .text();
    let verify = "jwt verify --key public.jwk --issuer me --audience api";
    let ran = desk
        .run_with(&format!("{verify} --decrypt-key api.jwk --json"), &token)
        .text();
    let report: Value = serde_json::from_str(&ran).unwrap();
    assert_eq!(report["claims"]["iss"], "me");
    assert_eq!(report["header"]["alg"], "ES256");
    assert_eq!(report["outer_header"]["cty"], "JWT");
    assert_eq!(report["checked"][0], "decryption");

    desk.run_with(verify, &token).fails(1, "jws.malformed");
    let plain = desk.run(issue).text();
    desk.run_with(&format!("{verify} --decrypt-key api.jwk"), &plain)
        .fails(1, "jwe.malformed");
    desk.run(&format!("{issue} --encrypt-to api-public.jwk"))
        .fails(2, "cli.usage");
    desk.run(&format!("{issue} --enc A256GCM"))
        .fails(2, "cli.usage");
    let late = format!("{verify} --decrypt-key api.jwk --at 2099-01-01T00:00:00Z");
    desk.run_with(&late, &token).fails(1, "jwt.expired");
}
