"""Makes an existing table what its stream needs today: its columns, their types and its key.

Rows stay, and so do users' own columns and indexes, and views. Where PostgreSQL refuses, nothing
has changed, and one sentence tells what to do.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import psycopg

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

KINDS = {
    "v": ("uma visão", "view"),
    "m": ("uma visão materializada", "materialized view"),
    "f": ("uma tabela externa", "foreign table"),
    "i": ("um índice", "index"),
    "I": ("um índice", "index"),
    "S": ("uma sequência", "sequence"),
    "c": ("um tipo", "type"),
}
"""What else may have a table's name."""

TEXTS = {"text", "character varying"}

COLUMNS = """
select wanted.name, wanted.type::regtype::text as type, format_type(atttypid, null) as found, attnum
from unnest(%s::text[], %s::text[]) with ordinality as wanted(name, type, place)
left join pg_attribute on attrelid = %s::regclass and attname = wanted.name and not attisdropped
where atttypid is distinct from wanted.type::regtype
order by place
"""
"""The columns that are missing or of another type."""

KEY = """
select oid, quote_ident(conname) as name, array(
  select attname::text from pg_attribute where attrelid = conrelid and attnum = any(conkey)
) as columns
from pg_constraint where conrelid = %s::regclass and contype = 'p'
"""

IS_UNIQUE = """
select from pg_index
where indrelid = %s::regclass and indisunique and indimmediate and indpred is null
  and indexprs is null and %s::text[] = array(
    select attname::text from pg_attribute where attrelid = indrelid
      and attnum = any((indkey::int2[])[0:indnkeyatts - 1]) order by 1
  )
"""

VIEWS = """
with recursive uses as (
    select ev_class as view, refclassid, refobjid, refobjsubid
    from pg_depend join pg_rewrite r on classid = 'pg_rewrite'::regclass and objid = r.oid
    where not (refclassid = 'pg_class'::regclass and refobjid = ev_class)
), dependents as (
    select view, 1 as depth from uses
    where view <> %(table)s::regclass and (
        refclassid = 'pg_class'::regclass and refobjid = %(table)s::regclass
        and refobjsubid = any(%(columns)s)
        or refclassid = 'pg_constraint'::regclass and refobjid = %(key)s
    )
  union
    select uses.view, depth + 1 from dependents join uses
    on refclassid = 'pg_class'::regclass and refobjid = dependents.view
)
select oid::regclass::text as name,
    case relkind when 'm' then 'materialized view' else 'view' end as kind
from dependents join pg_class on oid = view where relkind in ('v', 'm')
group by oid, relkind order by max(depth)
"""
"""The views that need columns or a key of a table, each behind those that it needs itself."""

DEFINITION = """
with view as (
    select pg_class.*, oid::regclass as name,
        case relkind when 'm' then 'materialized view' else 'view' end as kind
    from pg_class where oid = %s::regclass
), grants as (
    select name, null as part, relowner, (aclexplode(relacl)).* from view
  union all
    select name, format(' (%%I)', attname), relowner, (aclexplode(attacl)).*
    from view join pg_attribute on attrelid = oid
)
select statement from (
    select 1, format('create %%s %%s%%s as %%s%%s', kind, name,
        ' with (' || array_to_string(reloptions, ', ') || ')', rtrim(pg_get_viewdef(oid), ';'),
        case when not relispopulated then ' with no data' end) from view
  union all select 2, pg_get_indexdef(indexrelid) from pg_index join view on indrelid = oid
  union all select 3, pg_get_triggerdef(t.oid) from pg_trigger t join view on tgrelid = view.oid
    where not tgisinternal
  union all select 4, pg_get_ruledef(r.oid) from pg_rewrite r join view on ev_class = view.oid
    where rulename <> '_RETURN'
  union all select 5, format('comment on %%s %%s%%s is %%L',
        case objsubid when 0 then kind else 'column' end, name, '.' || quote_ident(attname),
        description)
    from view join pg_description on objoid = oid and classoid = 'pg_class'::regclass
    left join pg_attribute on attrelid = oid and attnum = objsubid and objsubid > 0
  union all select 6, format('grant %%s%%s on %%s to %%s%%s', privilege_type, part, name,
        case grantee when 0 then 'public' else quote_ident(pg_get_userbyid(grantee)) end,
        case when is_grantable then ' with grant option' end)
    from grants where grantee <> relowner
  union all select 7, format('alter %%s %%s owner to %%I', kind, name, pg_get_userbyid(relowner))
    from view where pg_get_userbyid(relowner) <> current_user
) as statements(place, statement) order by place
"""
"""The statements that make a view anew."""

