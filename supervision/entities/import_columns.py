"""The columns of the register of entities, in the words departments write above them."""

import re
from collections.abc import Mapping
from typing import Any  # members of any enumeration

from supervision.entities.rules import EntityStatus, RiskClass
from supervision.intake.columns import Choice, Code, Column, Day, Text
from supervision.labels import N_

STATUS_WORDS = {
    EntityStatus.ACTIVE: (
        "在营",
        "存续（在营）",
        "存续",
        "开业",
        "正常",
        "在业",
        "在营（开业）企业",
        "存续（在营、开业、在册）",
    ),
    EntityStatus.DEREGISTERED: ("注销", "已注销"),
    EntityStatus.REVOKED: ("吊销", "已吊销", "吊销未注销", "吊销，未注销", "吊销营业执照"),
    EntityStatus.RESCINDED: ("撤销", "已撤销", "撤销登记", "登记已撤销"),
    EntityStatus.MOVED_OUT: ("迁出", "已迁出"),
    EntityStatus.SUSPENDED: ("名录暂停",),
    EntityStatus.CLOSED: ("歇业", "停业", "关闭", "已关闭"),
}
CLASS_NAMES = dict(zip(RiskClass, ("低", "一般", "较高", "高"), strict=True))
CLASS_WORDS = {
    one: (f"{one}类", f"{one}级", f"Class {one}", f"{one}类（风险{name}）") for one, name in CLASS_NAMES.items()
}


def _with_label(words: Mapping[Any, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return {member.value: (*names, member.label) for member, names in words.items()}


NAMES_OF_USCC = (
    "统一社会信用代码", "社会信用代码", "信用代码", "统一信用代码", "统一代码", "USCC", "XK_XDR_SHXYM",
    "纳税人识别号/统一社会信用代码",
)  # fmt: skip
COLUMNS = (
    Column(
        "uscc", N_("Unified social credit code"), NAMES_OF_USCC, Code(length=18), sample="91310106MA000CT71F",
        hint=N_("As text; or give the registration number."),
    ),
    Column(
        "registration_number", N_("Registration number"),
        ("注册号", "工商注册号", "营业执照注册号", "登记号", "工商登记码", "XK_XDR_GSZC"),
        Code(most=30, pattern=re.compile(r"[0-9A-Z][0-9A-Z-]{3,29}")), hint=N_("Where there is no credit code."),
    ),
    Column(
        "name", N_("Name of entity"),
        ("名称", "企业名称", "单位名称", "主体名称", "市场主体名称", "经营主体名称", "检查对象名称", "检查对象",
         "公司名称", "字号名称", "Company", "XK_XDR_MC"),
        Text(200), required=True, sample="上海样例餐饮管理有限公司",
    ),
    Column(
        "type_code", N_("Type of entity"),
        ("主体类型", "企业类型", "市场主体类型", "类型", "经济性质", "登记类型", "Type"), Text(60),
        sample="有限责任公司", hint=N_("Name or code of the code table."),
    ),
    Column(
        "industry_code", N_("Industry"),
        ("行业代码", "行业", "国民经济行业", "行业类别", "行业门类", "所属行业"), Text(100), sample="H6210",
        hint=N_("GB/T 4754 code (H6210 or 6210) or name."),
    ),
    Column(
        "sub_district_code", N_("Sub-district"),
        ("街道", "街镇", "街道镇", "所属街道", "所属街镇", "街道(乡镇)", "乡镇街道", "所在街道"), Text(40),
        sample="静安寺街道",
    ),
    Column(
        "address", N_("Address (place of business)"),
        ("住所", "地址", "住所(经营场所)", "经营场所", "注册地址", "经营地址", "企业地址", "住所地址"), Text(300),
        sample="南京西路1234号5楼",
    ),
    Column(
        "legal_representative", N_("Legal representative"),
        ("法定代表人", "负责人", "法定代表人(负责人)", "法人代表", "法人", "经营者", "投资人", "XK_FRDB"), Text(100),
        sample="张某某",
    ),
    Column(
        "contact_phone", N_("Contact phone"), ("联系电话", "电话", "手机", "联系方式", "Phone"), Text(30),
        hint=N_("Internal; never published."),
    ),
    Column("business_scope", N_("Business scope"), ("经营范围", "许可经营项目"), Text(5000, lines=True)),
    Column(
        "registered_on", N_("Registered on"),
        ("成立日期", "注册日期", "登记日期", "设立日期", "成立时间", "注册时间"), Day(), sample="2019-03-15",
    ),
    Column(
        "status", N_("Status"), ("登记状态", "经营状态", "状态", "企业状态", "主体状态", "存续状态"),
        Choice(_with_label(STATUS_WORDS)), sample="在营",
    ),
    Column("status_since", N_("Status since"), ("状态日期", "起始日期", "Since", "状态起始日期", "注销日期",
    "吊销日期"), Day()),
    Column(
        "risk_class", N_("Risk class"), ("信用风险等级", "风险等级", "信用风险分类", "风险类别", "信用等级"),
        Choice(_with_label(CLASS_WORDS)), sample="B", hint=N_("Internal; never published."),
    ),
    Column("risk_as_of", N_("Risk class as of"), ("风险评定日期", "分类日期", "评定月份"), Day()),
    Column("tags", N_("Tags"), ("监管标签", "标签"), Text(500), hint=N_("Several separated by 、")),
)  # fmt: skip
