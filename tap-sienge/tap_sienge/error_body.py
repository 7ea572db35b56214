"""What tells an error in the body of an answer, whatever its status, and in which words."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from tap_sienge.errors import MalformedError
from tap_sienge.privacy import without_persons
from tap_sienge.values import whole

if TYPE_CHECKING:
    from collections.abc import Collection

    import requests

    from tap_sienge.values import Record

OWN_WORDS = {"developerMessage", "clientMessage"}
"""Fields of the documented error body, which no other program has."""

OTHERS_WORDS = re.compile("erro|(?<!de)fault|fail|falh|exce[pcç]")
"""In the names, in small letters, of fields by which other programs, as gateways, tell an error."""

CODES = ("status", "code", "httpstatus", "statuscode")
"""Fields, in small letters, in which an error tells its HTTP status; records have all but the
first, too."""

VERDICTS = ("success", "sucesso", "ok")
"""Fields, in small letters, that tell whether all went well."""

WELL = {"", "ok", "success", "sucesso", "true", "none", "complete", "completed", "finished"}
"""Words, in small letters, that in ``CODES`` or ``VERDICTS`` tell of no error."""

NO_ERROR = {"", "none", "null", "false", "no", "0", "ok"}
"""Words, in small letters, that in a field of ``OTHERS_WORDS`` tell of no error."""

NOTHING: tuple[Any, ...] = (None, "", [], {})
"""Values of fields that tell nothing."""

MESSAGES = ("clientMessage", "developerMessage", "errorMessage", "error", "message")
"""Fields that say what went wrong, the plainest first."""


def is_by_api(response: requests.Response) -> bool:
    """Whether an error is answered in the API's own words.

    A resource that the tenant lacks is 404 with HTML (FACTS), or with the JSON of what stands in
    front of the API: other words than the documented.
    """
    try:
        body = response.json()
    except ValueError:
        return False
    return isinstance(body, dict) and not OWN_WORDS.isdisjoint(body)


def refuse(answer: Any, known: Collection[str] = (), *, empty: bool = False) -> None:  # noqa: ANN401
    """Raise if an answer with status 200 tells an error, as the API's own error body may (FACTS).

    ``known`` are the fields that the documents give the answer; ``empty`` says that its list has no
    record, beside which also the words of others tell an error.

    Raises:
        MalformedError: The answer tells an error.
    """
    if not isinstance(answer, dict):
        return
    fields = {name.lower(): value for name, value in answer.items() if name not in known}
    told = {name: value for name, value in fields.items() if value not in NOTHING}
    codes = [whole(told.get(name)) or 0 for name in (CODES[:1] if known else CODES)]
    words = {name.lower() for name in OWN_WORDS}
    failed = max(codes) >= HTTPStatus.BAD_REQUEST
    failed |= any(str(told.get(name)).lower() == "false" for name in VERDICTS)
    if empty:
        if "resultsetmetadata" not in fields and HTTPStatus.OK not in codes:
            words |= {"message", "mensagem"}
        failed |= tells_error(told)
        failed |= any(
            whole(told.get(name)) is None and str(told.get(name, "")).lower() not in WELL
            for name in CODES
        )
    if failed or told.keys() & words:
        number = f" {max(codes)}" if max(codes) else ""
        raise MalformedError(f"resposta de erro{number} com status 200{_told(answer)}")


def tells_error(answer: Record) -> bool:
    """Whether an answer has an error in the words of others, whatever else it brings."""
    return any(
        OTHERS_WORDS.search(name.lower()) and value and str(value).lower() not in NO_ERROR
        for name, value in answer.items()
    )


def tells_error_beside_rows(answer: Record) -> bool:
    """Whether an answer tells an error beside records; a list without a text is none."""
    lists = {name for name, value in answer.items() if isinstance(value, list)}
    return tells_error({k: v for k, v in answer.items() if k not in lists or _has_text(v)})


def _has_text(value: Any) -> bool:  # noqa: ANN401
    if isinstance(value, (list, dict)):
        return any(map(_has_text, value.values() if isinstance(value, dict) else value))
    return isinstance(value, str) and bool(value.strip())


def reason(response: requests.Response) -> str:
    """One line on why the API refused, from its documented error body if there is one."""
    if response.is_redirect:
        number = response.status_code
        return f"a resposta leva a outro endereço ({number}); confira a configuração api_url"
    try:
        body: Any = response.json()
    except ValueError:
        body = None
    return f"resposta {response.status_code}{_told(body)}"


def _told(body: Any) -> str:  # noqa: ANN401
    """Give what an error body says, behind a colon."""
    return f": {text}" if (text := words(body)) else ""


def words(body: Any) -> str:  # noqa: ANN401
    """Give what an error body says, without personal data; empty if it is none."""
    return without_persons(_said(body, levels=5))[:300]


def _said(value: Any, levels: int) -> str:  # noqa: ANN401
    """Give the texts in a value that tell an error, so many levels deep."""
    if isinstance(value, str):
        return value.strip()
    if not levels:
        return ""
    if isinstance(value, list):
        return " ".join(filter(None, (_said(item, levels - 1) for item in value)))
    if not isinstance(value, dict):
        return ""
    texts = (_said(value.get(name), levels - 1) for name in MESSAGES)
    field, listed = (_said(value.get(name), levels - 1) for name in ("field", "errors"))
    text = ": ".join(filter(None, (field, next(filter(None, texts), ""))))
    return " ".join(filter(None, (text, listed)))
