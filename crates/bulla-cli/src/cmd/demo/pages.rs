//! The application's endpoints described as OpenAPI, and the page that tries them out.

use axum::response::Redirect;
use axum::routing::get;
use axum::{Json, Router};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Components, OpenApi as Description};
use utoipa::{Modify, OpenApi};
use utoipa_swagger_ui::{Config, SwaggerUi};

use super::world::Addresses;

/// `/docs`, and the description that it shows.
pub(super) fn router(addresses: &Addresses) -> Router {
    let mut description = Endpoints::openapi();
    description.info.description = Some(format!(
        "The client's application of `bulla demo`, with the API beside it. The authorization server is \
         {}.\n\nCall `/client`, copy `access_token.encoded` of its answer, and paste it under **Authorize** to call the \
         API yourself.",
        addresses.authorization_server
    ));
    let page = SwaggerUi::new("/docs").config(
        Config::from("/openapi.json")
            .try_it_out_enabled(true)
            .deep_linking(true)
            .use_base_layout()
            // Nobody else's server is asked whether the description is good.
            .validator_url("none"),
    );
    Router::new()
        .route("/openapi.json", get(|| async { Json(description) }))
        // A link must change nothing. Whoever follows one arrives where the button is.
        .route(
            "/rotate",
            get(|| async { Redirect::to("/docs/#/client/rotate") }),
        )
        .merge(page)
}

#[derive(OpenApi)]
#[openapi(
    info(title = "bulla demo", version = env!("CARGO_PKG_VERSION")),
    paths(rotate, keys, jwks, client, invoices),
    tags(
        (name = "client", description = "The client's application: its keys, and the whole flow"),
        (name = "api", description = "The protected API")
    ),
    modifiers(&AccessToken)
)]
struct Endpoints;

/// What **Authorize** of the page asks for.
struct AccessToken;

impl Modify for AccessToken {
    fn modify(&self, description: &mut Description) {
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("JWT")
            .description(Some(
                "An access token: `access_token.encoded` of what /client answers",
            ))
            .build();
        let components = description.components.get_or_insert_with(Components::new);
        components.add_security_scheme("access_token", SecurityScheme::Http(bearer));
    }
}

/// Announce a new key pair
///
/// It is published at once, and signs two seconds later.
#[utoipa::path(
    post, path = "/rotate", tag = "client",
    params(("emergency" = Option<bool>, Query, description = "Replace the current key at once, and publish it no more")),
    responses(
        (
            status = 200, description = "The keys: next, current, retired", body = Value,
            example = json!({"keys": [
                {"kid": "SigbRp8B", "status": "current", "since": 1_795_313_445},
                {"kid": "p1nSSPdj", "status": "next", "since": 1_795_313_445, "until": 1_795_313_447}
            ]})
        ),
        (
            status = 409, description = "A key waits already", body = Value,
            example = json!({"error": "jwk.rotation-pending", "error_description": "the key is announced"})
        )
    )
)]
#[allow(dead_code, reason = "a description alone")]
fn rotate() {}

/// Which keys there are, and where each stands
#[utoipa::path(get, path = "/keys", tag = "client", responses((
    status = 200, description = "Names and dates", body = Value,
    example = json!({"keys": [{"kid": "SigbRp8B", "status": "current", "since": 1_795_313_445}]})
)))]
#[allow(dead_code, reason = "a description alone")]
fn keys() {}

/// The public halves, for the authorization server
#[utoipa::path(
    get, path = "/jwks", tag = "client",
    responses((
        status = 200, description = "A JWK Set", body = Value, content_type = "application/jwk-set+json",
        example = json!({"keys": [{"kty": "EC", "crv": "P-256", "kid": "SigbRp8B", "use": "sig", "alg": "ES256"}]})
    ))
)]
#[allow(dead_code, reason = "a description alone")]
fn jwks() {}

/// The whole flow: an assertion, a token, and the API's answer
#[utoipa::path(get, path = "/client", tag = "client", responses((
    status = 200, description = "Every message: tokens encoded and decoded, requests with their answers", body = Value,
    example = json!({"assertion": {}, "token": {}, "access_token": {"encoded": "eyJ.."}, "api": {}})
)))]
#[allow(dead_code, reason = "a description alone")]
fn client() {}

/// What only who has the scope invoices:read may see
#[utoipa::path(
    get, path = "/api/invoices", tag = "api",
    responses(
        (
            status = 200, description = "The invoices", body = Value,
            example = json!({"client_id": "invoicing", "invoices": [], "scope": "invoices:read"})
        ),
        (status = 401, description = "No token, or none that is acceptable: see WWW-Authenticate"),
        (status = 403, description = "The scope is missing")
    ),
    security(("access_token" = ["invoices:read"]))
)]
#[allow(dead_code, reason = "a description alone")]
fn invoices() {}
