"""Where the records are in an answer of the API, in each of the shapes that it gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import requests
from singer_sdk.exceptions import RetriableAPIError

from tap_sienge import error_body, errors
from tap_sienge.client import body_of
from tap_sienge.mending import mended
from tap_sienge.pages import Page

if TYPE_CHECKING:
    from tap_sienge.declaration import Declaration
    from tap_sienge.row_schema import RowSchema


class RecordExtractor:
    """Takes the records out of the answers of one stream."""

    def __init__(
        self,
        stream: Declaration,
        schema: RowSchema,
        page_size: int,
        paged: bool,
    ) -> None:
        """Take what the stream declares, and how many records a page may have."""
        self._schema = schema
        self._paged = paged
        self._names = ("results", stream.records_key)
        self._may_be_object = stream.may_be_object or not paged
        self._nested = stream.nested
        self._page_size = page_size

    def page(self, response: requests.Response, offset: int) -> Page:
        """Read an answer's body.

        Raises:
            RetriableAPIError: It has none of the known shapes.
            errors.Unavailable: There is nothing in it.
        """
        body, may_need_mending = body_of(response)
        if not self._paged and body in (None, {}):
            raise errors.Unavailable(requests.codes.no_content)
        records = self._records(body)
        if records is None:
            raise RetriableAPIError(errors.UNDOCUMENTED, response)
        if may_need_mending:
            records = mended(records, self._schema.warnings)
        metadata = body.get("resultSetMetadata") if isinstance(body, dict) else None
        told = metadata if isinstance(metadata, dict) else {}
        return Page.of(records, told, offset, self._page_size, paged=self._paged)

    def _records(self, body: Any) -> list[Any] | None:  # noqa: ANN401
        """Give the records of an answer; None if it is not in a documented shape.

        Raises:
            errors.MalformedError: It tells an error.
        """
        if isinstance(body, dict):
            name = next((key for key in self._names if key in body), None)
            empty = name is not None and not body[name]
            error_body.refuse(body, () if name else self._schema.fields, empty=empty)
            if name:
                body = [] if body[name] is None else body[name]
            elif self._may_be_object and self._schema.knows(body, self._nested):
                return [body]
        if not isinstance(body, list):
            return None
        objects = [record for record in body if isinstance(record, dict)]
        known = any(self._schema.knows(record, self._nested) for record in objects)
        return body if known or not body else None
