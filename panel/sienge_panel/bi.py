"""How Power BI and other programs reach the data: with the read-only role, never the loader's."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sienge_panel.problem import ProblemError

if TYPE_CHECKING:
    from sienge_panel.settings import Settings


@dataclass(frozen=True)
class Reader:
    """The read-only role; ``password`` is empty where there is none."""

    host: str
    port: int
    database: str
    user: str
    password: str = field(repr=False)

    @classmethod
    def of(cls, settings: Settings) -> Reader:
        """Take it from the settings, which may tell how the office sees the server."""
        place = urlsplit(settings.database)
        return cls(
            host=settings.bi_host or place.hostname or "",
            port=settings.bi_port or place.port or 5432,
            database=place.path.lstrip("/"),
            user=settings.reader,
            password=settings.reader_password,
        )

    def connection(self) -> dict[str, Any]:
        """Give all but the password.

        Raises:
            ProblemError: There is no such role here.
        """
        if not self.password:
            raise ProblemError("Falta LEITURA_PASSWORD: o papel que só lê não foi configurado.")
        return {
            "host": self.host,
            "port": self.port,
            "database": self.database,
            "user": self.user,
            "odbc": f"Driver={{PostgreSQL Unicode}};Server={self.host};Port={self.port};"
            f"Database={self.database};Uid={self.user};",
            "jdbc": f"jdbc:postgresql://{self.host}:{self.port}/{self.database}?user={self.user}",
        }

    def pbids(self) -> dict[str, Any]:
        """Give the file that Power BI opens; it asks for user and password itself."""
        self.connection()
        address = {"server": f"{self.host}:{self.port}", "database": self.database}
        details = {"protocol": "postgresql", "address": address}
        return {"version": "0.1", "connections": [{"details": details, "mode": "Import"}]}
