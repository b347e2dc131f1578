"""Drives joserfc."""

import lines
from joserfc import jwe, jws, jwt
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey, generate_key, import_key

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


def make(request):
    return {"key": generate_key(request["kty"], request.get("crv") or request["size"]).as_dict(private=True)}


def encrypt(request):
    key, payload = import_key(request["key"]), lines.decode(request["payload"])
    algorithms = [request["alg"], request["enc"]]
    registry = jwe.JWERegistry(algorithms=[*algorithms, "DEF"])
    header = {"enc": request["enc"]} | ({"zip": "DEF"} if request["zip"] else {})
    if request["form"] == "compact":
        header |= {"alg": request["alg"]}
        return {"token": jwe.encrypt_compact(header, payload, key, registry=registry)}
    shape = jwe.FlattenedJSONEncryption if request["form"] == "flattened" else jwe.GeneralJSONEncryption
    message = shape(header, payload, aad=b"authenticated")
    message.add_recipient({"alg": request["alg"]}, key)
    token = jwe.encrypt_json(message, None, registry=registry)
    # joserfc writes an empty member where RFC 7516 section 7.2.1 wants none.
    for holder in [token, *token.get("recipients", [])]:
        if holder.get("encrypted_key") == "":
            del holder["encrypted_key"]
    return {"token": token}


def encrypt_many(request):
    algorithms = [one["alg"] for one in request["recipients"]] + [request["enc"]]
    message = jwe.GeneralJSONEncryption({"enc": request["enc"]}, lines.decode(request["payload"]))
    for one in request["recipients"]:
        message.add_recipient({"alg": one["alg"]}, import_key(one["key"]))
    return {"token": jwe.encrypt_json(message, None, algorithms)}


def decrypt(request):
    key, token = import_key(request["key"]), request["token"]
    registry = jwe.JWERegistry(
        algorithms=[*request.get("algs", [request["alg"]]), request["enc"], "DEF"],
        verify_all_recipients=False,
    )
    if isinstance(token, dict):
        seen = jwe.decrypt_json(token, key, registry=registry)
    else:
        seen = jwe.decrypt_compact(token, key, registry=registry)
    return {"payload": lines.encode(seen.plaintext)}


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
        "make": make,
        "encrypt": encrypt,
        "encrypt_many": encrypt_many,
        "decrypt": decrypt,
        "to_pem": to_pem,
        "from_pem": from_pem,
    }
)
