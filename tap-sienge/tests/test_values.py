"""Each notation that FACTS.md reports becomes the schema's type, and nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest
from tap_sienge.row_schema import EXTRA, RowSchema, snake_case


def table(**properties: dict[str, Any]) -> RowSchema:
    return RowSchema({"title": "t", "description": "d", "properties": properties})


def typed(kind: str) -> dict[str, Any]:
    if kind.startswith("date"):
        return {"type": ["string", "null"], "format": kind, "title": "t"}
    return {"type": [kind, "null"], "title": "t"}


@pytest.mark.parametrize(
    ("kind", "given", "expected"),
    [
        ("string", "  Rua A\t", "Rua A"),
        ("string", "", None),
        ("string", " ", None),
        ("string", "00123", "00123"),
        ("string", 12345, "12345"),
        ("string", 12345.0, "12345"),
        ("integer", "0012", 12),
        ("integer", 12.0, 12),
        ("integer", "12.0", 12),
        ("integer", "1.000,00", 1000),
        ("integer", "", None),
        ("number", "1.234,56", 1234.56),
        ("number", "1.234.567,8", 1234567.8),
        ("number", "1234,5", 1234.5),
        ("number", "1234.56", 1234.56),
        ("number", "-7", -7),
        ("number", 10, 10),
        ("number", "90071992547409.91", 90071992547409.91),
        ("number", 10**30, 10**30),
        ("boolean", "S", True),
        ("boolean", "N", False),
        ("boolean", "true", True),
        ("boolean", False, False),
        ("date", "2021-03-05", "2021-03-05"),
        ("date", "05/03/2021", "2021-03-05"),
        ("date", "2021-03-05T00:00:00", "2021-03-05"),
        ("date", "2021-03-05T00:00:00Z", "2021-03-05"),
        ("date", "2021-03-05T00:00:00.000-0300", "2021-03-05"),
        ("date", "2021-03-05T02:30:00Z", "2021-03-04"),
        ("date-time", "2021-03-05 10:11:12.345", "2021-03-05T10:11:12.345000"),
        ("date-time", "2021-03-05T13:11:12Z", "2021-03-05T10:11:12"),
        ("date-time", "2021-03-05T10:11:12-03:00", "2021-03-05T10:11:12"),
        ("date-time", "05/03/2021 10:11:12", "2021-03-05T10:11:12"),
        ("date-time", "2021-03-05", "2021-03-05T00:00:00"),
        ("date-time", "2021-03-05-03", "2021-03-05T00:00:00"),
        ("date-time", "2021-03-05 +00:00", "2021-03-05T00:00:00"),
    ],
)
def test_certain_values_are_coerced(kind: str, given: object, expected: object) -> None:
    row = table(f=typed(kind)).convert({"f": given}, {})
    assert row == {"f": expected, EXTRA: None}
    assert type(row["f"]) is type(expected)


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("string", {"a": 1}),
        ("string", True),
        ("integer", "abc"),
        ("integer", 12.5),
        ("integer", "9223372036854775808"),
        ("integer", True),
        ("integer", "1.000"),
        ("integer", "-12,000"),
        ("number", "10 reais"),
        ("number", "NaN"),
        ("number", "1234567890123456.78"),
        ("number", 1234567890123456.78),
        ("integer", "9007199254740993.0"),
        ("integer", 9007199254740994.0),
        ("boolean", "talvez"),
        ("boolean", 7),
        ("date", "31/02/2021"),
        ("date", "0000-00-00"),
        ("date", 20210305),
        ("date", "1612101600000"),
        ("date", "16121016000"),
        ("date-time", "1612101600000"),
        ("date-time", "2021-03-05,10"),
        ("date", ["2021-03-05"]),
        ("date-time", "ontem"),
        ("array", "x"),
        ("object", [1]),
    ],
)
def test_an_uncertain_value_is_kept_and_reported(kind: str, given: object) -> None:
    nested = {"items": typed("string"), "properties": {}}
    subject = table(f=typed(kind) | nested)
    assert subject.convert({"f": given}, {}) == {"f": None, EXTRA: {"f": given}}
    (sentence,) = subject.warnings
    assert sentence.endswith(": f")
    assert subject.warnings[sentence] == 1


def test_unknown_fields_are_kept_and_reported_at_every_depth() -> None:
    inner = typed("object") | {"properties": {"b": typed("integer")}}
    subject = table(a=typed("array") | {"items": inner})
    row = subject.convert({"a": [{"b": "1", "new": " x "}], "more": {"k": ""}}, {})
    assert row == {"a": [{"b": 1, "new": " x "}], EXTRA: {"more": {"k": ""}}}
    assert set(subject.warnings) == {
        "campo não documentado: a[].new",
        "campo não documentado: more",
    }


def test_a_wrong_nested_value_stays_in_its_place() -> None:
    inner = typed("object") | {"properties": {"b": typed("integer")}}
    subject = table(a=inner)
    assert subject.convert({"a": {"b": "um"}}, {}) == {"a": {"b": "um"}, EXTRA: None}
    assert list(subject.warnings) == ["valor que não é número inteiro: a.b"]


def test_a_lone_object_is_a_list_of_one() -> None:
    inner = typed("object") | {"properties": {"b": typed("integer")}}
    row = table(a=typed("array") | {"items": inner}).convert({"a": {"b": 1}}, {})
    assert row["a"] == [{"b": 1}]


def test_foreign_keys_come_out_of_links() -> None:
    subject = table(
        companyId=typed("integer") | {"x-rel": "company"},
        documentId=typed("string") | {"x-rel": "document"},
        links=typed("array") | {"items": typed("object") | {"properties": {}}},
    )
    links = [
        {"rel": "company", "href": "https://a/v1/companies/7"},
        {"rel": "document", "href": "https://a/v1/document-identifications/NF  "},
    ]
    row = subject.convert({"links": links, "documentId": ""}, {})
    assert (row["company_id"], row["document_id"]) == (7, "NF")
    assert subject.convert({"documentId": "CT", "links": links}, {})["document_id"] == "CT"
    assert subject.convert({"links": "?"}, {})["company_id"] is None


def test_a_column_may_come_from_the_path() -> None:
    subject = table(codeId=typed("string") | {"x-path": True}, id=typed("string"))
    assert subject.convert({"id": "NF"}, {"codeId": "NF "})["code_id"] == "NF"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("012.345.678-90", "01234567890"),
        ("01234567890", "01234567890"),
        ("12.ABC.345/01DE-35", "12ABC34501DE35"),
        ("não informado", "não informado"),
        ("", None),
    ],
)
def test_cpf_and_cnpj_lose_their_punctuation(given: str, expected: str | None) -> None:
    inner = typed("object") | {"properties": {"cnpj": typed("string")}}
    row = table(cpf=typed("string"), spouse=inner).convert(
        {"cpf": given, "spouse": {"cnpj": given}}, {}
    )
    assert (row["cpf"], row["spouse"]) == (expected, {"cnpj": expected})


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("buildingID", "building_id"),
        ("modifiedAtDateTime", "modified_at_date_time"),
        ("tpConta", "tp_conta"),
        ("id", "id"),
        ("CNPJNumber", "cnpj_number"),
        ("adress", "adress"),
    ],
)
def test_columns_are_snake_case(name: str, column: str) -> None:
    assert snake_case(name) == column
