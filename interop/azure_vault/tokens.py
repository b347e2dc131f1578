"""Entra, as far as a confidential client goes: the metadata that MSAL reads, and the token endpoint."""

import secrets
import threading
import time

TENANT = "6a4e0a0c-0000-4000-8000-5eed00000001"

# Who may do what with keys. The secrets are of this double and of nothing else.
CLIENTS = {
    "11111111-0000-4000-8000-5eed00000001": ("the officer's secret", {"*"}),
    "22222222-0000-4000-8000-5eed00000002": ("the reader's secret", {"read"}),
}


class Tokens:
    """Opaque bearer tokens, each for one resource and for so long."""

    def __init__(self):
        self._lock = threading.Lock()
        self._tokens = {}
        self.lifetime = 3600
        self.issued = 0

    def metadata(self, host):
        base = f"https://{host}/{TENANT}"
        return {
            "issuer": f"{base}/v2.0",
            "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
            "token_endpoint": f"{base}/oauth2/v2.0/token",
            "jwks_uri": f"{base}/discovery/v2.0/keys",
        }

    def issue(self, form):
        """The answer to a token request: its status and body."""
        one = {name: values[0] for name, values in form.items()}
        secret, actions = CLIENTS.get(one.get("client_id"), (None, None))
        if one.get("grant_type") != "client_credentials":
            return 400, _refused("unsupported_grant_type", 70003, "The grant type is not supported.")
        if secret is None or not secrets.compare_digest(secret, one.get("client_secret", "")):
            return 401, _refused("invalid_client", 7000215, "Invalid client secret provided.")
        resource = one.get("scope", "").split()[0].removesuffix("/.default")
        token = secrets.token_urlsafe(24)
        with self._lock:
            self._tokens[token] = (resource, time.monotonic() + self.lifetime, actions)
            self.issued += 1
        return 200, {
            "token_type": "Bearer",
            "expires_in": self.lifetime,
            "ext_expires_in": self.lifetime,
            "access_token": token,
        }

    def actions(self, token, resource):
        """What the bearer may do, or why the token is no good."""
        with self._lock:
            known = self._tokens.get(token)
        if known is None:
            return None, "AKV10032: Invalid issuer. The token is not one of this tenant."
        of, until, actions = known
        if of != resource:
            return None, f"AKV10022: Invalid audience. Expected {resource}, found: {of}."
        if time.monotonic() >= until:
            return None, "The token has expired."
        return actions, None

    def revoke(self):
        """None that was given out is good any more."""
        with self._lock:
            self._tokens.clear()


def _refused(error, number, text):
    return {"error": error, "error_description": f"AADSTS{number}: {text}", "error_codes": [number]}
