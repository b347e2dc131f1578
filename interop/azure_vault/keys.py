"""Versions of keys, and what they compute."""

import base64
import hashlib
import hmac
import secrets
import time

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, keywrap
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils

from .errors import bad_parameter

CURVES = {"P-256": ec.SECP256R1, "P-256K": ec.SECP256K1, "P-384": ec.SECP384R1, "P-521": ec.SECP521R1}
CURVE_OF = {"ES256": "P-256", "ES256K": "P-256K", "ES384": "P-384", "ES512": "P-521"}
HASHES = {"256": hashes.SHA256, "384": hashes.SHA384, "512": hashes.SHA512}
OPERATIONS = {
    "RSA": ["encrypt", "decrypt", "sign", "verify", "wrapKey", "unwrapKey"],
    "EC": ["sign", "verify"],
    "oct": ["encrypt", "decrypt", "wrapKey", "unwrapKey", "sign", "verify"],
}


def encode(octets):
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def decode(text, what="value"):
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
    except (TypeError, ValueError) as error:
        raise bad_parameter(f"Property {what} has invalid value.") from error


class Version:
    """One version of a key."""

    def __init__(self, kty, parameters, material=None):
        self.kty = kty
        self.id = secrets.token_hex(16)
        self.parameters = parameters
        self.created = int(time.time())
        self.key_ops = parameters.get("key_ops") or OPERATIONS[self.family]
        self.attributes = {"enabled": True} | (parameters.get("attributes") or {})
        self.tags = parameters.get("tags")
        self._imported = parameters.get("key") or {}
        self._material = material if material is not None else self._generate()

    @property
    def family(self):
        return self.kty.removesuffix("-HSM")

    def successor(self):
        """A new version like this one, without its dates."""
        attributes = {"enabled": True}
        return Version(self.kty, self.parameters | {"attributes": attributes, "key_ops": self.key_ops})

    def secret(self):
        assert self.family == "oct"
        return self._material

    def bundle(self, kid):
        key = {"kid": kid, "kty": self.kty, "key_ops": self.key_ops} | self._public()
        attributes = self.attributes | {
            "created": self.created,
            "updated": self.created,
            "recoveryLevel": "Recoverable+Purgeable",
            "recoverableDays": 90,
            "exportable": False,
        }
        return {"key": key, "attributes": attributes} | ({"tags": self.tags} if self.tags else {})

    def sign(self, alg, value):
        if alg in ("HS256", "HS384", "HS512"):
            self._must_be("oct", alg)
            return hmac.new(self._material, value, getattr(hashlib, f"sha{alg[2:]}")).digest()
        scheme = self._scheme(alg, value)
        if self.family == "RSA":
            return self._material.sign(value, *scheme)
        r, s = utils.decode_dss_signature(self._material.sign(value, *scheme))
        length = (self._material.curve.key_size + 7) // 8
        return r.to_bytes(length, "big") + s.to_bytes(length, "big")

    def verify(self, alg, digest, signature):
        if alg in ("HS256", "HS384", "HS512"):
            return hmac.compare_digest(self.sign(alg, digest), signature)
        scheme = self._scheme(alg, digest)
        if self.family == "EC":
            half = len(signature) // 2
            r, s = (int.from_bytes(part, "big") for part in (signature[:half], signature[half:]))
            signature = utils.encode_dss_signature(r, s)
        try:
            self._material.public_key().verify(signature, digest, *scheme)
        except InvalidSignature:
            return False
        return True

    def encrypt(self, alg, value):
        if alg in ("A128KW", "A192KW", "A256KW"):
            self._must_wrap(alg)
            return keywrap.aes_key_wrap(self._material, value)
        self._must_be("RSA", alg)
        return self._material.public_key().encrypt(value, _padding(alg))

    def decrypt(self, alg, value):
        try:
            if alg in ("A128KW", "A192KW", "A256KW"):
                self._must_wrap(alg)
                return keywrap.aes_key_unwrap(self._material, value)
            self._must_be("RSA", alg)
            return self._material.decrypt(value, _padding(alg))
        except (ValueError, keywrap.InvalidUnwrap) as error:
            raise bad_parameter("The parameter is incorrect.") from error

    def _generate(self):
        if self.family == "RSA":
            size = self.parameters.get("key_size") or 2048
            if size not in (2048, 3072, 4096):
                raise bad_parameter(f"Invalid key size: {size}")
            return rsa.generate_private_key(65537, size)
        if self.family == "EC":
            curve = self.parameters.get("crv") or "P-256"
            if curve not in CURVES:
                raise bad_parameter(f"Invalid curve: {curve}")
            return ec.generate_private_key(CURVES[curve]())
        size = self.parameters.get("key_size") or 256
        if size not in (128, 192, 256):
            raise bad_parameter(f"Invalid key size: {size}")
        return secrets.token_bytes(size // 8)

    def _public(self):
        if self.family == "oct":
            return {}
        numbers = self._material.public_key().public_numbers()
        if self.family == "RSA":
            plain = encode(numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8, "big"))
            # The service gives a modulus back as it was imported, with a leading zero octet if it had one.
            return {"n": self._imported.get("n", plain), "e": "AQAB"}
        length = (self._material.curve.key_size + 7) // 8
        names = {CURVES[name].name: name for name in CURVES}
        x, y = (encode(number.to_bytes(length, "big")) for number in (numbers.x, numbers.y))
        return {"crv": names[self._material.curve.name], "x": x, "y": y}

    def _scheme(self, alg, digest):
        family, size = alg[:2], alg[2:5]
        if family not in ("RS", "PS", "ES") or size not in HASHES:
            raise bad_parameter(f"Property alg has invalid value {alg}.")
        self._must_be("EC" if family == "ES" else "RSA", alg)
        if family == "ES" and self._public()["crv"] != CURVE_OF.get(alg):
            raise bad_parameter(f"Key and signing algorithm are incompatible: {alg}.")
        hash_ = HASHES[size]()
        if len(digest) != hash_.digest_size:
            raise bad_parameter(
                f"Invalid length of 'value': {len(digest)} bytes. {alg} requires {hash_.digest_size} bytes, "
                "encoded with base64url."
            )
        hashed = utils.Prehashed(hash_)
        if family == "ES":
            return (ec.ECDSA(hashed),)
        if family == "RS":
            return padding.PKCS1v15(), hashed
        return padding.PSS(padding.MGF1(hash_), padding.PSS.DIGEST_LENGTH), hashed

    def _must_be(self, family, alg):
        if self.family != family:
            raise bad_parameter(
                f"Key and algorithm are incompatible. The key is of type '{self.kty}', and algorithm '{alg}' "
                f"can only be used with a key of type '{family}' or '{family}-HSM'."
            )

    def _must_wrap(self, alg):
        self._must_be("oct", alg)
        if len(self._material) * 8 != int(alg[1:4]):
            raise bad_parameter(f"Key size and algorithm are incompatible: {alg}.")


def imported(jwk, parameters):
    """A version from a private JWK."""
    kty = jwk.get("kty", "")

    def number(name):
        return int.from_bytes(decode(jwk.get(name, ""), name), "big")

    if kty.removesuffix("-HSM") == "RSA":
        public = rsa.RSAPublicNumbers(number("e"), number("n"))
        parts = [number(name) for name in ("p", "q", "d", "dp", "dq", "qi")]
        material = rsa.RSAPrivateNumbers(*parts, public).private_key()
    elif kty.removesuffix("-HSM") == "EC" and jwk.get("crv") in CURVES:
        material = ec.derive_private_key(number("d"), CURVES[jwk["crv"]]())
    else:
        raise bad_parameter("Property key has invalid value.")
    return Version(kty, parameters | {"key_ops": jwk.get("key_ops")}, material)


def _padding(alg):
    if alg == "RSA1_5":
        return padding.PKCS1v15()
    hash_ = {"RSA-OAEP": hashes.SHA1, "RSA-OAEP-256": hashes.SHA256}.get(alg)
    if hash_ is None:
        raise bad_parameter(f"Property alg has invalid value {alg}.")
    return padding.OAEP(padding.MGF1(hash_()), hash_(), None)
