"""Drives joserfc."""

import lines
from joserfc import jws, jwt
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey, import_key

HMAC_BITS = {"HS256": 256, "HS384": 384, "HS512": 512}


def generate(request):
    alg, crv = request["alg"], request.get("crv")
    if alg in HMAC_BITS:
        key = OctKey.generate_key(HMAC_BITS[alg])
    elif alg[:2] in ("RS", "PS"):
        key = RSAKey.generate_key(2048)
    elif alg[:2] == "ES":
        key = ECKey.generate_key(crv)
    else:
        key = OKPKey.generate_key(crv)
    return {"key": key.as_dict(private=True)}


def public(request):
    return {"key": import_key(request["key"]).as_dict(private=False)}


def lenient(request):
    """By default joserfc knows the registered header parameters only."""
    return jws.JWSRegistry(algorithms=[request["alg"]], strict_check_header=False)


def sign(request):
    key, payload, form = import_key(request["key"]), lines.decode(request["payload"]), request["form"]
    header, algorithms = lines.protected(request), [request["alg"]]
    if form.endswith("flattened"):
        token = jws.serialize_json({"protected": header}, payload, key, algorithms)
    elif form == "flattened-unprotected":
        members = {"protected": header, "header": lines.unprotected(request)}
        token = jws.serialize_json(members, payload, key, registry=lenient(request))
    elif form == "general":
        token = jws.serialize_json([{"protected": header}], payload, key, algorithms)
    else:
        token = jws.serialize_compact(header, payload, key, algorithms)
        if form != "compact":
            token = jws.detach_content(token)
    return {"token": token}


def sign_many(request):
    keys = {signer["alg"]: import_key(signer["key"]) for signer in request["signers"]}
    members = [{"protected": {"alg": alg}} for alg in keys]
    token = jws.serialize_json(
        members, lines.decode(request["payload"]), lambda member: keys[member.headers()["alg"]], list(keys)
    )
    return {"token": token}


def verify(request):
    key, token, algorithms = import_key(request["key"]), request["token"], [request["alg"]]
    if request["form"] == "flattened-unprotected":
        seen = jws.deserialize_json(token, key, registry=lenient(request))
    elif isinstance(token, dict):
        seen = jws.deserialize_json(token, key, algorithms)
    else:
        payload = lines.decode(request["payload"]) if "payload" in request else None
        seen = jws.deserialize_compact(token, key, algorithms, payload=payload)
    payload = seen.payload
    return {"payload": lines.encode(payload.encode() if isinstance(payload, str) else payload)}


def verify_many(request):
    keys = {one["alg"]: import_key(one["key"]) for one in request["keys"]}
    # joserfc asks that every signature holds.
    seen = jws.deserialize_json(request["token"], lambda member: keys[member.headers()["alg"]], list(keys))
    return {"payload": lines.encode(seen.payload)}


def thumbprint(request):
    key = import_key(request["key"])
    key.thumbprint_digest_method = request["hash"]
    return {"thumbprint": key.thumbprint(), "uri": key.thumbprint_uri()}


def issue(request):
    header = {"typ": "JWT", "alg": request["alg"]}
    return {"token": jwt.encode(header, request["claims"], import_key(request["key"]), [request["alg"]])}


def validate(request):
    token = jwt.decode(request["token"], import_key(request["key"]), [request["alg"]])
    jwt.JWTClaimsRegistry(
        iss={"essential": True, "value": request["issuer"]},
        aud={"essential": True, "value": request["audience"]},
        exp={"essential": True},
    ).validate(token.claims)
    return {"claims": token.claims}


def to_pem(request):
    key = import_key(request["key"])
    return {"pem": key.as_pem(private=request["private"], password=request.get("password")).decode()}


def from_pem(request):
    kind = {"HS": OctKey, "RS": RSAKey, "PS": RSAKey, "ES": ECKey, "Ed": OKPKey}[request["alg"][:2]]
    key = kind.import_key(request["pem"])
    return {"key": key.as_dict(private=key.is_private)}


lines.serve(
    {
        "generate": generate,
        "public": public,
        "sign": sign,
        "sign_many": sign_many,
        "verify": verify,
        "verify_many": verify_many,
        "thumbprint": thumbprint,
        "issue": issue,
        "validate": validate,
        "to_pem": to_pem,
        "from_pem": from_pem,
    }
)
