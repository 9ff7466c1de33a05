"""The columns of the item list and of the joint list, in the words departments write above them."""

import re
from collections.abc import Mapping
from typing import Any  # members of any enumeration

from supervision.intake.amounts import Count, Lines, percentage
from supervision.intake.cells import Cell, as_text, half_width
from supervision.intake.columns import Choice, Code, Column, Text, yes_no
from supervision.items.rules import MOST_INSPECTORS, MOST_PHRASES, MOST_VISITS_A_YEAR, AnswerKind, ItemCategory
from supervision.labels import N_

ITEM_CODE = re.compile(r"[A-Z0-9]+-[0-9]{2,4}")
MOST_MATERIALS, MOST_OPTIONS = 40, 20
CATEGORY_WORDS = {
    ItemCategory.GENERAL: ("一般检查事项", "一般事项", "一般"),
    ItemCategory.KEY: ("重点检查事项", "重点事项", "重点"),
}
ANSWER_WORDS = {
    AnswerKind.YES_NO: ("是否", "是否题", "是/否", "判断", "是、否、不适用"),
    AnswerKind.CHOICE: ("选择", "单选", "选择题", "多选一"),
    AnswerKind.NUMBER: ("数值", "数字", "填数"),
    AnswerKind.TEXT: ("文字", "文本", "填空", "问答"),
    AnswerKind.PHOTO: ("照片", "拍照", "图片"),
}


def options(cell: Cell) -> list[str]:
    """Read the choices of a check point: one a line, or 符合、不符合."""
    text = as_text(cell).replace("｜", "|")
    lines = Lines(200, MOST_OPTIONS)(text)
    if len(lines) == 1 and "|" not in text:
        return Lines(200, MOST_OPTIONS)(re.sub(r"[、/／]", "\n", text))
    return lines


def limit(cell: Cell) -> str:
    """Read a limit as decimal text."""
    return Text(20)("".join(half_width(as_text(cell)).split()))


def _words(table: Mapping[Any, tuple[str, ...]]) -> Choice:
    return Choice({one.value: (*names, one.label) for one, names in table.items()})


NEEDED = N_("Needed for a new item.")
OF_THE_POINT = N_("Of the check point in this row.")
CODE = Column(
    "code", N_("Item code"), ("事项编码", "抽查事项编码", "检查事项编码", "事项代码", "编码"),
    Code(most=16, pattern=ITEM_CODE), required=True, sample="SCJG-98",
    hint=N_("The department's code, a hyphen and a number. Empty or repeated below: the row adds a check point."),
)  # fmt: skip
OWN_COLUMNS = (
    CODE,
    Column(
        "department", N_("Department"), ("检查主体", "检查部门", "实施部门", "部门", "抽查主体", "责任单位"), Text(100),
        hint=N_("Only rows of your own department are taken."),
    ),
    Column(
        "name_zh", N_("Chinese name"),
        ("事项名称", "抽查事项", "检查事项", "抽查事项名称", "检查事项名称", "抽查内容", "Item"), Text(200),
        sample="餐饮服务食品安全监督检查", hint=NEEDED,
    ),
    Column("name_en", N_("English name"), ("事项英文名称", "英文名称"), Text(300)),
    Column("object_type", N_("Objects"), ("检查对象", "抽查对象", "对象", "检查对象类型"), Text(200),
           sample="餐饮服务提供者", hint=NEEDED),
    Column("method", N_("Method"), ("检查方式", "抽查方式", "检查方法"), Text(200), sample="实地核查；抽样检测",
           hint=NEEDED),
    Column("category", N_("Category"), ("事项类别", "类别", "抽查类别", "事项类型"), _words(CATEGORY_WORDS),
           sample="重点检查事项", hint=NEEDED),
    Column(
        "legal_basis", N_("Legal basis"), ("检查依据", "抽查依据", "法律依据", "依据", "执法依据"),
        Text(4000, lines=True), sample="《中华人民共和国食品安全法》第一百一十条", hint=NEEDED,
    ),
    Column("ratio", N_("Ratio"), ("抽查比例", "比例", "年度抽查比例", "检查比例"), percentage, sample="5%",
           hint=N_("Needed for a new item; a percentage such as 5, or a share such as 0.05.")),
    Column(
        "max_per_year", N_("Times a year"), ("抽查频次", "频次", "年度频次", "检查频次", "年度检查频次"),
        Count(1, MOST_VISITS_A_YEAR), sample="1次/年",
    ),
    Column("min_inspectors", N_("Fewest inspectors"), ("最少检查人数", "检查人数", "最少人数", "执法人员数"),
           Count(2, MOST_INSPECTORS), sample="2"),
    Column("duration_minutes", N_("Expected minutes"), ("预计时长", "预计用时", "预计分钟", "检查时长"),
           Count(5, 1440), sample="60"),
    Column("industries", N_("Industries"), ("适用行业", "行业", "行业代码", "行业范围"), Text(1000), sample="H62、P83",
           hint=N_("Codes of GB/T 4754; empty means every industry.")),
    Column("allowed_results", N_("Allowed results"), ("可用结果", "检查结果", "允许结果", "结果选项"), Text(1000),
           sample="全部",
           hint=N_("Codes or names of the national list, or 全部 (all); empty means the national ones.")),
    Column("materials", N_("Materials"), ("所需材料", "需准备材料", "材料清单", "检查所需材料"),
           Lines(600, MOST_MATERIALS), sample="营业执照；食品经营许可证",
           hint=N_("One a line or separated by ；; English after a bar: 营业执照|Business licence.")),
    Column("phrases", N_("Standard wordings"), ("常用问题表述", "问题表述", "常见问题", "规范用语"),
           Lines(600, MOST_PHRASES), sample="未公示食品安全信息",
           hint=N_("Of problems, one a line; English after a bar: 未公示信息|Information not displayed.")),
    Column("suspended", N_("Suspended"), ("停用", "是否停用", "暂停"), yes_no, sample="否"),
)  # fmt: skip
POINT_COLUMNS = (
    Column(
        "question_zh", N_("Question in Chinese"),
        ("检查内容", "检查要点", "检查项目", "检查要点内容", "检查问题", "问题"), Text(500),
        sample="是否取得有效的食品经营许可证？", hint=N_("One check point a row; a point without a question is wrong."),
    ),
    Column("question_en", N_("Question in English"), ("检查要点英文", "检查内容英文"), Text(500), hint=OF_THE_POINT),
    Column("kind", N_("Kind of answer"), ("作答方式", "答案类型", "结果类型", "要点类型"), _words(ANSWER_WORDS),
           sample="是否", hint=N_("是否, 选择, 数值, 文字 or 照片; empty is told from choices and limits.")),
    Column("options", N_("Choices"), ("选项", "可选项", "答案选项"), options,
           hint=N_("One a line or separated by 、; English after a bar: 符合|Compliant.")),
    Column("unit", N_("Unit"), ("单位", "计量单位"), Text(20), hint=OF_THE_POINT),
    Column("minimum", N_("Lower limit"), ("下限", "最小值"), limit, hint=OF_THE_POINT),
    Column("maximum", N_("Upper limit"), ("上限", "最大值"), limit, hint=OF_THE_POINT),
    Column("legal_clause", N_("Clause"), ("依据条款", "条款", "法律条款"), Text(300), hint=OF_THE_POINT),
    Column("guidance_zh", N_("Guidance in Chinese"), ("检查指引", "检查方法说明", "指引", "检查标准"),
           Text(1000, lines=True), hint=OF_THE_POINT),
    Column("guidance_en", N_("Guidance in English"), ("检查指引英文",), Text(1000, lines=True), hint=OF_THE_POINT),
    Column("veto", N_("Veto"), ("一票否决", "否决项", "是否否决"), yes_no, hint=OF_THE_POINT),
    Column("photo", N_("Photo required"), ("需拍照", "必须拍照", "要求拍照", "是否拍照"), yes_no, hint=OF_THE_POINT),
)  # fmt: skip
ITEM_COLUMNS = (*OWN_COLUMNS, *POINT_COLUMNS)
SECOND_POINT = {"question_zh": "冷藏食品的中心温度", "kind": "数值", "unit": "℃", "minimum": "0", "maximum": "8"}

