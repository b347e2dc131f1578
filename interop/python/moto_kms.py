"""moto's KMS on loopback, corrected where it answers otherwise than AWS KMS does.

Prints `{"port": N}` once it listens, and ends when its standard input closes. What is corrected, and why each matters:

* `MessageType: DIGEST` is honoured; moto hashes the digest again, and no signature would verify.
* The salt of RSASSA-PSS is as long as the digest; moto's is as long as the key allows, which is no PS256.
* `Decrypt` opens what RSAES-OAEP encrypted with the public key; moto knows only what its own `Encrypt` made.
* Keys that are disabled or wait for their deletion are refused; moto goes on signing.
* Messages longer than 4,096 octets, digests of a wrong length, algorithms of other keys are refused, by AWS's errors.
* Every answer names the key by its ARN; moto's `GetPublicKey` and `GenerateMac` give what they were asked by, or the bare id.
* HMAC keys are as long as their hash, list their algorithm, and have no public half.
* `DeriveSharedSecret` is there, for `KEY_AGREEMENT` keys.
"""

import base64
import json
import os
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, utils
from moto.core.exceptions import JsonRESTError
from moto.kms import models, responses
from moto.server import ThreadedMotoServer

LONGEST = 4096
HASHES = {"256": hashes.SHA256, "384": hashes.SHA384, "512": hashes.SHA512}
HMAC_OCTETS = {"HMAC_224": 28, "HMAC_256": 32, "HMAC_384": 48, "HMAC_512": 64}


class Refusal(JsonRESTError):
    """An error by its AWS name; HTTP status 400, as all of these have."""

    code = 400


def usable(backend, request, usage):
    """The key of a request, if it may be used, and for this."""
    key = backend.keys[backend.any_id_to_key_id(request["KeyId"])]
    if key.key_state == "Disabled":
        raise Refusal("DisabledException", f"{key.arn} is disabled.")
    if key.key_state != "Enabled":
        raise Refusal("KMSInvalidStateException", f"{key.arn} is in state {key.key_state}.")
    if key.key_usage != usage:
        raise Refusal("InvalidKeyUsageException", f"{key.arn} key usage is {key.key_usage}.")
    return key


def handler(usage):
    """An action of KMS: its request as JSON, the key checked, its answer as JSON."""

    def wrap(action):
        def run(self):
            request = json.loads(self.body)
            self._validate_key_id(request["KeyId"])
            key = usable(self.kms_backend, request, usage)
            return json.dumps({"KeyId": key.arn, **action(key, request)})

        setattr(responses.KmsResponse, action.__name__, run)
        return action

    return wrap


def encoded(data):
    return base64.b64encode(data).decode()


def decoded(request, name):
    return base64.b64decode(request[name], validate=True)


def limited(request):
    message = decoded(request, "Message")
    if not 1 <= len(message) <= LONGEST:
        raise Refusal("ValidationException", "'message' failed to satisfy constraint: length between 1 and 4096")
    return message


def scheme(key, request):
    """The arguments of cryptography for an algorithm, and the message, which may be a digest."""
    name = request["SigningAlgorithm"]
    if name not in key.signing_algorithms:
        raise Refusal("InvalidKeyUsageException", f"{name} is not valid for the key spec {key.key_spec}.")
    algorithm = HASHES[name[-3:]]()
    message = limited(request)
    if request.get("MessageType", "RAW") == "DIGEST":
        if len(message) != algorithm.digest_size:
            raise Refusal("ValidationException", "Digest is invalid length for algorithm.")
        used = utils.Prehashed(algorithm)
    else:
        used = algorithm
    if name.startswith("ECDSA"):
        return message, (ec.ECDSA(used),)
    if name.startswith("RSASSA_PSS"):
        return message, (padding.PSS(padding.MGF1(algorithm), padding.PSS.DIGEST_LENGTH), used)
    return message, (padding.PKCS1v15(), used)


@handler("SIGN_VERIFY")
def sign(key, request):
    message, arguments = scheme(key, request)
    signature = key.private_key.private_key.sign(message, *arguments)
    return {"Signature": encoded(signature), "SigningAlgorithm": request["SigningAlgorithm"]}


