"""How slow a hash of a password has to be."""

# The least n of scrypt that is advised, and half of the least iterations of
# PBKDF2: cheatsheetseries.owasp.org, Password Storage.
ROUNDS = {"scrypt": 2**13, "pbkdf2": 100_000}
