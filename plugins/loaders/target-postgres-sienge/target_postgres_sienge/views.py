"""Views that stand in the way of a change, and are made again after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psycopg

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
  union all select 4, pg_get_statisticsobjdef(s.oid) from pg_statistic_ext s
    join view on stxrelid = view.oid
  union all select 4, format('alter %%s %%s alter column %%I set default %%s', kind, name, attname,
        pg_get_expr(adbin, adrelid))
    from view join pg_attrdef on adrelid = view.oid
    join pg_attribute on attrelid = adrelid and attnum = adnum
  union all select 4, format('alter %%s %%s alter column %%I set statistics %%s', kind, name,
        attname, attstattarget)
    from view join pg_attribute on attrelid = oid where kind <> 'view' and attstattarget >= 0
  union all select 5, format('alter %%s %%s cluster on %%I', kind, name, i.relname)
    from view join pg_index on indrelid = oid join pg_class i on i.oid = indexrelid
    where indisclustered
  union all select 5, format('comment on index %%s is %%L', indexrelid::regclass, description)
    from view join pg_index on indrelid = oid
    join pg_description on objoid = indexrelid and classoid = 'pg_class'::regclass
  union all select 5, format('comment on trigger %%I on %%s is %%L', tgname, name, description)
    from view join pg_trigger t on tgrelid = view.oid
    join pg_description on objoid = t.oid and classoid = 'pg_trigger'::regclass
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


class View(NamedTuple):
    """A view, and the statements that make it."""

    name: str
    kind: str
    statements: Sequence[str]

    def restore(self, cursor: psycopg.Cursor[Any]) -> None:
        """Make it again, as it was."""
        create, *others = self.statements
        cursor.execute(create)
        for statement in [*_statements(cursor, GIVEN, self.name), *others]:
            cursor.execute(statement)


def views_of(
    cursor: psycopg.Cursor[Any], table: str, columns: Sequence[int], key: int | None
) -> list[View]:
    """Give the views that need columns or a key of a table, those that others need first."""
    if not (columns or key):
        return []
    found = cursor.execute(VIEWS, {"table": table, "columns": columns, "key": key}).fetchall()
    return [View(v.name, v.kind, _statements(cursor, DEFINITION, v.name)) for v in found]


def _statements(cursor: psycopg.Cursor[Any], query: str, view: str) -> list[str]:
    return [row[0] for row in cursor.execute(query, [view]).fetchall()]
