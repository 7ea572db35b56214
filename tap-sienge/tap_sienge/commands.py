"""What may be asked of the tap besides reading: ``--test``, ``--estimate``, and for programs."""

from __future__ import annotations

import warnings
from io import StringIO
from typing import IO, Any, ClassVar

import click
from singer_sdk import Tap
from singer_sdk.helpers._util import load_json
from singer_sdk.tap_base import CliTestOptionValue
from typing_extensions import override

from tap_sienge.settings import SettingsError
from tap_sienge.streams import STREAMS, presets
from tap_sienge.verdict import Verdict


class Commands(Tap):
    """A tap with options of its own.

    They are kept in the class, as the SDK's commands are class methods, which make the tap.
    """

    estimated: ClassVar[str | None] = None
    """The preset whose cost a run tells instead of reading; empty: what is selected."""
    only: ClassVar[tuple[str, ...]] = ()
    """The streams that a test or an estimate asks, if not all that are selected."""
    records: ClassVar[str] = ""
    """The records that are read, as the setting ``only`` has them."""
    verdict: ClassVar[Verdict] = Verdict()
    """How the run, the test or the estimate ends."""

    @classmethod
    @override
    def get_singer_command(cls) -> click.Command:
        def json(_context: click.Context, _option: click.Parameter, given: bool) -> None:
            cls.verdict.as_json = given

        def only(_context: click.Context, _option: click.Parameter, given: str) -> None:
            if given.lstrip().startswith("{"):
                cls.records = given
            else:
                cls.only = tuple(given.replace(",", " ").split())

        command = super().get_singer_command()
        command.params += [
            click.Option(
                ["--estimate"],
                is_flag=False,
                flag_value="",
                help="Print the expected number of requests of a preset or the catalog.",
            ),
            click.Option(  # eager, to be known before --test acts
                ["--json"],
                is_flag=True,
                is_eager=True,
                help="With --test or --estimate: print how it ended as one JSON document.",
                callback=json,
                expose_value=False,
            ),
            click.Option(
                ["--only"],
                default="",
                is_eager=True,
                help='Read these records, as in {"customers": [12, 34]}; with --test or '
                "--estimate: ask these streams, with commas between them.",
                callback=only,
                expose_value=False,
            ),
        ]
        return command

    @classmethod
    @override
    def cb_test(cls, ctx: click.Context, param: click.Option, value: str) -> None:
        if value == CliTestOptionValue.Disabled.value:
            return
        if value == CliTestOptionValue.Schema.value:
            cls.verdict.reach("ok", "As configurações estão em ordem.")
        with cls.verdict.printed():
            cls._check_only()
            super().cb_test(ctx, param, value)

    @classmethod
    @override
    def cb_discover(cls, ctx: click.Context, param: click.Option, value: bool) -> None:
        with cls.verdict.watched():
            super().cb_discover(ctx, param, value)

    @classmethod
    @override
    def invoke(cls, *, estimate: str | None = None, **options: Any) -> None:
        cls.estimated = estimate
        # Files that close with the process; a complaint would be the last line, all Meltano shows.
        warnings.simplefilter("ignore", ResourceWarning)
        if estimate is None:
            if cls.only or cls.verdict.as_json:
                raise SettingsError("--only e --json só valem com --test ou --estimate.")
            with cls.verdict.watched():
                return super().invoke(**options | {"state": _sound(options.get("state"))})
        with cls.verdict.printed():
            cls._check_only()
            if estimate and estimate not in presets():
                raise SettingsError(
                    f"Predefinição {estimate} desconhecida: use uma destas: {', '.join(presets())}."
                )
            super().invoke(**options)
        return None

    @classmethod
    def _check_only(cls) -> None:
        """Look at the names given with ``--only``.

        Raises:
            SettingsError: There is no such stream.
        """
        if unknown := [name for name in cls.only if name not in {s.name for s in STREAMS}]:
            raise SettingsError(
                f"Recurso {unknown[0]} desconhecido em --only: os nomes estão em docs/recursos.md."
            )


def _sound(state: IO[str] | None) -> IO[str] | None:
    """Give the state file, and one in its place that is damaged alike where it is no JSON object.

    ``TapSienge.load_state`` tells so, and everything is read anew.
    """
    if state is None:
        return None
    try:
        found = load_json(text := state.read())
    except ValueError:
        found, text = None, ""
    return StringIO(text if isinstance(found, dict) else '{"bookmarks": []}')
