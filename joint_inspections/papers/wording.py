"""The fixed words of the papers of a visit in both languages.

They are texts of documents, not of the interface: a paper keeps its language whoever opens it.
"""

# key -> Chinese, English
TEXTS: dict[str, tuple[str, str]] = {
    "number": ("编号：{number}", "No. {number}"),
    "blank_number": ("空白文书，供手工填写", "Blank form, to be filled in by hand"),
    "foot": ("{number}    第 {page} 页，共 {pages} 页", "{number}    page {page} of {pages}"),
    "scan": ("扫码核验本文书", "Scan to check this paper"),
    "others": ("等{count}个部门", "and others, {count} departments in all"),
    "probable": (
        "文书名称待与司法部公布的行政检查文书格式核对",
        "The name of this paper is still to be checked against the ministry's templates",
    ),
    "addressee": ("{name}（{unit_id}）：", "To {name} ({unit_id}):"),
    "none": ("无", "none"),
    "day_blank": (
        "年\u00a0\u00a0\u00a0\u00a0\u00a0月\u00a0\u00a0\u00a0\u00a0\u00a0日",
        "Date:" + "\u00a0" * 28,
    ),
    "seal": ("（印章）{day}", "(seal) {day}"),
    "seals": ("行政机关", "Issued by"),
    "phone": ("联系电话：{phone}", "Telephone: {phone}"),
    "no_phone": ("联系电话：未登记", "Telephone: not registered"),
    "by_hand": ("（当场填写）", "(to be filled in on site)"),
    # what every paper says
    "case": ("检查对象与任务来源", "Entity and source of the task"),
    "entity": ("检查对象", "Entity"),
    "unit_id": ("统一社会信用代码", "Credit code"),
    "address": ("地址", "Address"),
    "bodies": ("行政执法主体", "Enforcement bodies"),
    "source": ("任务来源", "Source of the task"),
    "source_text": (
        "{kind}：计划编号 {plan}；抽查任务编号 {task}；随机抽取编号 {draw}",
        "{kind}: plan {plan}; inspection task {task}; random draw {draw}",
    ),
    "ordered_text": ("{kind}（非随机抽查）：检查任务编号 {task}", "{kind}, not a random one: inspection order {task}"),
    "visit": ("检查编号", "Visit number"),
    "planned": ("计划检查日期", "Planned day"),
    "times": ("本年度检查次数", "Inspections this year"),
    "times_text": (
        "本年度已接受各部门行政检查 {times} 次，其中随机抽查 {drawn} 次（不含本次）",
        "{times} inspection(s) by departments this year, {drawn} of them by random draw (this one not counted)",
    ),
    "team": ("检查人员", "Inspectors"),
    "team_head_1": ("姓名", "Name"),
    "team_head_2": ("所属部门", "Department"),
    "team_head_3": ("行政执法证号", "Certificate number"),
    "team_head_4": ("职责", "Duty"),
    "leader": ("组长", "Team leader"),
    "member": ("组员", "Member"),
    "lent": ("（借用{area}人员）", " (lent by {area})"),
    "assistants": ("协助人员", "Assisting persons"),
    "assistants_text": ("{count} 人", "{count}"),
    "assistants_named": (
        "{count} 人：{names}（专家，不具执法资格）",
        "{count}: {names} (expert, without enforcement powers)",
    ),
    "shown": (
        "检查人员已出示行政执法证件并送达行政检查通知书 {number}",
        "The inspectors showed their certificates and handed over notice {number}",
    ),
    "shown_nowhere": (
        "检查人员应当出示行政执法证件并送达行政检查通知书",
        "The inspectors show their certificates and hand over the inspection notice",
    ),
    "certificates": ("出示证件", "Certificates shown"),
    "items": ("检查事项与法律依据", "Items and legal basis"),
    "items_head_1": ("检查部门", "Department"),
    "items_head_2": ("检查事项", "Item"),
    "items_head_3": ("检查方式", "Method"),
    "items_head_4": ("法律依据", "Legal basis"),
    "rights": ("当事人的权利（陈述、申辩与申请回避）", "Rights: statement and defence, recusal"),
    "remedies": ("救济途径", "Remedies"),
    "prohibitions": ("检查人员的禁止事项（五个严禁）", "What inspectors must not do (five prohibitions)"),
    "right_statement": (
        "有权进行陈述和申辩；检查人员应当如实记录。",
        "You may make a statement and defend yourself; the inspectors must write it down faithfully.",
    ),
    "right_recusal": (
        "认为检查人员与你单位有直接利害关系或者有其他关系可能影响公正执法的，有权申请回避，由其所在部门负责人决定。",
        "You may ask for the recusal of an inspector who has a direct interest in, or another relation to, your unit; "
        "the head of the inspector's department decides.",
    ),
    "right_refuse": (
        "检查人员不出示行政执法证件的，有权拒绝检查；对违法或者不当行为，有权投诉、举报。",
        "If certificates are not shown you may refuse; you may complain about unlawful or improper conduct.",
    ),
    "remedy_later": (
        "本文书本身一般不能单独申请行政复议或者提起行政诉讼。对因本次检查作出的行政处罚、行政强制等决定不服的，可以自知道或者"
        "应当知道该决定之日起{days}日内向{authority}申请行政复议，也可以自知道或者应当知道之日起{months}个月内依法向人民法院提起"
        "行政诉讼；法律另有规定的，从其规定。",
        "As a rule this paper cannot be challenged by itself. Against a penalty, a compulsory measure or another "
        "decision that follows from this inspection you may apply to the {authority} for reconsideration within "
        "{days} days of the day on which you knew or should have known of it, or bring suit in a people's court within "
        "{months} months of that day, unless a law provides otherwise.",
    ),
    "remedy_order": (
        "对本通知书不服的，可以自收到之日起{days}日内向{authority}申请行政复议，也可以自收到之日起{months}个月内依法向人民法院"
        "提起行政诉讼；法律另有规定的，从其规定。复议、诉讼期间，除法律另有规定外，不停止执行。",
        "Against this order you may apply to the {authority} for reconsideration within {days} days of receiving it, "
        "or bring suit in a people's court within {months} months of that day, unless a law provides otherwise. "
        "Meanwhile the order stays in force unless a law provides otherwise.",
    ),
    "remedy_result": (
        "对检查结果有异议的，可以自收到本告知书之日起{objection}个工作日内向作出该结果的检查部门书面提出并附证据，部门应当核实；"
        "确有错误的，予以更正。",
        "If you object to a result, write to the department that recorded it within {objection} working days of "
        "receiving this notice, with evidence. The department verifies it and corrects what is wrong.",
    ),
    # approval form
    "approval_opening": (
        "拟对下列检查对象实施行政检查，报请审批。",
        "Approval is asked for the administrative inspection of the entity below.",
    ),
    "approval_items": ("拟检查的事项、方式与法律依据", "Items to be checked, methods and legal basis"),
    "approval_team": ("拟派检查人员", "Inspectors to be sent"),
    "approval_decision": ("审批意见", "Decision"),
    "decision_body": ("审批机关", "Approving body"),
    "decision_who": ("行政机关负责人", "Head of the body"),
    "decision_when": ("审批时间", "Decided at"),
    "decision_text": ("意见", "Opinion"),
    "approved": ("同意实施检查。", "The inspection is approved."),
    # on-site record
    "record_opening": (
        "检查人员依法对下列检查对象实施行政检查，现将检查情况如实记录如下。",
        "The inspectors inspected the entity below under the law and recorded faithfully what follows.",
    ),
    "record_site": ("检查情况", "The visit"),
    "arrived": ("到达时间", "Arrived"),
    "handed_in": ("记录提交时间", "Record handed in"),
    "outcome": ("检查完成情况", "Outcome of the visit"),
    "version": ("记录版本", "Version of the record"),
    "version_text": ("第 {no} 版，SHA-256 {digest}", "Version {no}, SHA-256 {digest}"),
    "not_visited": ("未到场", "not on site"),
    "department_result": ("{department}：{results}", "{department}: {results}"),
    "row_head_1": ("检查事项（法律依据）", "Item (legal basis)"),
    "row_head_2": ("是否检查", "Checked"),
    "row_head_3": ("检查结果", "Result"),
    "row_head_4": ("发现的问题", "Problem found"),
    "row_head_5": ("处置", "What follows"),
    "points": ("{department}：各检查要点", "{department}: check points"),
    "point_head_1": ("检查要点", "Check point"),
    "point_head_2": ("情况", "Answer"),
    "point_head_3": ("说明", "Remark"),
    "yes": ("是", "yes"),
    "no": ("否", "no"),
    "na": ("不适用", "n/a"),
    "yes_no_blank": ("□是 □否", "□ yes □ no"),
    "unchecked": ("未检查：{reason}", "not checked: {reason}"),
    "attachments": ("附件（照片、材料）", "Attachments (photographs, papers)"),
    "file_head_1": ("编号", "No."),
    "file_head_2": ("内容", "What it shows"),
    "file_head_3": ("检查事项", "Item"),
    "file_head_4": ("SHA-256", "SHA-256"),
    "purpose_photo": ("照片", "photograph"),
    "purpose_document": ("材料", "paper"),
    "purpose_sound": ("录音", "sound"),
    "taken_head_1": ("样品名称", "Sample"),
    "taken_head_2": ("抽样数量", "Quantity"),
    "taken_head_3": ("封样编号", "Seal number"),
    "taken_head_4": ("接收单位（检验机构）", "Recipient (laboratory)"),
    "taken_head_5": ("抽样人证号", "Taken by (certificate)"),
    "review": ("审核意见", "Review"),
    "review_approved": ("审核通过（{at}）", "Approved ({at})"),
    "review_returned": ("退回补正（{at}）：{reason}", "Returned ({at}): {reason}"),
    "review_waiting": ("尚未审核", "Not reviewed yet"),
    "statement": ("当事人陈述和申辩", "Statement and defence of the party"),
    "disposal_none": ("无需后续处置", "No follow-up needed"),
    "disposal_correction": ("责令改正", "Correction ordered"),
    "disposal_case": ("固定证据，移交办案机构", "Evidence fixed, handed to the case unit"),
    "disposal_referral": ("抄告其他部门", "Another department notified"),
    "disposal_daily": ("反馈日常监管", "Fed back to daily supervision"),
    "disposal_other": ("其他后续处置（在问题描述中写明）", "Other follow-up, named in the text"),
    # signatures
    "signing": ("签名", "Signatures"),
    "party_confirms": (
        "以上记录已阅，检查人员已出示行政执法证件。（如有异议请写明）",
        "The record above was read; the inspectors showed their certificates. (Write any objection here.)",
    ),
    "party_line": ("当事人签名或者盖章：", "Signature or seal of the party: "),
    "person_line": ("被询问人签名：", "Signature of the person questioned: "),
    "present_line": ("在场人（见证人）签名：", "Signatures of those present (witnesses): "),
    "inspector_line": ("{department}检查人员签名：", "Inspectors of {department}: "),
    "section_signed": ("{name}（{certificate}）已于 {at} 签署", "signed by {name} ({certificate}) at {at}"),
    "party_name": ("{name}（{role}）", "{name} ({role})"),
    "party_signed": ("{who} {at} 在设备上签名", "{who} signed on the device, {at}"),
    "party_own_phone": ("{who} {at} 在其自有手机上签名", "{who} signed on its own phone, {at}"),
    "party_confirmed": (
        "另一名执法人员（{officer}）于 {at} 以本人账号确认",
        "The second officer ({officer}) confirmed by the own account, {at}",
    ),
    "drawings": ("手写签名（缩小）及其摘要（SHA-256）", "Drawn signatures (reduced) with their digests (SHA-256)"),
    "drawn_party": ("当事人", "Party"),
    "party_on_paper": ("{who} {at} 在纸质文书上签名", "{who} signed on paper, {at}"),
    "party_refused_before": (
        "{who} {at} 拒绝签名，由检查人员 {officers} 记录：{reason}",
        "{who} refused to sign, {at}, noted by officers {officers}: {reason}",
    ),
    "party_refused": ("拒绝签名，由两名检查人员记录：{reason}", "refused to sign, noted by two officers: {reason}"),
    "paper_signed": ("{name} 已在纸质文书上签名", "{name} signed the printed paper"),
    # records written on site
    "site_opening": (
        "行政检查中依法制作本文书，如实记录如下。",
        "This record was drawn up under the law in the course of an administrative inspection.",
    ),
    "place": ("地点", "Place"),
    "weather": ("天气", "Weather"),
    "period": ("起止时间", "From – to"),
    "period_text": ("{start} 至 {end}", "{start} – {end}"),
    "period_blank": ("{gap}年{gap}月{gap}日{gap}时{gap}分至{gap}时{gap}分", "from{gap}{gap}{gap}to"),
    "person": ("被询问人", "Person questioned"),
    "person_role": ("单位及职务", "Unit and position"),
    "identity": ("身份证件号码、电话", "Identity number, telephone"),
    "asked_by": ("询问人", "Questioned by"),
    "written_by": ("记录人", "Written down by"),
    "officer": ("{name}（{certificate}）", "{name} ({certificate})"),
    "told": ("告知", "Told beforehand"),
    "told_text": (
        "我们是上述行政机关的执法人员，已出示行政执法证件。依法向你了解有关情况，你应当如实回答；与检查无关的问题，你有权拒绝回答。"
        "你有权陈述、申辩，认为我们与本事项有利害关系的，有权申请回避。",
        "We are officers of the bodies named above and have shown our certificates. We ask you about this matter under "
        "the law and you should answer truthfully; you may refuse questions that have nothing to do with the "
        "inspection. You may make a statement and defend yourself, and ask for our recusal if we have an interest "
        "in the matter.",
    ),
    "recusal": ("是否申请回避", "Recusal asked for"),
    "questions": ("询问内容", "Questions and answers"),
    "question_mark": ("问：", "Q:"),
    "answer_mark": ("答：", "A:"),
    "confirmed": (
        "以上笔录已阅（已向我宣读），与我所述一致。",
        "I have read this record (it was read to me); it agrees with what I said.",
    ),
    "present": ("当事人及在场人", "The party and those present"),
    "inquest_by": ("勘验人", "Inquest by"),
    "inquest_found": ("勘验经过与情况", "Course and findings"),
    "sketches": ("附图、照片", "Sketches and photographs"),
    "sampling_by": ("抽样人", "Sampled by"),
    "samples": ("样品", "Samples"),
    "sample_head_1": ("样品名称", "Sample"),
    "sample_head_2": ("规格、批号或者生产日期", "Kind, batch or day of production"),
    "sample_head_3": ("抽样基数", "Out of"),
    "sample_head_4": ("抽样数量", "Quantity"),
    "sample_head_5": ("封样编号", "Seal number"),
    "sample_head_6": ("接收单位（检验机构）", "Recipient (laboratory)"),
    "method": ("抽样方法与储运条件", "Method, storage and transport"),
    "costs": (
        "抽样检测费用由行政机关承担，不向被检查单位收取。",
        "The authority bears the cost of sampling and testing; nothing is charged to the inspected unit.",
    ),
    "remarks": ("备注", "Remarks"),
    # notice of result
    "result_opening": (
        "{day}对你单位实施的行政检查已经结束并经审核，现将检查结果告知如下：",
        "The inspection of your unit on {day} is finished and its record reviewed. The result is as follows.",
    ),
    "results": ("检查结果", "Result"),
    "result_head_1": ("检查部门", "Department"),
    "result_head_2": ("检查结果", "Result"),
    "result_published": (
        "检查结果将依法向社会公示。发现问题需要整改、立案或者移送的，由有管辖权的部门另行告知；检查结果不等于行政处罚。",
        "The result is published as the law requires. Corrections, cases and transfers are announced separately by the "
        "department with jurisdiction; a result is no penalty.",
    ),
    "notes": ("说明", "Notes"),
    "receipt": ("送达回证", "Acknowledgement of receipt"),
    "receipt_text": ("上述文书已收到。", "The paper above was received."),
    "receipt_server": ("送达人签名：", "Served by: "),
    # order to correct
    "order_opening": (
        "经检查，你单位存在下列问题。依据《中华人民共和国行政处罚法》第二十八条和下列规定，责令你单位改正：",
        "The inspection found the problem below at your unit. Under article 28 of the Administrative Penalty Law and "
        "the provisions below, your unit is ordered to correct it.",
    ),
    "order_what": ("问题与改正要求", "Problem and what is to be done"),
    "order_item": ("检查事项", "Item"),
    "order_basis": ("法律依据", "Legal basis"),
    "order_problem": ("存在的问题", "Problem"),
    "order_due": ("改正期限", "Deadline"),
    "order_due_text": ("{day}前改正完毕", "to be corrected by {day}"),
    "order_demand": ("改正要求", "What is to be done"),
    "order_default": (
        "立即停止并改正上述行为，消除影响，在期限内将改正情况及证明材料书面报送本机关。",
        "Stop and correct the conduct above, remove its effects, and report the correction with evidence in writing "
        "before the deadline.",
    ),
    "order_answer": (
        "改正后，可以用手机扫描本次检查通知书上的检查码，上传改正情况和照片；需要延期的，也可以在该页面提出。",
        "When it is corrected, scan the code on the notice of this inspection with a phone to send what was done, with "
        "photos. More time can be asked for on the same page.",
    ),
    "order_after": (
        "逾期不改正的，本机关将依法处理；确有困难的，可以在期限届满前书面申请延期。",
        "If it is not corrected in time, the body acts under the law. If there are real difficulties, ask for an "
        "extension in writing before the deadline.",
    ),
}  # fmt: skip
TITLES = {
    "approval": ("行政检查审批表", "Inspection Approval Form"),
    "record": ("现场检查笔录", "On-site Inspection Record"),
    "questioning": ("询问笔录", "Questioning Record"),
    "inquest": ("勘验笔录", "Inquest Record"),
    "sampling": ("抽样记录", "Sampling Record"),
    "result": ("检查结果告知书", "Notice of Inspection Result"),
    "order": ("责令改正通知书", "Order to Correct"),
    "clue": ("案件线索移送函", "Letter Handing over a Clue"), "copied": ("抄告单", "Notice to Another Department"),
}  # fmt: skip