GIVEN = """
select format('revoke all on %%s from %%s', oid::regclass,
    case grantee when 0 then 'public' else quote_ident(pg_get_userbyid(grantee)) end)
from pg_class, aclexplode(relacl) where oid = %s::regclass and grantee <> relowner
"""
"""What takes back the rights that a new view has by default."""


class TableError(Exception):
    """A table cannot be what its stream needs; one sentence for the user."""


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
    if wanted == "jsonb":
        if is_json or found not in TEXTS:
            return f"to_jsonb({column})"
        return f"case when {column} ~ '^\\s*[[{{]' then {column}::jsonb else to_jsonb({column}) end"
    return f"nullif(btrim({text}), '')::{wanted}"


class UnfitError(TableError):
    """A column's values do not fit its new type."""


class View(NamedTuple):
    """A view that is dropped and made anew."""

    name: str
    kind: str
    statements: list[str]


@dataclass
class Table:
    """A table, by its quoted name, within a transaction."""

    cursor: psycopg.Cursor[Any]
    name: str
    quote: Callable[[str], str]
    exists: bool = False
    warnings: list[str] = field(default_factory=list)

    def migrate(self, columns: Mapping[str, str], keys: Sequence[str]) -> str | None:
        """Give an existing table the columns and the key; tell why to read all again, if so.

        Raises:
            TableError: PostgreSQL cannot.
        """
        # Until the transaction ends; another loader would make or change the same.
        self._all("select pg_advisory_xact_lock(hashtext('target-postgres-sienge'))")
        kind = self._all("select relkind from pg_class where oid = to_regclass(%s)", self.name)
        self.exists = bool(kind)
        if not kind:
            return None
        if found := KINDS.get(kind[0].relkind):
            raise TableError(
                f"O nome {self.name} é de {found[0]}, e o recurso precisa dele para a sua tabela:"
                f" rode `alter {found[1]} {self.name} rename to outro_nome` no banco e sincronize"
                " de novo"
            )
        empty = not self._all(f"select from {self.name} limit 1")
        differing = self._all(COLUMNS, list(columns), list(columns.values()), self.name)
        missing = [column for column in differing if column.found is None]
        for column in missing:
            self._alter(f"add column {self.quote(column.name)} {column.type}", column.name)
        others = [column for column in differing if column.found is not None]
        key = next(iter(self._all(KEY, self.name)), None)
        another = key is not None and {*key.columns} != {*keys}
        views = self._views(
            [column.attnum for column in others], key.oid if key and another else None
        )
        for view in reversed(views):
            self._run(f"drop {view.kind} {view.name}", view.name)
        for column in others:
            self._convert(column)
        if key and another:
            self._alter(f"drop constraint {key.name}", *key.columns)
            for name in {*key.columns} - {*keys}:
                self._alter(f"alter column {self.quote(name)} drop not null", name)
        reread = self._add_key(sorted(keys)) if keys and (another or not key) else None
        for view in views:
            self._restore(view, [column.name for column in others] or keys)
        new = [column.name for column in missing if not column.name.startswith("_sdc_")]
        if new and not empty:
            return f"faltava na tabela a coluna {', '.join(new)}"
        return reread

    def _convert(self, column: Any) -> None:  # noqa: ANN401 - a row of COLUMNS
        name, wanted = self.quote(column.name), column.type
        change = f"alter column {name} type {wanted} using {converted(name, column.found, wanted)}"
        try:
            with self.cursor.connection.transaction():
                self._alter(change, column.name)
        except UnfitError as error:
            if column.found not in TEXTS:
                raise
            self.warnings.append(str(error))  # the column stays as it is, and takes any value

    def _add_key(self, keys: Sequence[str]) -> str | None:
        """Let the key tell rows apart; tell why to read all again, if so.

        Of rows that are one by the key the newest stays. Rows without a value in it, from before it
        was the key, stay until what is read anew replaces them: next to a unique constraint, which
        lets them be.
        """
        if self._all(IS_UNIQUE, self.name, keys):
            return None
        names = ", ".join(map(self.quote, keys))
        known = {
            found.attname
            for found in self._all(
                "select attname from pg_attribute where attrelid = %s::regclass", self.name
            )
        }
        newest = [
            order
            for column, order in {
                "_sdc_deleted_at": "(_sdc_deleted_at is null) desc",
                "_sdc_sequence": "_sdc_sequence desc nulls last",
                "ctid": "ctid desc",
            }.items()
            if column in known
        ]
        twice = self._run(
            f"delete from {self.name} where (tableoid, ctid) in (select tableoid, ctid from ("  # noqa: S608
            "select tableoid, ctid, row_number() over"
            f" (partition by {names} order by {', '.join(newest)}) as place from {self.name}"
            f" where num_nulls({names}) = 0) as rows where place > 1)",
            *keys,
        )
        old = self._all(f"select from {self.name} where num_nulls({names}) > 0 limit 1")
        self._alter(f"add {'unique' if old else 'primary key'} ({names})", *keys)
        if twice:
            return f"a chave da tabela mudou, e {twice} linhas eram de registros repetidos"
        return "a chave da tabela mudou" if old else None

    def _views(self, columns: list[int], key: int | None) -> list[View]:
        """Give the views that stand in the way, those that others need first."""
        values = {"table": self.name, "columns": columns, "key": key}
        found = self.cursor.execute(VIEWS, values).fetchall() if columns or key else []
        return [View(v.name, v.kind, self._statements(DEFINITION, v.name)) for v in found]

    def _restore(self, view: View, columns: Sequence[str]) -> None:
        create, *others = view.statements
        try:
            self.cursor.execute(create)
            for statement in [*self._statements(GIVEN, view.name), *others]:
                self.cursor.execute(statement)
        except psycopg.Error as error:
            raise TableError(
                f"A {'coluna' if len(columns) == 1 else 'mudança das colunas'}"
                f" {', '.join(columns)} de {self.name} não cabe na visão {view.name}"
                f" ({error.diag.message_primary}): rode `drop {view.kind} {view.name}` no banco,"
                " sincronize e crie-a de novo"
            ) from None

    def _statements(self, query: str, *values: object) -> list[str]:
        return [row[0] for row in self._all(query, *values)]

    def _all(self, query: str, *values: object) -> list[Any]:
        return self.cursor.execute(query, values or None).fetchall()

    def _alter(self, change: str, *columns: str) -> None:
        self._run(f"alter table {self.name} {change}", *columns)

    def _run(self, statement: str, *columns: str) -> int:
        """Run a statement; give how many rows it met.

        Raises:
            TableError: PostgreSQL refused; tells the columns that it is about.
        """
        names = ", ".join(columns)
        try:
            return self.cursor.execute(statement).rowcount
        except psycopg.DataError:  # whose message shows a value
            (column,) = columns
            other = self.quote(f"{column}_antiga")
            raise UnfitError(
                f"A coluna {names} de {self.name} tem valores que não cabem no tipo que ela passa"
                f" a ter: rode `alter table {self.name} rename column {self.quote(column)} to"
                f" {other}` no banco e sincronize de novo"
            ) from None
        except psycopg.errors.InsufficientPrivilege as error:
            raise TableError(
                f"A tabela {self.name}, coluna {names}, não pôde ser mudada"
                f" ({error.diag.message_primary}): como administrador do banco, rode"
                f" `{statement}` e sincronize de novo"
            ) from None
        except psycopg.Error as error:
            raise TableError(
                f"A tabela {self.name}, coluna {names}, não pôde ser mudada"
                f" ({error.diag.message_primary}): desfaça o que impede `{statement}` e"
                " sincronize de novo"
            ) from None
