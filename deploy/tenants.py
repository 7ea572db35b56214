"""The tenants' file: the companies, one for each subdomain, and the names that each goes by.

The file holds the values of the Helm chart, which makes the same names (templates/_names.tpl).
"""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULTS = Path(__file__).parent / "kubernetes" / "values.yaml"
PLAIN = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST = 45
"""Kubernetes takes 52 characters in the name of a CronJob; `sienge-` comes before these."""

TAKEN = ("postgres", "template0", "template1")
"""Databases that every server has."""


STEPS = ("carga", "modelos")
"""What a run consists of, as SYNC_ONLY names it."""


class ProblemError(Exception):
    """Something that the user should read, in one sentence."""


def key(subdomain: str) -> str:
    """Give the lower-case letters, digits and hyphens that stand for a subdomain.

    Two subdomains never have the same: one that is not already such a name gets its hash after two
    hyphens, which no such name has.
    """
    if PLAIN.fullmatch(subdomain) and len(subdomain) <= LONGEST and subdomain not in TAKEN:
        return subdomain
    clean = re.sub("[^a-zA-Z0-9]+", "-", subdomain).lower()[:33].strip("-")
    return f"{clean}--{hashlib.sha256(subdomain.encode()).hexdigest()[:10]}"


def merged(below: Mapping[str, Any], above: Mapping[str, Any] | None) -> dict[str, Any]:
    """Give one mapping over another, as Helm does."""
    found = dict(below)
    for name, value in (above or {}).items():
        both = isinstance(value, dict) and isinstance(found.get(name), dict)
        found[name] = merged(found[name], value) if both else value
    return found


@dataclass(frozen=True)
class Tenant:
    """One company."""

    subdomain: str
    settings: Mapping[str, Any]

    @property
    def key(self) -> str:
        """What its names are made of."""
        return key(self.subdomain)

    @property
    def name(self) -> str:
        """Its name in Kubernetes, of the CronJob and of the volume."""
        return f"sienge-{self.key}"

    @property
    def secret(self) -> str:
        """The Secret with its credentials, and the folder of the same files."""
        return str(self.settings.get("secret") or self.name)

    @property
    def database(self) -> str:
        """Its own database."""
        return str(self.settings.get("database") or self.key.replace("-", "_"))

    @property
    def user(self) -> str:
        """The role that loads it."""
        return str(self.settings.get("user") or f"carga_{self.database}")

    @property
    def reader(self) -> str:
        """The role that its people read with."""
        return str(self.settings.get("reader") or f"leitura_{self.database}")

    @property
    def schedule(self) -> str:
        """When it runs, as cron says it: at a minute of the window that only its name decides."""
        if given := self.settings.get("schedule"):
            return str(given)
        number = zlib.adler32(hashlib.sha256(self.subdomain.encode()).hexdigest().encode())
        start = int(self.settings["hour"]) * 60 + number % int(self.settings["window"])
        return f"{start % 60} {start // 60 % 24} * * *"

    @property
    def env(self) -> dict[str, str]:
        """The variables that its file gives it; what is no text becomes JSON, as in the chart."""
        given = self.settings["env"] or {}
        return {
            name: value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
            for name, value in given.items()
        }


@dataclass(frozen=True)
class File:
    """What a tenants' file says."""

    values: Mapping[str, Any]
    tenants: tuple[Tenant, ...]

    @classmethod
    def read(cls, path: Path) -> File:
        """Read it, over the chart's own values.

        Raises:
            ProblemError: It is no such file, or two tenants share what each must have alone.
        """
        try:
            given = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
            values = merged(yaml.safe_load(DEFAULTS.read_text(encoding="utf-8")), given)
            tenants = tuple(
                Tenant(str(subdomain), merged(values["defaults"], own))
                for subdomain, own in sorted((values["tenants"] or {}).items())
            )
        except (OSError, ValueError, AttributeError, TypeError, yaml.YAMLError) as error:
            reason = " ".join(str(error).split())
            raise ProblemError(f"{path}: não é um arquivo de empresas ({reason}).") from None
        if not tenants:
            raise ProblemError(f"{path}: nenhuma empresa; acrescente uma em tenants.")
        for what in ("database", "user", "reader", "secret"):
            found = Counter(getattr(tenant, what) for tenant in tenants)
            if long := [name for name in found if what != "secret" and len(name.encode()) > 63]:
                raise ProblemError(
                    f"{path}: {what}: {long[0]} tem mais de 63 letras, e o PostgreSQL o cortaria."
                )
            if shared := [name for name, times in found.items() if times > 1]:
                raise ProblemError(
                    f"{path}: {what}: {shared[0]} é de mais de uma empresa; dê a cada uma o seu."
                )
        if shared := [tenant.subdomain for tenant in tenants if tenant.user == "carga"]:
            raise ProblemError(
                f"{path}: tenants.{shared[0]}.user: carga é o papel de uma instalação de uma só "
                "empresa; tire esta linha, e o papel será o da empresa."
            )
        return cls(values, tenants)

    def tenant(self, subdomain: str) -> Tenant:
        """Give the one of a subdomain, or of its key.

        Raises:
            ProblemError: There is none.
        """
        for found in self.tenants:
            if subdomain in {found.subdomain, found.key}:
                return found
        raise ProblemError(f"{subdomain}: não há esta empresa no arquivo.")
