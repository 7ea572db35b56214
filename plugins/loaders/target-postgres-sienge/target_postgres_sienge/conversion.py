"""How the values of a column become those of another type, without a guess."""

from __future__ import annotations

TEXTS = {"text", "character varying"}

DAY = r"^\d{4}-\d\d-\d\d"
FORMS = {"date": DAY, "timestamp without time zone": DAY, "boolean": "^(true|false|[tf01])$"}
"""What a text must be like: PostgreSQL takes 05/03/2024 for a day in May, and y for true."""

NUMBERS = {"smallint", "integer", "bigint", "numeric", "double precision", "real"}
NUMBER = r"^[-+]?[0-9]*\.?[0-9]+(e[-+]?[0-9]+)?$"
"""What a text must be like that becomes a number: PostgreSQL takes 0x1F for 31, and NaN for one."""


def converted(column: str, found: str, wanted: str) -> str:
    """Give the expression that makes a column's values another type; it fails where one cannot."""
    is_json = found in {"json", "jsonb"} or found.endswith("[]")
    text = f"{column}::text"
    if is_json:
        text = f"to_jsonb({column}) #>> '{{}}'"
    elif found == "numeric" and wanted in {"smallint", "integer", "bigint"}:
        text = f"trim_scale({column})::text"  # 5.00 is 5, and 5.5 is refused
    elif found == "boolean" and wanted in {"smallint", "integer", "bigint", "numeric"}:
        text = f"{column}::int::text"
    if wanted == "text":
        return text
    if found.startswith(("date", "timestamp")) and wanted.startswith(("date", "timestamp")):
        return f"{column}::{wanted}"
    if wanted == "jsonb":
        if is_json or found not in TEXTS:
            return f"to_jsonb({column})"
        return f"case when {column} ~ '^\\s*[[{{]' then {column}::jsonb else to_jsonb({column}) end"
    text = f"nullif(btrim({text}), '')"
    form = NUMBER if wanted in NUMBERS and found in TEXTS else FORMS.get(wanted)
    if form:
        text = f"case when {text} ~* '{form}' then {text} else 'recusado: ' || {text} end"
    return f"({text})::{wanted}"
