"""What may be believed of a state: it may be damaged, or written by a clock that was ahead."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tap_sienge.values import Record

DAYS = ("full_read_at", "replication_key_value", "empty_since", "ended_at", "open_at")
"""Fields of a bookmark that hold a day, or a moment."""

TYPES: dict[str, type] = {
    **dict.fromkeys(DAYS, str),
    **dict.fromkeys(("asked", "open", "unread", "first_page", "personal_data", "start_date"), str),
    "rows": int,
    "version": int,
    "complete": bool,
    "landed": bool,
    "resume": dict,
}


def sound(state: Any, today: date) -> tuple[Record, list[str]]:  # noqa: ANN401
    """Give a state without what cannot be true, and sentences on what it was.

    A day in the future counts as never, and so does what is not of its type.
    """
    bookmarks = state.get("bookmarks", {}) if isinstance(state, dict) else None
    if not isinstance(bookmarks, dict):
        return {}, ["O estado está danificado: tudo é lido de novo."] if state else []
    kept, told = {}, []
    for stream, bookmark in bookmarks.items():
        known = bookmark if isinstance(bookmark, dict) else {}
        kept[stream] = {
            name: value for name, value in known.items() if _is_sound(name, value, today)
        }
        lost = sorted(known.keys() - kept[stream].keys()) if known else ["tudo"]
        if lost and bookmark != {}:
            told.append(
                f"{stream}: o estado guardado não vale ({', '.join(lost)} danificado ou no "
                "futuro); o recurso é lido de novo."
            )
            if known.keys() & {"replication_key_value"} - kept[stream].keys():
                kept[stream].pop("full_read_at", None)
    return state | {"bookmarks": kept}, told


def _is_sound(name: str, value: Any, today: date) -> bool:  # noqa: ANN401
    if name not in TYPES:
        return True
    if type(value) is not TYPES[name]:
        return False
    if isinstance(value, dict):  # resume
        return _is_sound("full_read_at", value.get("started"), today)
    if name not in DAYS:
        return True
    try:
        return date.fromisoformat(str(value)[:10]) <= today
    except ValueError:
        return False
