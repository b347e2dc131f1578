//! The demonstration, step by step.

use axum::http::Request;
use bulla::key::KeyPhase;

use super::attack;
use super::client::Asked;
use super::exchange::{Exchange, Step};
use super::server::COOLDOWN;
use super::world::{ANNOUNCED, World};
use crate::error::Failure;

/// Where the demonstration stands.
pub(super) struct Play<'a> {
    world: &'a World,
    number: usize,
    asked: Option<Asked>,
}

impl<'a> Play<'a> {
    pub(super) const fn new(world: &'a World) -> Self {
        Self {
            world,
            number: 0,
            asked: None,
        }
    }

    /// Plays the next step; none after the last.
    pub(super) async fn next(&mut self) -> Result<Option<Step>, Failure> {
        self.number += 1;
        Ok(Some(match self.number {
            1 => self.keys_are_published().await?,
            2 => self.assertion_is_signed().await?,
            3 => self.token_is_asked_for()?,
            4 => self.token_is_read()?,
            5 => self.api_is_called().await?,
            6 => self.api_is_called_without_a_token().await?,
            7 => self.assertion_is_replayed().await?,
            8 => self.assertion_is_for_another().await?,
            9 => self.key_is_rotated().await?,
            10 => self.new_key_signs().await?,
            11 => self.old_key_is_withdrawn().await?,
            number => return self.forgery_is_refused(number - 12).await,
        }))
    }

    async fn keys_are_published(&self) -> Result<Step, Failure> {
        let request = Request::get(&self.world.addresses().jwks);
        let exchange = self.send(request).await?;
        Ok(
            Step::new("The client makes a key pair, and publishes the public half")
                .note("The private half never leaves it. There is no secret to share.")
                .exchange(exchange),
        )
    }

    async fn assertion_is_signed(&mut self) -> Result<Step, Failure> {
        let asked = self.world.client().ask().await?;
        let mut step = Step::new("It signs an assertion: who it is, and for which server")
            .note("Good for a minute, and once: jti makes it unlike every other.");
        step.assertion = Some(asked.assertion.clone());
        self.asked = Some(asked);
        Ok(step)
    }

    fn token_is_asked_for(&self) -> Result<Step, Failure> {
        let exchange = self.asked()?.exchange.clone();
        Ok(Step::new("It asks for an access token")
            .note("The server fetches the client's keys, and checks aud, iss, sub, exp, iat and the\nsignature, and last that jti is new.")
            .exchange(exchange))
    }

    fn token_is_read(&self) -> Result<Step, Failure> {
        let mut step = Step::new("The access token (RFC 9068)");
        step.access_token.clone_from(&self.asked()?.access_token);
        Ok(step)
    }

    async fn api_is_called(&self) -> Result<Step, Failure> {
        let exchange = self.world.client().call(Some(self.access_token()?)).await?;
        Ok(Step::new("It calls the API").exchange(exchange))
    }

    async fn api_is_called_without_a_token(&self) -> Result<Step, Failure> {
        let exchange = self.world.client().call(None).await?;
        let reason = self.world.overheard().take();
        Ok(Step::new("Without a token")
            .exchange(exchange)
            .reason(reason))
    }

    async fn assertion_is_replayed(&self) -> Result<Step, Failure> {
        let used = &self.asked()?.assertion.encoded;
        let again = self.world.client().ask_with(used).await?;
        Ok(self.refused("The same assertion, sent again", again.exchange))
    }

    async fn assertion_is_for_another(&self) -> Result<Step, Failure> {
        let client = self.world.client();
        let assertion = client.assertion_for("https://other.example").await?;
        let asked = client.ask_with(&assertion).await?;
        let mut step = self.refused("An assertion for another server", asked.exchange);
        step.assertion = Some(asked.assertion);
        Ok(step)
    }

    async fn key_is_rotated(&self) -> Result<Step, Failure> {
        let exchange = self.send(Request::post(self.at("/rotate"))).await?;
        Ok(Step::new("The client rotates its key")
            .note("The next key is published first, so that nobody meets it unprepared. Here it\nsigns two seconds later; elsewhere after a quarter of an hour.")
            .exchange(exchange))
    }

    async fn new_key_signs(&mut self) -> Result<Step, Failure> {
        while self.is_announced() {
            tokio::time::sleep(ANNOUNCED / 8).await;
        }
        let asked = self.world.client().ask().await?;
        let mut step = Step::new("From then on the new key signs")
            .note("The server does not know that kid, and fetches the client's keys again.")
            .exchange(asked.exchange.clone());
        step.assertion = Some(asked.assertion.clone());
        self.asked = Some(asked);
        Ok(step)
    }

    async fn old_key_is_withdrawn(&mut self) -> Result<Step, Failure> {
        let client = self.world.client();
        let stolen = client
            .assertion_for(&self.world.addresses().authorization_server)
            .await?;
        let replaced = self
            .send(Request::post(self.at("/rotate?emergency=true")))
            .await?;
        tokio::time::sleep(COOLDOWN * 2).await;
        // With the first assertion of the newest key the server sees that the others are gone.
        let newest = client.ask().await?;
        self.world.overheard().take();
        let asked = client.ask_with(&stolen).await?;
        self.asked = Some(newest);
        let mut step = self.refused("A key that was stolen, and replaced at once", replaced);
        step.note = Some("What it signed before is good no more.".into());
        Ok(step.exchange(asked.exchange))
    }

    /// Each forgery is presented to the API.
    async fn forgery_is_refused(&self, index: usize) -> Result<Option<Step>, Failure> {
        let token = self.asked()?.access_token.as_ref();
        let token = token.ok_or_else(|| Failure::bug("no token was granted"))?;
        let published = format!("{}/jwks", self.world.addresses().authorization_server);
        let published = self.send(Request::get(published)).await?;
        let published = published
            .response
            .body
            .as_ref()
            .map_or("", |body| body.get());
        let Some(forgery) = attack::forgeries(token, published.as_bytes())?
            .into_iter()
            .nth(index)
        else {
            return Ok(None);
        };
        self.world.overheard().take();
        let exchange = self.world.client().call(Some(&forgery.token)).await?;
        if exchange.response.status != 401 {
            return Err(Failure::bug(format_args!("{}: accepted", forgery.name)));
        }
        Ok(Some(
            self.refused(&format!("Forged: {}", forgery.name), exchange),
        ))
    }

    fn refused(&self, title: &str, exchange: Exchange) -> Step {
        let reason = self.world.overheard().take();
        Step::new(title).exchange(exchange).reason(reason)
    }

    fn is_announced(&self) -> bool {
        let keys = self.world.keys().keys().keys();
        keys.iter().any(|key| key.phase == KeyPhase::Pending)
    }

    async fn send(&self, request: axum::http::request::Builder) -> Result<Exchange, Failure> {
        let request = request.body(Vec::new()).map_err(Failure::bug)?;
        self.world.client().send(request).await
    }

    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.world.addresses().client)
    }

    fn asked(&self) -> Result<&Asked, Failure> {
        self.asked
            .as_ref()
            .ok_or_else(|| Failure::bug("no token was asked for"))
    }

    fn access_token(&self) -> Result<&str, Failure> {
        let token = self.asked()?.access_token.as_ref();
        let token = token.ok_or_else(|| Failure::bug("no token was granted"))?;
        Ok(&token.encoded)
    }
}
