//! A row a mistake.

/// What follows the line of the issuer (or replaces it), where the mistake is, what is said, and what to do.
#[rustfmt::skip]
pub(super) const MISTAKES: &[(&str, &str, &str, &str)] = &[
    // Names and types.
    ("profil = \"bis\"", "2:1", "there is no setting \"profil\"", "write \"profile\""),
    ("colour = 1", "2:1", "there is no setting \"colour\"", "the settings here are issuer, listen"),
    ("listen = 9000", "2:10", "listen is not text in quotes but a number", "text in quotes"),
    ("profile = \"bis", "2:15", "invalid basic string", "write it as TOML"),
    ("profile = \"bis\"\nprofile = \"bis\"", "3:1", "duplicate key", "write it as TOML"),
    ("dpop_nonce = \"yes\"", "2:14", "dpop_nonce is not true or false but text", "true or false"),
    ("client = \"a\"", "2:10", "client is not a list of tables", "[[client]]"),
    ("[client]\nid = \"a\"", "2:1", "client is not a list of tables", "[[client]]"),
    ("[tls]\ncertificate = \"a\"", "3:1", "there is no setting \"certificate\"", "cert, key"),
    // Values.
    ("issuer = \"http://auth.example.com\"", "1:10", "neither https nor http on loopback", "write an https URL"),
    ("issuer = \"https://auth.example.com?a\"", "1:10", "has a query", "without query"),
    ("listen = \"localhost:9000\"", "2:10", "no address with a port", "127.0.0.1:9000"),
    ("store = \"bulla.db\"", "2:9", "names no store", "sqlite:bulla.db"),
    ("store = \"postgres://localhost/bulla\"", "2:9", "PostgreSQL is not built in", "sqlite:bulla.db"),
    ("profile = \"fapi\"", "2:11", "there is no profile \"fapi\"", "\"fapi2\""),
    ("access_token_lifetime = \"10\"", "2:25", "no length of time", "\"10m\""),
    ("access_token_lifetime = 600", "2:25", "not text in quotes but a number", "text in quotes"),
    ("access_token_lifetime = \"0s\"", "2:25", "no length of time", "\"10m\""),
    ("access_token_lifetime = \"2d\"\n[rotation]\nretired = \"3d\"", "2:25", "more than a day", "\"10m\""),
    ("signing_alg = \"ES999\"", "2:15", "no signature algorithm \"ES999\"", "ES256"),
    ("signing_alg = \"HS256\"", "2:15", "HS256 needs a shared secret", "ES256"),
    ("signing_alg = \"none\"", "2:15", "\"none\" is no signature", "ES256"),
    // What does not fit together.
    ("profile = \"fapi2\"\nsigning_alg = \"RS256\"", "3:15", "RS256 is not for the profile fapi2", "PS256, ES256"),
    ("profile = \"fapi2\"\n[[client]]\nid = \"a\"\njwks_file = \"a\"\ndpop = \"optional\"", "6:8", "\"optional\" is not for the profile fapi2", "\"required\""),
    ("profile = \"fapi2\"\n[[client]]\nid = \"a\"\njwks_file = \"a\"\ndpop = \"never\"", "6:8", "\"never\" is not for the profile fapi2", "\"required\""),
    ("access_token_lifetime = \"2h\"", "2:25", "rotation.retired: 1h is less than access tokens live, 2h", "\"121m\""),
    ("[rotation]\nretired = \"5m\"", "3:11", "rotation.retired: 5m is less", "\"11m\""),
    ("[rotation]\nactive = \"1d\"", "3:10", "not longer than rotation.pending", "\"90d\" and \"24h\""),
    ("listen = \"0.0.0.0:9000\"", "2:10", "not loopback, and there is no [tls]", "listen on 127.0.0.1 behind a proxy"),
    ("[tls]\ncert = \"a.pem\"", "3:8", "tls: key is missing", "name both files"),
    ("[tls]", "2:1", "tls: cert is missing", "remove [tls]"),
    // Clients.
    ("[[client]]\njwks_file = \"a\"", "2:1", "the client has no id", "write id"),
    ("[[client]]\nid = \"\"\njwks_file = \"a\"", "3:6", "id is empty", "write a name"),
    ("[[client]]\nid = \"é\"\njwks_file = \"a\"", "3:6", "not printable ASCII", "write a name"),
    ("[[client]]\nid = \"a\"\njwks_file = \"a\"\n[[client]]\nid = \"a\"\njwks_file = \"b\"", "6:6", "is there already, at conf/bulla.toml:3:6", "id of its own"),
    ("[[client]]\nid = \"a\"", "2:1", "no keys are named", "jwks_uri"),
    ("[[client]]\nid = \"a\"\njwks_uri = \"https://a.example/jwks\"\njwks_file = \"a\"", "5:13", "named twice; the first time at conf/bulla.toml:4:12", "keep one"),
    ("[[client]]\nid = \"a\"\njwks_uri = \"http://a.example/jwks\"", "4:12", "http: is not https:", "write an https URL"),
    ("[[client]]\nid = \"a\"\njwks_uri = \"http://127.0.0.1/jwks\"", "4:12", "plain http to this machine", "allow_loopback_jwks = true"),
    ("[[client]]\nid = \"a\"\njwks_uri = \"https://localhost/jwks\"", "4:12", "leads to this machine", "allow_loopback_jwks = true"),
    ("[[client]]\nid = \"a\"\njwks_uri = \"http://a.example/jwks\"\nallow_loopback_jwks = true", "4:12", "http: is not https:", "write an https URL"),
    ("[[client]]\nid = \"a\"\njwks_uri = \"https://u:p@a.example/jwks\"", "4:12", "has a user", "without"),
    ("[[client]]\nid = \"a\"\njwks_uri = \"jwks\"", "4:12", "is no URL", "write an https URL"),
    ("[[client]]\nid = \"a\"\njwks = '{}'", "4:8", "jwks: it is no JWK Set", "{\"keys\":[..]}"),
    ("[[client]]\nid = \"a\"\njwks = '{\"keys\":[]}'", "4:8", "no key of the set can be used: it is empty", "use keys for one of"),
    ("[[client]]\nid = \"a\"\njwks = '{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\"}]}'", "4:8", "key 1 of the set is a symmetric key", "bulla jwk public"),
    ("[[client]]\nid = \"a\"\njwks = '{\"keys\":[PRIVATE]}'", "4:8", "key 1 of the set is a private key", "bulla jwk public"),
    ("[[client]]\nid = \"a\"\nalg = [\"PS256\"]\njwks = '{\"keys\":[PUBLIC]}'", "5:8", "no key of the set can be used", "PS256"),
    ("[[client]]\nid = \"a\"\njwks_file = \"a\"\nalg = []", "5:7", "alg: the list is empty", "or remove it"),
    ("[[client]]\nid = \"a\"\njwks_file = \"a\"\nalg = \"ES256\"", "5:7", "alg is not a list of texts", "list of texts"),
    ("[[client]]\nid = \"a\"\njwks_file = \"a\"\nalg = [\"ES256\", \"RS256\"]", "5:17", "RS256 is not for the profile bis", "PS256, ES256"),
    ("[[client]]\nid = \"a\"\njwks_file = \"a\"\nalg = [\"HS256\"]", "5:8", "HS256 needs a shared secret", "PS256, ES256"),
    ("[[client]]\nid = \"a\"\njwks_file = \"a\"\nscopes = [\"a b\"]", "5:11", "\"a b\" is no scope", "one scope a text"),
    ("[[client]]\nid = \"a\"\njwks_file = \"a\"\nscopes = [1]", "5:11", "not texts in quotes but a number", "texts in quotes"),
    ("[[client]]\nid = \"a\"\njwks_file = \"a\"\nresources = [\"/api\"]", "5:14", "not an absolute URL", "absolute URL"),
    ("[[client]]\nid = \"a\"\njwks_file = \"a\"\ndpop = \"maybe\"", "5:8", "none of the three", "\"required\""),
    ("[[client]]\nid = \"a\"\njwks_file = \"a\"\ngrants = []", "5:10", "grants: the list is empty", "or remove it"),
    ("[[client]]\nid = \"a\"\njwks_file = \"a\"\ngrants = [\"password\"]", "5:11", "there is no grant \"password\"", "client_credentials"),
    ("[[client]]\nid = \"a\"\njwks_file = \"a\"\ngrants = [\"jwt-bearer\"]", "4:13", "no issuer is trusted", "[[trusted_issuer]]"),
    ("[[client]]\nid = \"a\"\njwks_file = \"a\"\nscope = [\"a\"]", "5:1", "there is no setting \"scope\"", "write \"scopes\""),
    // Issuers of grants.
    ("[[trusted_issuer]]\njwks_file = \"a\"", "2:1", "has no issuer", "write issuer"),
    ("[[trusted_issuer]]\nissuer = \"http://127.0.0.1:1\"", "3:10", "fetched over plain http", "allow_loopback_jwks"),
    ("[[trusted_issuer]]\nissuer = \"https://a.example\"\nclients = [\"b\"]", "4:12", "there is no client \"b\"", "id of a [[client]]"),
    ("[[trusted_issuer]]\nissuer = \"https://a.example\"\n[[trusted_issuer]]\nissuer = \"https://b.example\"", "5:10", "could name the subjects", "subject_prefix"),
    ("[[trusted_issuer]]\nissuer = \"https://a.example\"\n[[trusted_issuer]]\nissuer = \"https://a.example\"", "5:10", "stands twice", "remove one"),
];

/// Every setting that there is.
#[rustfmt::skip]
pub(super) const SETTINGS: &[&str] = &[
    "issuer", "listen", "store", "profile", "access_token_lifetime", "signing_alg", "signing_key", "key_encryption_key", "old_key_encryption_key",
    "dpop_nonce", "cert", "key", "pending", "active", "retired", "id", "jwks_uri", "jwks_file", "jwks", "alg", "scopes",
    "resources", "dpop", "grants", "enabled", "allow_loopback_jwks", "subject_prefix", "clients",
];
