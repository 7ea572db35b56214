"""Texts prebuilt once with Faker (pt_BR), from which the generators pick."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from faker import Faker

if TYPE_CHECKING:
    from collections.abc import Callable

SUFFIXES = ["Ltda", "S.A.", "ME", "EPP", "Eireli"]
TRADES = [
    "Construções",
    "Incorporadora",
    "Engenharia",
    "Materiais",
    "Transportes",
    "Elétrica",
    "Hidráulica",
    "Acabamentos",
    "Locações",
    "Consultoria",
    "Pré-Moldados",
    "Esquadrias",
]
SUBJECTS = [
    "Pagamento referente à medição",
    "Nota recebida pela obra",
    "Cadastro revisto",
    "Lançamento conferido",
    "Documento anexado",
]
REMARKS = [
    "do mês anterior.",
    "pelo financeiro.",
    "conforme contrato.",
    "a pedido da diretoria.",
    "com retenção.",
    "sem divergências.",
]
ROADS = ["Rua", "Avenida", "Alameda", "Travessa", "Rodovia"]
STATES = [
    {"id": 42, "code": "SC", "name": "Santa Catarina"},
    {"id": 35, "code": "SP", "name": "São Paulo"},
    {"id": 41, "code": "PR", "name": "Paraná"},
    {"id": 43, "code": "RS", "name": "Rio Grande do Sul"},
    {"id": 31, "code": "MG", "name": "Minas Gerais"},
    {"id": 33, "code": "RJ", "name": "Rio de Janeiro"},
    {"id": 52, "code": "GO", "name": "Goiás"},
    {"id": 29, "code": "BA", "name": "Bahia"},
    {"id": 23, "code": "CE", "name": "Ceará"},
    {"id": 26, "code": "PE", "name": "Pernambuco"},
]
BANKS = [
    {"number": "001", "name": "Banco do Brasil S.A."},
    {"number": "033", "name": "Banco Santander Brasil S.A."},
    {"number": "104", "name": "Caixa Econômica Federal"},
    {"number": "237", "name": "Banco Bradesco S.A."},
    {"number": "341", "name": "Itaú Unibanco S.A."},
]


def _some(make: Callable[[], str], number: int) -> list[str]:
    """Up to `number` different texts, in a fixed order."""
    return list(dict.fromkeys(make() for _ in range(number)))


def build(seed: int) -> dict[str, list[Any]]:
    """Pools by name: `places`, `states` and `banks` have parts by name, all others are texts."""
    fake = Faker("pt_BR")
    fake.seed_instance(seed)
    pools: dict[str, list[Any]] = {
        "women": _some(fake.first_name_female, 200),
        "men": _some(fake.first_name_male, 200),
        "surnames": _some(fake.last_name, 300),
        "cities": _some(fake.city, 150),
        "neighborhoods": _some(fake.bairro, 150),
        "jobs": _some(fake.job, 150),
        "sentences": [f"{a} {b}" for a in SUBJECTS for b in REMARKS],
        "trades": TRADES,
        "states": STATES,
        "banks": BANKS,
    }
    pools["first"] = [n for pair in zip(pools["women"], pools["men"], strict=False) for n in pair]
    pools["firms"] = [
        f"{surname} {trade} {SUFFIXES[(a + b) % 5]}"
        for a, surname in enumerate(pools["surnames"])
        for b, trade in enumerate(TRADES)
    ]
    pools["brands"] = [firm.rsplit(" ", 1)[0] for firm in pools["firms"]]
    pick = fake.random.choice
    pools["places"] = [
        {
            "streetName": f"{pick(ROADS)} {pick(pools['first'])} {pick(pools['surnames'])}",
            "neighborhood": pick(pools["neighborhoods"]),
            "city": pools["cities"][city],
            "cityId": 4200 + city,
            "state": STATES[city % len(STATES)]["code"],
            "zipCode": f"88{fake.random.randrange(10**6):06d}",
        }
        for city in (fake.random.randrange(len(pools["cities"])) for _ in range(1500))
    ]
    for place in pools["places"]:
        place["cep"] = f"{place['zipCode'][:5]}-{place['zipCode'][5:]}"
    return pools
