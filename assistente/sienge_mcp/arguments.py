"""What is wrong with a tool's arguments, in a sentence that says what to give instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

KINDS = {
    "string": "um texto",
    "int": "um número inteiro",
    "float": "um número",
    "bool": "true ou false",
    "list": "uma lista",
    "dict": "um objeto",
}
"""What pydantic wants, by the first word of its errors."""


def sentence(tool: str, parameters: Mapping[str, Any], error: ValidationError) -> str:
    """Say what is wrong with the first argument that is."""
    problem = error.errors(include_url=False)[0]
    name = str(problem["loc"][0]) if problem["loc"] else ""
    if problem["type"] == "missing":
        return f"Falta o argumento {name} de {tool}{_told(parameters, name)}."
    inside = " só com textos" if len(problem["loc"]) > 1 and _kind(problem) == "string" else ""
    wanted = "uma lista" if inside else _wanted(problem)
    return f"O argumento {name} de {tool} deve ser {wanted}{inside}{_told(parameters, name)}."


def _kind(problem: ErrorDetails) -> str:
    return problem["type"].split("_")[0]


def _wanted(problem: ErrorDetails) -> str:
    context = problem.get("ctx", {})
    if problem["type"] == "greater_than_equal":
        return f"no mínimo {context['ge']}"
    if problem["type"] == "less_than_equal":
        return f"no máximo {context['le']}"
    if problem["type"] == "string_pattern_mismatch":
        return "escrito como se espera"
    return KINDS.get(_kind(problem), "outro")


def _told(parameters: Mapping[str, Any], name: str) -> str:
    """Add what the tool says of an argument."""
    told = parameters.get("properties", {}).get(name, {}).get("description", "")
    return f" ({told})" if told else ""
