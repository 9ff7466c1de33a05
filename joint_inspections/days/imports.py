"""Where entities lie, as files of the departments' own registers bring it."""

import re
from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from joint_inspections.days.models import EntityPoint
from joint_inspections.days.queries import middle_of, points_of
from joint_inspections.days.routing import Point, distance_km
from joint_inspections.days.rules import LATITUDES, LONGITUDES
from supervision import clock
from supervision.entities.models import Entity, SubDistrict
from supervision.intake.cells import Cell, as_text, half_width
from supervision.intake.columns import Code, Column, Parser
from supervision.intake.complaints import Wrong, declare
from supervision.intake.kinds import Finding, Kind, Values
from supervision.intake.rules import Verdict
from supervision.labels import N_
from supervision.permissions import Actor, Permission

# further from the middle of its sub-district than the district is long
FAR_KM = 8
DIGITS = 6

BAD_DEGREE = declare(
    "bad-degree",
    N_("Not degrees between %(least)s and %(most)s."),
    N_("Write degrees with a decimal point, such as 121.4459; not degrees, minutes and seconds."),
)
NOT_REGISTERED = declare(
    "point-of-nobody",
    N_("No entity with this code is registered."),
    N_("Check the code, or bring the entity into the register first."),
)
NO_CODE = declare(
    "point-without-code",
    N_("Neither a credit code nor a registration number is filled in."),
    N_("Fill in one of the two; without it an entity cannot be told apart."),
)
FAR_AWAY = declare(
    "point-far-away",
    N_("This place lies %(km)s km from the middle of the sub-district in which the entity is registered."),
    N_("Are longitude and latitude exchanged, or is the code another's? Confirm only if the place is right."),
    warning=True,
)


class Degree:
    """A number of degrees within limits, kept as text with at most six digits after the point."""

    def __init__(self, limits: tuple[float, float]) -> None:
        self.limits = limits

    def __call__(self, cell: Cell) -> str:
        """Return the degrees in one spelling."""
        text = half_width(as_text(cell)).strip().removesuffix("°")
        if not re.fullmatch(r"[0-9]{1,3}([.][0-9]{1,15})?", text) or not self._within(float(text)):
            raise Wrong(BAD_DEGREE, least=f"{self.limits[0]:g}", most=f"{self.limits[1]:g}")
        return f"{float(text):.{DIGITS}f}"

    def _within(self, number: float) -> bool:
        return self.limits[0] <= number <= self.limits[1]


COLUMNS = (
    Column(
        "uscc", N_("Unified social credit code"),
        ("统一社会信用代码", "社会信用代码", "信用代码", "统一信用代码", "统一代码", "USCC"), Code(length=18),
        sample="91310106MA000CT71F", hint=N_("As text; or give the registration number."),
    ),
    Column(
        "registration_number", N_("Registration number"), ("注册号", "工商注册号", "营业执照注册号", "登记号"),
        Code(most=30, pattern=re.compile(r"[0-9A-Z][0-9A-Z-]{3,29}")), hint=N_("Where there is no credit code."),
    ),
    Column(
        "longitude", N_("Longitude"), ("经度", "东经", "lon", "lng", "X坐标"), Degree(LONGITUDES), required=True,
        sample="121.445900", hint=N_("Degrees, CGCS2000."),
    ),
    Column(
        "latitude", N_("Latitude"), ("纬度", "北纬", "lat", "Y坐标"), Degree(LATITUDES), required=True,
        sample="31.228300", hint=N_("Degrees, CGCS2000."),
    ),
)  # fmt: skip


class PointImport:
    """One import of places."""

    parsers: dict[str, Parser] = {}  # noqa: RUF012 - nothing here needs the database

    def keys(self, values: Values) -> Sequence[tuple[str, str]]:
        """An entity has one place."""
        return [(key, str(values[key])) for key in ("uscc", "registration_number") if values.get(key)]

    def check(self, values: Values) -> Iterable[Wrong]:
        """An entity must be named."""
        if not (values.get("uscc") or values.get("registration_number")):
            yield Wrong(NO_CODE)

    def compare(self, session: Session, rows: Sequence[Values]) -> Sequence[Finding]:
        """Say which places are new, changed or the same, and which are surprisingly far away."""
        known = _entities(session, rows)
        held = points_of(session, {one.id for one in known.values()})
        places = {one.code: one for one in session.scalars(sa.select(SubDistrict))}
        return [_finding(known.get(_key(row)), _point(row), held=held, places=places) for row in rows]

    def apply(self, session: Session, rows: Sequence[Values]) -> Mapping[Verdict, int]:
        """Take new and changed places."""
        counts = {Verdict.NEW: 0, Verdict.CHANGED: 0, Verdict.SAME: 0}
        known = _entities(session, rows)
        for row in rows:
            counts[_keep(session, known[_key(row)].id, _point(row))] += 1
        session.flush()
        return counts


def _finding(
    entity: Entity | None, point: Point, *, held: Mapping[int, Point], places: Mapping[str, SubDistrict]
) -> Finding:
    if entity is None:
        return Finding(Verdict.WRONG, [Wrong(NOT_REGISTERED)])
    middle = middle_of(places[entity.sub_district_code])
    far = distance_km(point, middle) if middle else 0.0
    wrongs = [Wrong(FAR_AWAY, "longitude", km=f"{far:.0f}")] if far > FAR_KM else []
    before = held.get(entity.id)
    if before is None:
        return Finding(Verdict.NEW, wrongs)
    return Finding(Verdict.SAME if before == point else Verdict.CHANGED, wrongs)


def _keep(session: Session, entity_id: int, point: Point) -> Verdict:
    held = session.get(EntityPoint, entity_id)
    now = clock.now()
    if held is None:
        session.add(EntityPoint(entity_id=entity_id, longitude=point.longitude, latitude=point.latitude, noted_at=now))
        return Verdict.NEW
    if Point(held.longitude, held.latitude) == point:
        return Verdict.SAME
    held.longitude, held.latitude, held.noted_at = point.longitude, point.latitude, now
    return Verdict.CHANGED


def _key(row: Values) -> str:
    return str(row["uscc"]) if row.get("uscc") else f"REG {row.get('registration_number')}"


def _point(row: Values) -> Point:
    return Point(float(str(row["longitude"])), float(str(row["latitude"])))


def _entities(session: Session, rows: Sequence[Values]) -> dict[str, Entity]:
    codes = [str(row["uscc"]) for row in rows if row.get("uscc")]
    numbers = [str(row["registration_number"]) for row in rows if row.get("registration_number")]
    statement = sa.select(Entity).where(sa.or_(Entity.uscc.in_(codes), Entity.registration_number.in_(numbers)))
    found: dict[str, Entity] = {}
    for one in session.scalars(statement):
        if one.uscc:
            found[one.uscc] = one
        if one.registration_number:
            found[f"REG {one.registration_number}"] = one
    return found


def _open(session: Session, actor: Actor) -> PointImport:  # noqa: ARG001 - every register is opened alike
    return PointImport()


KIND = Kind(
    code="entity_points",
    label=N_("Places of entities"),
    permission=Permission.ENTITY_EDIT,
    columns=COLUMNS,
    open=_open,
    endpoint="entities.index",
    any_of=(("uscc", "registration_number"),),
    order=15,
    notes=(
        N_("Places are used for the routes of inspectors and nothing else: no draw looks at them, none is public."),
        N_("Use one datum throughout, CGCS2000. Places from map apps (GCJ-02) lie up to 700 m beside."),
    ),
)
