"""What every notice says about rights and prohibitions, in its own language (R-1.22, domain 3.1).

These are texts of a document, not of the interface: a notice keeps its language whoever opens it.
"""

RIGHTS = {
    "zh": (
        "有权要求检查人员出示行政执法证件；检查人员少于两人或者未出示证件、未出具本通知书的，有权拒绝检查。",
        "有权进行陈述和申辩。",
        "认为检查人员与你单位有直接利害关系或者有其他关系可能影响公正执法的，有权申请回避。",
        "对检查中的违法或者不当行为，有权投诉举报；对依法可诉的行政行为不服的，可以依法申请行政复议或者提起行政诉讼。",
        "法定代表人无须到场，可以委托工作人员配合检查。",
    ),
    "en": (
        "You may ask the inspectors for their enforcement certificates, and refuse the inspection when fewer than two "
        "have come, or certificates or this notice are not shown.",
        "You may make a statement and defend yourself.",
        "You may ask for the recusal of an inspector who has a direct interest in, or another relation to, your unit.",
        "You may complain about unlawful or improper conduct; against administrative acts open to review you may apply "
        "for reconsideration or bring suit under the law.",
        "The legal representative need not be present: a member of staff may attend.",
    ),
}

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
