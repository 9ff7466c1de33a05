"""What a simulation showed, in plain words, Chinese and English."""

from collections.abc import Iterable, Iterator, Sequence

from sampling.simulation import ALL, HONEST, Power

Both = tuple[str, str]

SCENARIO_TEXTS: dict[str, Both] = {
    HONEST: ("如实抽取", "Honest draws"),
    "friend-removed": ("每次都把一家关系企业剔出名单", "A friend's enterprise is left out of the pool each time"),
    "redrawn": ("关系企业一抽中就作废重抽", "The draw is repeated until the friend is spared"),
    "swapped": ("每次把一名检查人员手工换进一个组", "Each time one inspector is put onto a team by hand"),
}
KIND_TEXTS: dict[str, Both] = {
    "one": ("事先点名的一家企业", "one enterprise named beforehand"),
    "spread": ("全部企业合并的离散度（近似）", "the spread over all enterprises together (approximate)"),
    "units": ("每一家企业", "each enterprise"),
    "groups": ("每一类企业", "each group of enterprises"),
    "inspectors": ("每一名检查人员", "each inspector"),
    "pairs": ("每一对检查人员", "each pair of inspectors"),
    ALL: ("以上各项合并", "all of these together"),
}
_CAUGHT = 0.9
_NOTICED = 0.1


def sentences(results: Iterable[Sequence[Power]], *, level: float) -> Iterator[Both]:
    """Say of every scenario what its tests noticed, and when."""
    once_in = f"{1 / level:,.0f}"
    yield (
        f"警戒水平：如实抽取时每 {once_in} 年最多误报一次（已按检验次数修正）",
        f"alarm level: with honest draws at most one false alarm in {once_in} years (corrected for many tests)",
    )
    for powers in results:
        scenario = powers[0].scenario
        yield SCENARIO_TEXTS[scenario]
        if scenario == HONEST:
            yield from map(_honest, powers)
        else:
            yield from _rigged(powers)


def _honest(power: Power) -> Both:
    false = power.alarms[ALL]
    return (
        f"　{power.years:,} 年、每年 {power.draws} 次抽取：误报 {false} 次",
        f"  {power.years:,} years of {power.draws} draws: {false} false alarms",
    )


def _rigged(powers: Sequence[Power]) -> Iterator[Both]:
    """Name the tests that notice; those that hardly ever do are left out."""
    last = powers[-1]
    for kind, (zh, en) in KIND_TEXTS.items():
        if last.share(kind) < _NOTICED:
            continue
        caught = next((power for power in powers if power.share(kind) >= _CAUGHT), last)
        share = f"{caught.share(kind):.0%}"
        yield (
            f"　检验“{zh}”：{caught.draws} 次抽取后，{share} 的年份发出警报",
            f"  testing {en}: after {caught.draws} draws an alarm in {share} of the years",
        )
    if last.thrown_away:
        each = f"{last.thrown_away / last.years:.0f}"
        yield (
            f"　每年另有约 {each} 次作废的抽取，全部公开在册",
            f"  besides, about {each} draws a year were thrown away, each of them in public",
        )
