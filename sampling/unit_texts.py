"""What `ticket` says of one unit, in Chinese and English.

Reasons and grounds are data of the district; those it is delivered with are said in words here, any other by its code.
"""

from sampling.unit_facts import Later

REASON_TEXTS: dict[str, tuple[str, str]] = {
    # why a unit was not in the pool
    "scope": ("不在计划范围内", "outside the plan's scope"),
    "yearly-cap": ("已达年度检查次数上限", "yearly cap reached"),
    "same-item-this-year": ("本年度已接受同一事项检查", "same item already inspected this year"),
    "low-touch": ("列入无感监管对象清单", "on the low-touch list"),
    "no-disturbance": ("属于无事不扰事项", "item on the no-disturbance list"),
    "status": ("登记状态不适合检查", "registration status unfit"),
    "no-permit": ("未持有事项对应许可或设备", "does not hold the permit or equipment concerned"),
    "joint-elsewhere": ("已纳入同期部门联合检查", "covered by a joint inspection of the same period"),
    "open-case": ("正在立案调查", "under open investigation"),
    "other-fact": ("其他在冻结前已记录的事实", "other fact on record before the freeze"),
    # why a drawn unit was struck
    "deregistered": ("已注销", "deregistered"),
    "revoked": ("被吊销营业执照", "licence revoked"),
    "rescinded": ("登记被撤销", "registration rescinded"),
    "moved-out": ("迁出本区", "moved out of the district"),
    "closed": ("已歇业或正在清算", "closed or in liquidation"),
    "duplicate": ("同一任务内重复", "duplicate within the same task"),
    # either
    "legal-exemption": ("依法免予检查", "exempt by law"),
}
EXCLUDED_FOR = ("未列入抽取，原因：{reason}", "    excluded, reason: {reason}")
STRUCK = (
    "后来：抽中之后因“{reason}”核销，由候补名单上的 {successor} 替补",
    "    later: struck after the draw ({reason}); {successor} of the reserve list followed",
)
STRUCK_ALONE = (
    "后来：抽中之后因“{reason}”核销，候补名单已用完，无人替补",
    "    later: struck after the draw ({reason}); the reserve list had ended, so nobody followed",
)
CALLED = (
    "后来：{out} 因“{reason}”核销，本对象由候补转为检查对象",
    "    later: called from the reserve list when {out} was struck ({reason})",
)
UNTOLD = (
    "数据包中没有 log.json，未载明此后的核销和替补",
    "    the bundle has no log.json: it does not say who was struck later, and who followed",
)


def reason_words(code: str) -> tuple[str, str]:
    """Say a reason in both languages with its code, which stands in the files."""
    if code not in REASON_TEXTS:
        return code, code
    zh, en = REASON_TEXTS[code]
    return f"{zh}（{code}）", f"{en}; {code}"


def later_words(later: Later) -> tuple[str, str]:
    """Say what became of a unit after the draw."""
    zh, en = reason_words(later.ground)
    pair = CALLED if later.kind == "called" else STRUCK if later.successor else STRUCK_ALONE
    facts = {"out": later.out, "successor": later.successor}
    return pair[0].format(reason=zh, **facts), pair[1].format(reason=en, **facts)