NEEDED_JOINT = N_("Needed for a new joint item.")
JOINT_COLUMNS = (
    Column(
        "code", N_("Joint item code"), ("联合事项编码", "事项编码", "联合抽查事项编码", "编码", "事项代码"),
        Code(most=16, pattern=ITEM_CODE), required=True, sample="JOINT-98",
        hint=N_("Empty or repeated below: the row adds items."),
    ),
    Column("name_zh", N_("Chinese name"),
           ("联合事项名称", "联合抽查事项", "抽查事项", "事项名称", "部门联合抽查事项", "联合抽查事项名称"), Text(200),
           sample="餐饮服务单位联合检查", hint=NEEDED_JOINT),
    Column("name_en", N_("English name"), ("联合事项英文名称", "英文名称"), Text(300)),
    Column("field", N_("Field of supervision"), ("抽查领域", "领域", "联合抽查领域", "监管领域"), Text(100),
           sample="餐饮服务"),
    Column("lead", N_("Lead department"), ("发起部门", "牵头部门", "牵头单位", "发起单位"), Text(100),
           sample="区市场监督管理局", hint=NEEDED_JOINT),
    Column("partners", N_("Cooperating departments"), ("配合部门", "参与部门", "联合部门", "配合单位"), Text(1000),
           sample="区消防救援支队", hint=N_("Must be the departments that own the items.")),
    Column("items", N_("Items"), ("检查事项编码", "包含事项", "检查事项", "事项清单", "联合检查事项", "各部门检查事项"),
           Text(2000), sample="SCJG-03、XFJY-02",
           hint=N_("Codes or names of items in the draft; several in one cell, or one a row.")),
    Column("ratio", N_("Ratio"), ("抽查比例", "比例", "年度抽查比例", "检查比例"), percentage, sample="5%",
           hint=N_("Needed for a new joint item; a percentage such as 5, or a share such as 0.05.")),
    Column("industries", N_("Industries"), ("适用行业", "行业", "行业代码", "行业范围"), Text(1000), sample="H62",
           hint=N_("Codes of GB/T 4754; empty means every industry.")),
)  # fmt: skip