@handler("SIGN_VERIFY")
def verify(key, request):
    message, arguments = scheme(key, request)
    try:
        key.private_key.private_key.public_key().verify(decoded(request, "Signature"), message, *arguments)
    except InvalidSignature:
        raise Refusal("KMSInvalidSignatureException", "") from None
    return {"SignatureValid": True, "SigningAlgorithm": request["SigningAlgorithm"]}


@handler("ENCRYPT_DECRYPT")
def decrypt(key, request):
    name = request.get("EncryptionAlgorithm")
    if name not in (key.encryption_algorithms or []):
        raise Refusal("InvalidKeyUsageException", f"{name} is not valid for the key spec {key.key_spec}.")
    algorithm = hashes.SHA1() if name.endswith("SHA_1") else hashes.SHA256()
    oaep = padding.OAEP(padding.MGF1(algorithm), algorithm, label=None)
    try:
        plaintext = key.private_key.private_key.decrypt(decoded(request, "CiphertextBlob"), oaep)
    except ValueError:
        raise Refusal("InvalidCiphertextException", "") from None
    return {"Plaintext": encoded(plaintext), "EncryptionAlgorithm": name}


@handler("KEY_AGREEMENT")
def derive_shared_secret(key, request):
    try:
        peer = serialization.load_der_public_key(decoded(request, "PublicKey"))
        secret = key.private_key.private_key.exchange(ec.ECDH(), peer)
    except (TypeError, ValueError) as error:
        raise Refusal("ValidationException", str(error)) from None
    return {"SharedSecret": encoded(secret), "KeyAgreementAlgorithm": "ECDH", "KeyOrigin": "AWS_KMS"}


@handler("GENERATE_VERIFY_MAC")
def generate_mac(key, request):
    name = request["MacAlgorithm"]
    if name not in mac_algorithms(key):
        raise Refusal("InvalidKeyUsageException", f"{name} is not valid for the key spec {key.key_spec}.")
    code = models.generate_hmac(key=key.key_material, message=limited(request), mac_algorithm=name)
    return {"Mac": code, "MacAlgorithm": name}


def get_public_key(self):
    request = json.loads(self.body)
    self._validate_key_id(request["KeyId"])
    key = self.kms_backend.keys[self.kms_backend.any_id_to_key_id(request["KeyId"])]
    if not key.key_spec.startswith(("RSA", "ECC")):
        raise Refusal("UnsupportedOperationException", f"{key.arn} key spec is {key.key_spec}.")
    usable(self.kms_backend, request, key.key_usage)
    answer = {
        "KeyId": key.arn,
        "KeySpec": key.key_spec,
        "CustomerMasterKeySpec": key.key_spec,
        "KeyUsage": key.key_usage,
        "PublicKey": encoded(key.private_key.public_key()),
    }
    return json.dumps(answer | algorithms(key))


def mac_algorithms(key):
    is_mac = key.key_usage == "GENERATE_VERIFY_MAC"
    return [key.key_spec.replace("HMAC_", "HMAC_SHA_")] if is_mac else []


def algorithms(key):
    """The one list that a key of its usage has."""
    if key.key_usage == "SIGN_VERIFY":
        return {"SigningAlgorithms": key.signing_algorithms}
    if key.key_usage == "KEY_AGREEMENT":
        return {"KeyAgreementAlgorithms": ["ECDH"]}
    if key.key_usage == "GENERATE_VERIFY_MAC":
        return {"MacAlgorithms": mac_algorithms(key)}
    return {"EncryptionAlgorithms": key.encryption_algorithms}


LISTS = ("EncryptionAlgorithms", "SigningAlgorithms", "MacAlgorithms", "KeyAgreementAlgorithms")


moto_init, moto_to_dict = models.Key.__init__, models.Key.to_dict


def init(self, *arguments, **named):
    moto_init(self, *arguments, **named)
    self.key_material = os.urandom(HMAC_OCTETS.get(self.key_spec, len(self.key_material)))


def to_dict(self):
    described = moto_to_dict(self)
    metadata = {name: value for name, value in described["KeyMetadata"].items() if name not in LISTS}
    return {"KeyMetadata": metadata | algorithms(self)}


models.Key.__init__, models.Key.to_dict = init, to_dict
responses.KmsResponse.get_public_key = get_public_key

if __name__ == "__main__":
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    print(json.dumps({"port": port}), flush=True)
    sys.stdin.read()
    server.stop()
