"""Every field of the schemas that holds personal data is marked so."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tap_sienge.row_schema import json_type, load_schema
from tap_sienge.streams import STREAMS

if TYPE_CHECKING:
    from collections.abc import Iterator

    Field = dict[str, Any]

PERSONAL = re.compile(
    r"cpf|identityCard|internationalId|license|issuingBody|creaNumber|creci|placa"
    r"|e-?mail|phone|contact|\bmsn|skype"
    r"|adress|address|endereco|street|neighborhood|bairro|complement$|zipCode|postalCode|cep$"
    r"|birth|father|mother|kins|spouse|marriage|matrimonial|civilStatus|nationality|profession"
    r"|\bsex|familyIncome|procurator|accountable|guarantor|owner|oswner"
    r"|(customer|client|creditor|supplier|broker|participant|social|fantasy|trade|transporter"
    r"|recipient|third\w+)s?\.?(description|document|name)$|nome[DET]\w+r\w*$|sellersName"
    r"|(created|modified|changed|registered)By|user(Id|Name)?$|requester|salesRep|buyer"
    r"|responsible|manager|accountNumber|agency|checkDigit|pix|beneficiary|taxPayer",
    re.IGNORECASE,
)
"""Names, in a path, of what is personal."""

NOT_PERSONAL = {
    r"\.(ddd|idd|state|district|registry|city\w*)$": "a place, not who lives there",
    r"(type|\.mailingAddress|beneficiaryBankCode)$": "one of a few choices",
    r"(^companies\.tradeName|CNPJNumber)$": "a company",
    r"^(enterprises|enterprises_details|units|patrimony_fixed)\.[^.]*(ad|neigh|postal)": "property",
    r"(?<!^creditors_bank_informations)\.(accountNumber|agencyNumber)$": "the firm's own",
    r"\.proxy\.(date|expirationDate)$": "when a document was made",
    r"\.links\.": "addresses of the API",
}
"""Paths of what is not, for all that, and why."""


def leaves(properties: Field, path: str) -> Iterator[tuple[str, Field]]:
    """Give the fields that hold a value, by path, whatever they are nested in."""
    for name, field in properties.items():
        inner = field.get("items", field).get("properties")
        if inner:
            yield from leaves(inner, f"{path}.{name}")
        else:
            yield f"{path}.{name}", field


def test_no_personal_field_lacks_its_mark() -> None:
    unmarked = [
        path
        for stream in STREAMS
        for path, field in leaves(load_schema(stream.name)["properties"], stream.name)
        if PERSONAL.search(path.split(".", 1)[1])
        and "x-personal" not in field
        and json_type(field) != "boolean"
        and not (json_type(field) == "integer" and path.lower().endswith("id"))
        and not any(re.search(exception, path, re.IGNORECASE) for exception in NOT_PERSONAL)
    ]
    assert unmarked == []
