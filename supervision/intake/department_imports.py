"""Departments as files bring them; described here because their own room stands below this one."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy.orm import Session

from supervision.departments.bulk import DepartmentRow, known_departments, take_departments
from supervision.departments.models import Department
from supervision.departments.queries import list_departments, list_register
from supervision.departments.rules import CODE, is_reserved
from supervision.intake.columns import Code, Column, Parser, Text
from supervision.intake.complaints import Wrong, declare
from supervision.intake.kinds import Finding, Kind, Values
from supervision.intake.rules import Verdict
from supervision.labels import N_
from supervision.permissions import Actor, Permission

SAME_NAME = declare(
    "department-same-name",
    N_("Another department (%(code)s) has this name already."),
    N_("Use that department's code, or correct the name."),
)
RESERVED = declare(
    "department-code-reserved",
    N_("The code %(code)s means another party of a draw."),
    N_("Choose another code."),
)
COLUMNS = (
    Column(
        "code", N_("Department code"), ("部门编码", "部门代码", "单位编码", "单位代码", "机构代码", "编码", "代码"),
        Code(most=16, pattern=CODE), required=True, sample="ZZBM",
        hint=N_("2 to 16 letters or digits, a letter first. It never changes: draws and items refer to it."),
    ),
    Column(
        "name_zh", N_("Chinese name"), ("部门名称", "单位名称", "名称", "部门", "单位", "机构名称", "部门全称"),
        Text(100), required=True, sample="区样板局",
    ),
    Column("name_en", N_("English name"), ("部门英文名称", "英文名称"), Text(160), sample="District Sample Bureau"),
    Column("fields", N_("Fields of supervision"), ("监管领域", "监管职责", "主要职责", "职责", "领域"),
           Text(500, lines=True), sample="样板管理"),
    Column("phone", N_("Telephone"), ("联系电话", "电话", "办公电话"), Text(40), sample="021-62470000"),
    Column("platform_role", N_("Role on the platform"), ("平台角色", "平台职责", "角色"), Text(100),
           sample="inspecting department"),
)  # fmt: skip


class DepartmentImport:
    """One import of departments."""

    def __init__(self, session: Session, actor: Actor) -> None:
        self.actor = actor
        self.parsers: dict[str, Parser] = {}
        self.codes_by_name = {one.name_zh: one.code for one in reversed(list_register(session))}

    def keys(self, values: Values) -> Sequence[tuple[str, str]]:
        """Codes and names belong to one department each."""
        return [("code", str(values["code"])), ("name_zh", str(values["name_zh"]))]

    def check(self, values: Values) -> Iterable[Wrong]:
        """Refuse the name of another department, and codes that mean another party of a draw."""
        if is_reserved(str(values["code"])):
            yield Wrong(RESERVED, "code", code=values["code"])
        holder = self.codes_by_name.get(str(values["name_zh"]))
        if holder not in (None, values["code"]):
            yield Wrong(SAME_NAME, "name_zh", code=holder)

    def compare(self, session: Session, rows: Sequence[Values]) -> Sequence[Finding]:
        """Say which departments are new, changed or the same."""
        known = known_departments(session, [str(row["code"]) for row in rows])
        return [Finding(_verdict(row, known)) for row in map(_row, rows)]

    def apply(self, session: Session, rows: Sequence[Values]) -> Mapping[Verdict, int]:
        """Take new and changed departments."""
        counts = take_departments(session, [_row(row) for row in rows], actor=self.actor)
        return dict(zip((Verdict.NEW, Verdict.CHANGED, Verdict.SAME), counts, strict=True))


def _verdict(row: DepartmentRow, known: Mapping[str, Department]) -> Verdict:
    department = known.get(row.code)
    if department is None:
        return Verdict.NEW
    return Verdict.CHANGED if row.changes(department) else Verdict.SAME


def _row(values: Values) -> DepartmentRow:
    """Return a row as the register takes it; columns that are not in the file keep what is recorded."""
    texts = {key: str(values[key] or "") for key in ("name_en", "fields", "phone", "platform_role") if key in values}
    return DepartmentRow(str(values["code"]), str(values["name_zh"]), **texts)


def _rows(session: Session, viewer: Actor, words: str) -> Iterable[Mapping[str, object]]:  # noqa: ARG001 - one list
    return ({column.key: getattr(one, column.key) for column in COLUMNS} for one in list_departments(session))


KIND = Kind(
    code="departments",
    label=N_("Departments"),
    permission=Permission.DEPARTMENT_EDIT,
    entry=Permission.DEPARTMENT_EDIT,
    columns=COLUMNS,
    open=DepartmentImport,
    endpoint="departments.index",
    order=60,
    rows=_rows,
    read_by_all=True,
)
