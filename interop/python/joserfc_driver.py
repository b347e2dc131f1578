"""Drives joserfc."""

import lines
from joserfc import jwe, jws, jwt
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


def make_key(request):
    kind = {"oct": OctKey, "RSA": RSAKey, "EC": ECKey, "OKP": OKPKey}[request["kty"]]
    key = kind.generate_key(request["crv"] if "crv" in request else request["size"])
    return {"key": key.as_dict(private=True)}


def encryption(*algorithms):
    """Allows these, and compression; one recipient suffices."""
    return jwe.JWERegistry(algorithms=[*algorithms, "DEF"], verify_all_recipients=False)


def encrypt(request):
    key, plaintext = import_key(request["key"]), lines.decode(request["plaintext"])
    header, registry = lines.encryption_header(request), encryption(request["alg"], request["enc"])
    if request["form"] == "compact":
        return {"token": jwe.encrypt_compact(header, plaintext, key, registry=registry)}
    kind = jwe.GeneralJSONEncryption if request["form"] == "general" else jwe.FlattenedJSONEncryption
    # joserfc writes no recipient without a header of its own.
    own = {"alg": header.pop("alg")}
    token = kind(header, plaintext, aad=lines.octets(request, "aad"))
    token.add_recipient(own, key)
    return {"token": jwe.encrypt_json(token, None, registry=registry)}


def encrypt_many(request):
    recipients, enc = request["recipients"], request["enc"]
    token = jwe.GeneralJSONEncryption(
        {"enc": enc}, lines.decode(request["plaintext"]), aad=lines.octets(request, "aad")
    )
    for one in recipients:
        token.add_recipient({"alg": one["alg"]}, import_key(one["key"]))
    registry = encryption(enc, *(one["alg"] for one in recipients))
    return {"token": jwe.encrypt_json(token, None, registry=registry)}


def decrypt(request):
    key, token = import_key(request["key"]), request["token"]
    registry = encryption(request["alg"], request["enc"])
    if isinstance(token, dict):
        seen = jwe.decrypt_json(token, key, registry=registry)
    else:
        seen = jwe.decrypt_compact(token, key, registry=registry)
    return {"plaintext": lines.encode(seen.plaintext)}


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
        "make_key": make_key,
        "encrypt": encrypt,
        "encrypt_many": encrypt_many,
        "decrypt": decrypt,
    }
)
