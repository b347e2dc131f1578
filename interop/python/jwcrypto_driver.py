"""Drives jwcrypto."""

import json

import lines
import jwcrypto.jwa
from cryptography.hazmat.primitives import hashes
from jwcrypto.jwe import JWE
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS
from jwcrypto.jwt import JWT

HMAC_BITS = {"HS256": 256, "HS384": 384, "HS512": 512}
HASHES = {
    "sha256": (hashes.SHA256, "sha-256"),
    "sha384": (hashes.SHA384, "sha-384"),
    "sha512": (hashes.SHA512, "sha-512"),
}


def generate(request):
    alg, crv = request["alg"], request.get("crv")
    if alg in HMAC_BITS:
        key = JWK.generate(kty="oct", size=HMAC_BITS[alg])
    elif alg[:2] in ("RS", "PS"):
        key = JWK.generate(kty="RSA", size=2048)
    elif alg[:2] == "ES":
        key = JWK.generate(kty="EC", crv=crv)
    elif alg[:2] == "ML":
        key = JWK.generate(kty="AKP", alg=alg)
    else:
        key = JWK.generate(kty="OKP", crv=crv)
    return {"key": key.export(as_dict=True)}


def public(request):
    return {"key": JWK(**request["key"]).export_public(as_dict=True)}


def sign(request):
    payload, form = lines.decode(request["payload"]), request["form"]
    token = JWS(payload.decode() if form == "unencoded-flattened" else payload)
    token.allowed_algs = [request["alg"]]
    token.add_signature(
        JWK(**request["key"]), request["alg"], json.dumps(lines.protected(request)), lines.unprotected(request)
    )
    if form == "compact":
        return {"token": token.serialize(compact=True)}
    if form in ("detached", "unencoded"):
        token.detach_payload()
        return {"token": token.serialize(compact=True)}
    flattened = json.loads(token.serialize())
    if form != "general":
        return {"token": flattened}
    # jwcrypto writes one signature flattened; the general form is the same members in an array.
    one = {name: flattened[name] for name in ("protected", "signature")}
    return {"token": {"payload": flattened["payload"], "signatures": [one]}}


def sign_many(request):
    token = JWS(lines.decode(request["payload"]))
    token.allowed_algs = [signer["alg"] for signer in request["signers"]]
    for signer in request["signers"]:
        token.add_signature(JWK(**signer["key"]), signer["alg"], json.dumps({"alg": signer["alg"]}))
    return {"token": json.loads(token.serialize())}


def verify(request):
    raw = request["token"]
    token = JWS()
    token.allowed_algs = [request["alg"]]
    token.deserialize(json.dumps(raw) if isinstance(raw, dict) else raw)
    detached = lines.decode(request["payload"]) if "payload" in request else None
    token.verify(JWK(**request["key"]), request["alg"], detached)
    payload = token.payload if detached is None else detached
    return {"payload": lines.encode(payload.encode() if isinstance(payload, str) else payload)}


def verify_many(request):
    for one in request["keys"]:
        seen = verify({"token": request["token"], **one})
    return seen


def thumbprint(request):
    key, (hash_type, name) = JWK(**request["key"]), HASHES[request["hash"]]
    return {"thumbprint": key.thumbprint(hash_type()), "uri": key.thumbprint_uri(name)}


def issue(request):
    token = JWT(header={"typ": "JWT", "alg": request["alg"]}, claims=request["claims"], algs=[request["alg"]])
    token.make_signed_token(JWK(**request["key"]))
    return {"token": token.serialize()}


def validate(request):
    token = JWT(
        check_claims={"iss": request["issuer"], "aud": request["audience"], "exp": None},
        algs=[request["alg"]],
    )
    token.deserialize(request["token"], JWK(**request["key"]))
    return {"claims": json.loads(token.claims)}


def to_pem(request):
    password = request.get("password")
    key = JWK(**request["key"])
    if request["private"]:
        pem = key.export_to_pem(private_key=True, password=password.encode() if password else None)
    else:
        pem = key.export_to_pem()
    return {"pem": pem.decode()}


def from_pem(request):
    password = request.get("password")
    key = JWK.from_pem(request["pem"].encode(), password.encode() if password else None)
    return {"key": key.export(private_key=key.has_private, as_dict=True)}


def make_key(request):
    named = {name: request[name] for name in ("kty", "crv", "size") if name in request}
    return {"key": JWK.generate(**named).export(as_dict=True)}


def encrypt(request):
    form = request["form"]
    token = JWE(
        lines.decode(request["plaintext"]),
        lines.encryption_header(request),
        aad=lines.octets(request, "aad"),
        algs=[request["alg"], request["enc"]],
        flattened=form != "general",
    )
    token.add_recipient(JWK(**request["key"]))
    if form == "compact":
        return {"token": token.serialize(compact=True)}
    return {"token": json.loads(token.serialize())}


def encrypt_many(request):
    token = JWE(
        lines.decode(request["plaintext"]),
        {"enc": request["enc"]},
        aad=lines.octets(request, "aad"),
        algs=[request["enc"], *(one["alg"] for one in request["recipients"])],
    )
    for one in request["recipients"]:
        token.add_recipient(JWK(**one["key"]), {"alg": one["alg"]})
    return {"token": json.loads(token.serialize())}


DEFAULT_MOST = jwcrypto.jwa.default_max_pbkdf2_iterations


def decrypt(request):
    jwcrypto.jwa.default_max_pbkdf2_iterations = request.get("most_p2c", DEFAULT_MOST)
    raw = request["token"]
    token = JWE(algs=[request["alg"], request["enc"]])
    token.deserialize(json.dumps(raw) if isinstance(raw, dict) else raw, JWK(**request["key"]))
    return {"plaintext": lines.encode(token.payload)}


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
