"""Drives the double with the unmodified SDK for Python: what that takes for a vault is one.

`python -m azure_vault.check_sdk`, in the directory above; needs azure-keyvault-keys and azure-identity. One line a check,
and `N passed; M failed` at the end.
"""

import datetime
import hashlib
import json
import logging
import ssl
import sys
import tempfile
import traceback
import urllib.request

from azure.core.exceptions import ClientAuthenticationError, HttpResponseError, ResourceNotFoundError
from azure.identity import ClientSecretCredential
from azure.keyvault.keys import JsonWebKey, KeyClient, KeyCurveName
from azure.keyvault.keys._shared import http_challenge_cache
from azure.keyvault.keys.crypto import CryptographyClient, EncryptionAlgorithm, KeyWrapAlgorithm, SignatureAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa

from .__main__ import start


class Check:
    """A double and what the SDK reaches it with."""

    def __init__(self):
        self.where = start()
        self._file = tempfile.NamedTemporaryFile()
        self._file.write(self.where["certificate"].encode())
        self._file.flush()
        self.options = {"connection_verify": self._file.name, "verify_challenge_resource": False}
        self.credential = self.credential_of("officer")
        self.keys = KeyClient(self.where["vault"], self.credential, **self.options)
        self.hsm = KeyClient(self.where["hsm"], self.credential, **self.options)

    def credential_of(self, who, **changed):
        client = self.where[who] | changed
        return ClientSecretCredential(
            self.where["tenant"],
            client["id"],
            client["secret"],
            authority=self.where["authority"],
            disable_instance_discovery=True,
            connection_verify=self._file.name,
        )

    def crypto(self, key):
        return CryptographyClient(key.id if hasattr(key, "id") else key, self.credential, **self.options)

    def remote(self, key):
        """A client that asks the vault for everything, as one does that may not read the key.

        Otherwise the SDK verifies and encrypts by itself; for a symmetric key, which it does not have, with one that it
        makes up (4.11.3).
        """
        crypto = self.crypto(key.id)
        crypto._keys_get_forbidden = True
        return crypto

    def control(self, **command):
        tls = ssl.create_default_context(cafile=self._file.name)
        request = urllib.request.Request(self.where["vault"] + "/control", json.dumps(command).encode())
        with urllib.request.urlopen(request, context=tls) as answer:
            return json.load(answer)

    def signatures(self):
        """The SDK verifies each of these with the public key, here, with its own code."""
        curves = {
            KeyCurveName.p_256: SignatureAlgorithm.es256,
            KeyCurveName.p_384: SignatureAlgorithm.es384,
            KeyCurveName.p_521: SignatureAlgorithm.es512,
            KeyCurveName.p_256_k: SignatureAlgorithm.es256_k,
        }
        for curve, alg in curves.items():
            key = self.keys.create_ec_key(f"ec-{curve.value}", curve=curve)
            assert key.key.crv == curve
            self._sign(key, alg)
        key = self.keys.create_rsa_key("rsa", size=3072)
        for name in ("RS", "PS"):
            for size in (256, 384, 512):
                self._sign(key, SignatureAlgorithm(f"{name}{size}"))

    def _sign(self, key, alg):
        digest = hashlib.new({"2": "sha256", "3": "sha384", "5": "sha512"}[alg.value[2]], b"payload").digest()
        crypto = self.crypto(key)
        made = crypto.sign(alg, digest)
        assert made.key_id == key.id
        assert crypto.verify(alg, digest, made.signature).is_valid
        broken = made.signature[:-1] + bytes([made.signature[-1] ^ 1])
        assert not crypto.verify(alg, digest, broken).is_valid
        assert self.remote(key).verify(alg, digest, made.signature).is_valid
        assert not self.remote(key).verify(alg, digest, broken).is_valid

    def key_wrapping(self):
        key = self.keys.create_rsa_key("wrapping")
        crypto = self.crypto(key)
        for alg in (KeyWrapAlgorithm.rsa_oaep, KeyWrapAlgorithm.rsa_oaep_256):
            wrapped = crypto.wrap_key(alg, b"k" * 32)
            assert crypto.unwrap_key(alg, wrapped.encrypted_key).key == b"k" * 32
            encrypted = crypto.encrypt(EncryptionAlgorithm(alg.value), b"p" * 16)
            assert crypto.decrypt(EncryptionAlgorithm(alg.value), encrypted.ciphertext).plaintext == b"p" * 16
            self._refused(400, None, lambda: crypto.unwrap_key(alg, b"x" * 256))

    def managed_hsm(self):
        key = self.hsm.create_oct_key("secret", size=256, hardware_protected=True)
        assert key.key_type.value == "oct-HSM" and key.key.k is None
        crypto = self.remote(key)
        wrapped = crypto.wrap_key(KeyWrapAlgorithm.aes_256, b"k" * 32)
        assert len(wrapped.encrypted_key) == 40
        assert crypto.unwrap_key(KeyWrapAlgorithm.aes_256, wrapped.encrypted_key).key == b"k" * 32
        self._refused(400, None, lambda: crypto.wrap_key(KeyWrapAlgorithm.aes_128, b"k" * 32))
        made = crypto.sign(SignatureAlgorithm.hs256, b"a message and no digest")
        assert len(made.signature) == 32
        assert crypto.verify(SignatureAlgorithm.hs256, b"a message and no digest", made.signature).is_valid
        self._refused(400, None, lambda: self.hsm.create_rsa_key("soft", hardware_protected=False))
        self._refused(400, None, lambda: self.keys.create_oct_key("soft", hardware_protected=True))

    def versions(self):
        first = self.keys.create_ec_key("turning")
        second = self.keys.rotate_key("turning")
        assert first.properties.version != second.properties.version
        assert self.keys.get_key("TURNING").properties.version == second.properties.version
        assert self.keys.get_key("turning", first.properties.version).key.x == first.key.x
        found = {one.version for one in self.keys.list_properties_of_key_versions("turning")}
        assert found == {first.properties.version, second.properties.version}
        assert "turning" in {one.name for one in self.keys.list_properties_of_keys()}

    def imported(self):
        numbers = rsa.generate_private_key(65537, 2048).private_numbers()
        octets = lambda number: number.to_bytes((number.bit_length() + 7) // 8, "big")
        jwk = JsonWebKey(
            kty="RSA",
            key_ops=["sign", "verify"],
            n=b"\0" + octets(numbers.public_numbers.n),
            e=b"\1\0\1",
            **{name: octets(getattr(numbers, name)) for name in ("d", "p", "q")},
            dp=octets(numbers.dmp1),
            dq=octets(numbers.dmq1),
            qi=octets(numbers.iqmp),
        )
        key = self.keys.import_key("brought", jwk)
        assert key.key.n[0] == 0, "as it was imported"
        self._sign(self.keys.get_key("brought"), SignatureAlgorithm.rs256)

    def validity(self):
        key = self.keys.create_rsa_key("dated")
        crypto = self.remote(key)
        digest = hashlib.sha256(b"x").digest()
        wrapped = self.crypto(key).wrap_key(KeyWrapAlgorithm.rsa_oaep_256, b"k" * 16).encrypted_key
        now = datetime.datetime.now(datetime.timezone.utc)
        self.keys.update_key_properties("dated", expires_on=now - datetime.timedelta(hours=1))
        self._refused(403, None, lambda: crypto.sign(SignatureAlgorithm.rs256, digest))
        assert crypto.unwrap_key(KeyWrapAlgorithm.rsa_oaep_256, wrapped).key == b"k" * 16
        self.keys.update_key_properties("dated", enabled=False)
        self._refused(403, "KeyDisabled", lambda: crypto.unwrap_key(KeyWrapAlgorithm.rsa_oaep_256, wrapped))
        assert not self.keys.get_key("dated").properties.enabled

    def operations(self):
        key = self.keys.create_rsa_key("signing", key_operations=["sign", "verify"])
        crypto = self.remote(key)
        self._refused(403, "KeyOperationForbidden", lambda: crypto.unwrap_key(KeyWrapAlgorithm.rsa_oaep, b"x" * 256))

    def absent(self):
        for ask in (
            lambda: self.keys.get_key("nothing"),
            lambda: self.keys.get_key("rsa", "0" * 32),
        ):
            try:
                ask()
            except ResourceNotFoundError as error:
                assert error.error.code == "KeyNotFound"
            else:
                raise AssertionError("found")
        self.keys.create_ec_key("gone")
        self.keys.begin_delete_key("gone")
        self._refused(404, None, lambda: self.keys.get_key("gone"))

    def throttling(self):
        """The SDK waits as long as it is told to, and tries again."""
        throttle = {"operation": "sign", "kind": "throttle", "after": 1, "times": 2}
        key = self.keys.get_key("ec-P-256")
        self.control(faults=[throttle], forget=True)
        crypto = self.crypto(key)
        start_ = datetime.datetime.now()
        crypto.sign(SignatureAlgorithm.es256, hashlib.sha256(b"x").digest())
        assert datetime.datetime.now() - start_ >= datetime.timedelta(seconds=2)
        asked = [entry for entry in self.control()["log"] if entry["operation"] == "sign"]
        assert len(asked) >= 3

    def credentials(self):
        wrong = KeyClient(
            self.where["vault"], self.credential_of("officer", secret="wrong"), **self.options
        )
        try:
            wrong.get_key("rsa")
        except ClientAuthenticationError as error:
            assert "AADSTS7000215" in str(error)
        else:
            raise AssertionError("let in")
        reader = KeyClient(self.where["vault"], self.credential_of("reader"), **self.options)
        assert reader.get_key("rsa")
        self._refused(403, "ForbiddenByRbac", lambda: reader.create_ec_key("mine"))

    def challenge(self):
        """The first request has neither token nor body; the answer says where to get a token, and for what."""
        self.control(forget=True)
        http_challenge_cache.clear()
        fresh = KeyClient(self.where["vault"], self.credential_of("officer"), **self.options)
        fresh.create_ec_key("first")
        log = [entry for entry in self.control()["log"] if entry["operation"] == "create"]
        first, second = (entry["text"] for entry in log)
        assert "Authorization" not in first and "kty" not in first
        assert "Authorization: Bearer" in second and '"kty"' in second

    @staticmethod
    def _refused(status, inner, ask):
        try:
            ask()
        except HttpResponseError as error:
            assert error.status_code == status, error
            found = error.error and error.error.innererror
            assert inner is None or found["code"] == inner, found
        else:
            raise AssertionError(f"no {status}")


def main():
    # What it refuses on purpose is no news.
    logging.disable()
    check = Check()
    passed = failed = 0
    for name in [name for name in vars(Check) if not name.startswith("_")]:
        if name in ("credential_of", "crypto", "remote", "control"):
            continue
        try:
            getattr(check, name)()
            passed += 1
            print(f"{name} ok")
        except Exception:
            failed += 1
            traceback.print_exc(file=sys.stdout)
            print(f"{name} FAILED")
    print(f"{passed} passed; {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
