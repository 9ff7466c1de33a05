"""What every notice says about rights, remedies and prohibitions, in its own language (R-1.22, domain 3.1, 3.2).

These are texts of a document, not of the interface: a notice keeps its language whoever opens it.
"""

from joint_inspections.visits.models import Visit
from joint_inspections.visits.rules import VisitKind

RIGHTS = {
    "zh": (
        "有权要求检查人员出示行政执法证件；不出示的，有权拒绝检查（《行政处罚法》第五十五条）。",
        "每个部门到场的检查人员不得少于两人，并应当送达本通知书；与本通知书不符的，有权当场提出，并拨打文末电话核实。",
        "有权进行陈述和申辩。",
        "认为检查人员与你单位有直接利害关系或者有其他关系可能影响公正执法的，有权申请回避。",
        "对检查中的违法或者不当行为，有权投诉、举报。",
        "法定代表人无须到场，可以委托工作人员配合检查。",
    ),
    "en": (
        "You may ask the inspectors for their enforcement certificates; if they are not shown, you may refuse the "
        "inspection (Administrative Penalty Law, article 55).",
        "Each department sends at least two inspectors, and they hand you this notice. If anything differs from it, "
        "you may object on the spot and ask at the telephone numbers at the end.",
        "You may make a statement and defend yourself.",
        "You may ask for the recusal of an inspector who has a direct interest in, or another relation to, your unit.",
        "You may complain about unlawful or improper conduct and report it.",
        "The legal representative need not be present: a member of staff may attend.",
    ),
}

# the notice itself decides nothing: remedies lie against what an inspection may lead to
REMEDIES = {
    "zh": (
        "本通知书只告知检查安排，一般不能单独对其申请行政复议或者提起行政诉讼。",
        "对因本次检查作出的行政处罚、行政强制等决定不服的，可以自知道或者应当知道该决定之日起{days}日内向{authority}申请行政复议"
        "（《行政复议法》第二十条、第二十四条），也可以自知道或者应当知道作出该决定之日起{months}个月内依法向人民法院提起行政诉讼"
        "（《行政诉讼法》第四十六条）；法律另有规定的，从其规定。",
    ),
    "en": (
        "This notice only announces the inspection; as a rule it cannot be challenged by itself.",
        "Against a penalty, a compulsory measure or another decision that follows from this inspection you may apply "
        "to the {authority} for reconsideration within {days} days of the day on which you knew or should have known "
        "of it (Administrative Reconsideration Law, articles 20 and 24), or bring suit in a people's court within "
        "{months} months of that day (Administrative Litigation Law, article 46), unless a law provides otherwise.",
    ),
}
AUTHORITY = {"zh": "{district}人民政府", "en": "People's Government of {district}"}

PROHIBITIONS = {
    "zh": (
        "严禁逐利检查：不得接受馈赠、报酬、宴请、旅游、娱乐，不得让企业承担检查费用，不得强制指定中介服务。",
        "严禁干扰企业正常生产经营：不得要求法定代表人必须到场。",
        "严禁任意处罚：不得随意查封、扣押、冻结，不得动辄责令停产停业。",
        "严禁下达检查指标：不得将考核考评、预算项目绩效与检查频次、罚没数额挂钩。",
        "严禁变相检查：不得以观摩、督导、考察等名义行检查之实。",
    ),
    "en": (
        "No inspection for gain: no gifts, pay, banquets, travel or entertainment, no cost shifted to you, no "
        "intermediary forced on you.",
        "No disturbance of normal business: the legal representative need not be present.",
        "No arbitrary punishment: no sealing, detaining or freezing at will, no light suspension of business.",
        "No inspection quotas: no appraisal or budget tied to numbers of inspections or fines.",
        "No disguised inspection under the name of viewing, guidance or study.",
    ),
}

# methods as the item list names them
METHODS = {
    "实地核查": "on-site check",
    "书面检查": "check of documents",
    "抽样检测": "sampling and testing",
    "网络监测": "online monitoring",
    "委托专业机构": "assistance of a professional body",
}
SEPARATORS = {"zh": "、", "en": ", "}
SOURCES = {
    "annual_plan": {"zh": "年度抽查计划", "en": "Annual plan"},
    "temporary": {"zh": "临时任务", "en": "Temporary task"},
}
# an ordered inspection says what it is, never who complained or told
ORDERED = {
    VisitKind.TRIGGERED: {"zh": "触发式检查", "en": "Triggered inspection"},
    VisitKind.REINSPECTION: {"zh": "复查", "en": "Re-inspection"},
    VisitKind.SECOND_LOOK: {"zh": "复核检查", "en": "Second look"},
}


def source_name(visit: Visit, language: str) -> str:
    """Name where an inspection comes from, as papers do."""
    return (ORDERED.get(visit.kind) or SOURCES[visit.task.source])[language]


def methods(text: str, language: str) -> str:
    """Return an item's methods in a language; a method without an English name keeps its own."""
    named = [part.strip() for part in text.replace("；", ";").split(";") if part.strip()]
    if language == "en":
        named = [METHODS.get(part, part) for part in named]
    return SEPARATORS[language].join(named)
