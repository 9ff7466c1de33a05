"""The forty past draws: which department drew whom, from pools that hold 5,082 enterprises together."""

from dataclasses import dataclass

POOLS_TOGETHER = 5_082
DRAWS = 40
# their visits are over before those of the eventful draws begin
FIRST_DAYS_AGO, LAST_DAYS_AGO = 410, 74
# departments that ran draws and the items they drew for, in the order of their draws
SINGLE = (
    "SCJG-03", "SCJG-01", "WSJK-02", "SCJG-06", "WHLY-05", "RSBZ-02", "JYJ-02", "SWW-01", "XFJY-01", "YJGL-02",
    "STHJ-02", "MZJ-02", "SCJG-15", "WSJK-01", "SCJG-08", "WHLY-06", "RSBZ-01", "JYJ-04", "SCJG-13", "SWW-02",
    "XFJY-02", "YJGL-05", "STHJ-03", "WSJK-04", "SCJG-04", "WHLY-04", "RSBZ-04", "JYJ-01", "SCJG-10", "MZJ-04",
    "SWW-05", "SCJG-14", "XFJY-03", "WSJK-07", "YJGL-03", "SCJG-16", "WHLY-09",
)  # fmt: skip
# joint item, size of the pool, entities drawn, groups: 28 teams and 79 entities in three industries
JOINT = (("JOINT-01", 412, 34, 12), ("JOINT-06", 168, 24, 8), ("JOINT-08", 96, 21, 8))
SINGLE_RATE_BP = 1500


@dataclass(frozen=True, slots=True)
class Campaign:
    """One past draw: ``code`` of its item or joint item, size of its pool, how many are drawn, in how many groups."""

    code: str
    days_ago: int
    pool: int
    count: int | None = None
    groups: int | None = None

    @property
    def tag(self) -> str:
        """Code of the tag that marks the entities of its pool, as departments keep object libraries."""
        return f"pool-{self.code.lower()}"


def campaigns(scale: float) -> list[Campaign]:
    """Return the draws, oldest first; a small ``scale`` shrinks pools, groups and their number for tests."""
    singles = SINGLE if scale >= 1 else SINGLE[:2]
    joints = JOINT if scale >= 1 else tuple((code, 20, 6, 3) for code, *_ in JOINT[:1])
    left = POOLS_TOGETHER - sum(pool for _, pool, *_ in joints)
    sizes = _sizes(left if scale >= 1 else 40, len(singles))
    rows: list[tuple[str, int, int | None, int | None]] = [
        (code, size, None, None) for code, size in zip(singles, sizes, strict=True)
    ]
    for place, joint in enumerate(joints, 1):
        rows.insert(place * len(rows) // (len(joints) + 1) + 1, joint)
    step = (FIRST_DAYS_AGO - LAST_DAYS_AGO) / max(1, len(rows) - 1)
    return [
        Campaign(code, FIRST_DAYS_AGO - round(number * step), pool, count, groups)
        for number, (code, pool, count, groups) in enumerate(rows)
    ]


def _sizes(total: int, parts: int) -> list[int]:
    """Split ``total`` into uneven ``parts``: about the same size, never equal, summing exactly."""
    base = total // parts
    sizes = [base + (-1) ** number * (number * 7 % max(1, base // 2)) for number in range(parts)]
    sizes[-1] += total - sum(sizes)
    return sizes
