"""The fixed words of the inspection notice in both languages.

They are not interface texts: a notice has the language it was issued in, whoever opens it.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Words:
    """Every fixed phrase of the notice."""

    title: str
    number: str
    foot: str
    addressee: str
    opening: str
    ordered_opening: str
    joint: str
    together: str
    separator: str
    follows: str
    others: str
    source: str
    source_texts: tuple[str, ...]
    # of an inspection that was ordered, not drawn
    ordered_texts: tuple[str, ...]
    scan: str
    departments: str
    department_head: tuple[str, str, str, str]
    team: str
    member_head: tuple[str, str, str, str]
    leader: str
    member: str
    certificates: str
    no_experts: str
    experts: str
    expert: str
    between: str
    no_members: str
    materials: str
    no_materials: str
    frequency: str
    frequency_text: str
    often: str
    let_through: str
    rights: str
    remedies: str
    prohibitions: str
    seals: str
    phone: str
    no_phone: str
    seal: str
    receipt: str
    receipt_text: str
    signature_entity: str
    signature_inspectors: str
    signature_date: str


ZH = Words(
    title="行政检查通知书",
    number="编号：{number}",
    foot="{number}    第 {page} 页，共 {pages} 页",
    addressee="{name}（{unit_id}）：",
    opening="经依法随机抽取，现决定于{planned}对你单位（住所：{address}）进行行政检查。",
    ordered_opening="经依法批准，现决定于{planned}对你单位（住所：{address}）进行行政检查（非随机抽查）。",
    joint="本次检查由下列各部门联合进行，一次上门，一并完成，各部门不再就同一事项另行检查。",
    together="经各部门商定，{bodies}对你单位的另一项检查于同日同时上门，合计为一次上门；两项检查分别送达通知书、分别制作记录。",
    separator="、",
    follows="现将有关事项通知如下：",
    others="等{count}个部门",
    source="一、任务来源",
    source_texts=(
        "{kind}：计划编号 {plan}",
        "抽查任务编号 {task}；随机抽取编号 {draw}",
        "检查全部完成、抽取结果公开后，任何人可以凭抽取编号核验抽取过程：{url}",
    ),
    ordered_texts=("{kind}（非随机抽查）", "检查任务编号 {task}"),
    scan="扫码核验本通知书",
    departments="二、检查部门、检查事项、检查方式与法律依据",
    department_head=("检查部门", "检查事项", "检查方式", "法律依据"),
    team="三、检查人员",
    member_head=("姓名", "所属部门", "行政执法证号", "职责"),
    leader="组长",
    member="组员",
    certificates="检查人员由系统随机选派，检查时应当主动出示行政执法证件，每个部门不得少于两人。",
    no_experts="本次检查不另派协助人员。",
    experts="协助检查的专家{count}人（不具执法资格，不计入上列检查人员，不作出检查结论）：{names}。",
    expert="{name}（{organization}，{field}）",
    between="、",
    no_members="检查人员确定后另行告知。",
    materials="四、请事先准备的材料（一次性告知）",
    no_materials="无需事先准备材料。",
    frequency="五、本年度检查次数",
    frequency_text=(
        "截至本通知书发出之日，你单位本年度已接受各部门行政检查 {times} 次，其中随机抽查 {drawn} 次"
        "（含各部门归集的检查记录，不含本次）。"
    ),
    often="{first}至{last}期间，本次为对你单位的第 {sum} 次上门检查，一般不超过 {allowed} 次。",
    let_through="执法监督机构已准予本次检查继续进行，理由：{reason}。",
    rights="六、你单位的权利",
    remedies="七、救济途径",
    prohibitions="八、检查人员的禁止事项",
    seals="发出机关与联系电话",
    phone="联系电话：{phone}",
    no_phone="联系电话：未登记",
    seal="（印章）",
    receipt="送达回证",
    receipt_text="上述通知书已收到，检查人员已出示行政执法证件。",
    signature_entity="当事人签名或盖章：",
    signature_inspectors="检查人员签名：",
    signature_date="年\u00a0\u00a0\u00a0\u00a0\u00a0月\u00a0\u00a0\u00a0\u00a0\u00a0日",
)
EN = Words(
    title="Notice of Administrative Inspection",
    number="No. {number}",
    foot="{number}    page {page} of {pages}",
    addressee="To {name} ({unit_id}):",
    opening=(
        "By a random draw held under the law, your unit (address: {address}) has been selected for an administrative "
        "inspection on {planned}."
    ),
    ordered_opening=(
        "As approved under the law, your unit (address: {address}) is inspected on {planned}; this is not a random "
        "inspection."
    ),
    joint=(
        "The departments below inspect jointly: one visit for all of them. None of them will inspect the same items "
        "again separately."
    ),
    together=(
        "The departments have agreed that another inspection of your unit, by {bodies}, comes at the same time on the "
        "same day: it is one visit. Each of the two hands over its own notice and writes its own record."
    ),
    separator=", ",
    follows="Please note the following:",
    others="and others, {count} departments in all",
    source="1. Source of the task",
    source_texts=(
        "{kind}: plan {plan}",
        "Inspection task {task}; random draw {draw}",
        "When all inspections are done and the draw is open, anybody can verify it by its number: {url}",
    ),
    ordered_texts=("{kind}, not a random one", "Inspection order {task}"),
    scan="Scan to check this notice",
    departments="2. Departments, items, methods and legal basis",
    department_head=("Department", "Item", "Method", "Legal basis"),
    team="3. Inspectors",
    member_head=("Name", "Department", "Certificate number", "Duty"),
    leader="Team leader",
    member="Member",
    certificates=(
        "The inspectors were drawn at random by the system. They must show their enforcement certificates without "
        "being asked; there are at least two of each department."
    ),
    no_experts="Nobody else assists in this inspection.",
    experts=(
        "Experts who assist, without enforcement powers, not counted among the inspectors above and deciding no result "
        "({count}): {names}."
    ),
    expert="{name} ({organization}, {field})",
    between="; ",
    no_members="You will be told the inspectors' names separately.",
    materials="4. Please have these papers ready (told once, for all departments)",
    no_materials="No papers need to be prepared.",
    frequency="5. Inspections this year",
    frequency_text=(
        "Up to the day of this notice, departments have inspected your unit {times} time(s) this year, {drawn} of them "
        "by random draw (records collected from departments' systems included, this inspection not counted)."
    ),
    often=("From {first} to {last} this is visit number {sum} to your unit; there should be no more than {allowed}."),
    let_through="Enforcement oversight has let this inspection go ahead: {reason}.",
    rights="6. Your rights",
    remedies="7. Remedies",
    prohibitions="8. What inspectors must not do",
    seals="Issued by, and where to ask",
    phone="Telephone: {phone}",
    no_phone="Telephone: not registered",
    seal="(seal)",
    receipt="Acknowledgement of receipt",
    receipt_text="The notice above was received. The inspectors showed their enforcement certificates.",
    signature_entity="Signature or seal of the party:",
    signature_inspectors="Signatures of the inspectors:",
    signature_date="Date:" + "\u00a0" * 28,
)
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November")


def words(language: str) -> Words:
    """Return the words of ``language``; Chinese unless it is ``en``."""
    return EN if language == "en" else ZH


def long_day(day: date, language: str) -> str:
    """Return the day as documents write it, without asking the request for its language."""
    if language != "en":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {(*MONTHS, 'December')[day.month - 1]} {day.year}"


def full_name(district: str, department: str, language: str) -> str:
    """Return a body's name as it signs: 上海市静安区 and 区市场监督管理局 share one 区; in English without district."""
    if language == "en":
        return department
    last = district[-1:]
    return district + (department.removeprefix(last) if last else department)
