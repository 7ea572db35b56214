"""What opens the receiver: a secret in its path, a token in the header, and the company's name."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, NamedTuple

from sienge_panel import credentials
from sienge_panel.problem import ProblemError

if TYPE_CHECKING:
    from sienge_panel.settings import Settings
    from sienge_panel.vault import Vault

SECRET, TOKEN = "ganchos_segredo", "ganchos_token"
PATH = "/ganchos"

CHALLENGE = "PAINEL_DESAFIO"
"""The event by which the panel asks its own public address who answers there."""


class Keys(NamedTuple):
    """They."""

    secret: str
    token: str
    tenant: str

    @property
    def path(self) -> str:
        """Where the receiver answers."""
        return f"{PATH}/{self.secret}"

    def proof(self, nonce: str) -> str:
        """Give what only who knows the token can answer to a challenge."""
        return hmac.new(self.token.encode(), nonce.encode(), "sha256").hexdigest()


def keys(settings: Settings, vault: Vault) -> Keys:
    """Give them; the secret and the token are drawn the first time.

    Raises:
        ProblemError: They were encrypted with another key.
    """
    found = vault.read()
    if not {SECRET, TOKEN} <= found.keys():
        if {SECRET, TOKEN} & vault.lost():
            raise ProblemError(
                "O segredo dos ganchos foi cifrado com outra chave: acrescente-a a PANEL_KEY, "
                "depois da nova."
            )
        vault.draw(SECRET, TOKEN)
        found = vault.read()
    tenant = credentials.effective(settings.env, found).get(credentials.name_of("subdomain"), "")
    return Keys(found[SECRET], found[TOKEN], tenant)


def forget(vault: Vault) -> None:
    """Close the receiver for whoever knew them; new ones are drawn when they are needed."""
    vault.forget([SECRET, TOKEN])


def same(given: str, expected: str) -> bool:
    """Compare in a time that tells nothing; what is not set equals nothing."""
    return bool(expected) and hmac.compare_digest(given.encode(), expected.encode())
