"""A double of Azure Key Vault, Managed HSM and Entra's token endpoint, over HTTPS on loopback.

Written from Microsoft's REST reference, from recordings of the real service that come with the SDK for Python, and from
what the SDKs ask for; proven by driving it with the unmodified SDK for Python (`check_sdk.py`).
Nothing of Bulla is in it: its cryptography is OpenSSL's, through `cryptography`.
"""
