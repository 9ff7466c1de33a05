"""The words of fairness certificates, Chinese and English; places are filled by `sampling.fairness_words`."""

FAIRNESS_TEXTS: dict[str, tuple[str, str]] = {
    "heading": (
        "公平性测算：抽取 {draw}，以 {runs} 个模拟种子运行抽取程序（模拟种子与真实种子无关，不产生任何名单）",
        "Fairness of draw {draw}: the engine ran on {runs} dummy seeds (they have nothing to do with the real seed; no "
        "list is made)",
    ),
    "fewer-runs": (
        "名单较大，{asked} 次运行耗时过长，实际运行 {runs} 次",
        "the pool is large: {asked} runs would have taken too long, {runs} were made",
    ),
    "stratum": (
        "{stratum}：{size} 户中抽 {drawn} 户，每户机会 {chance}；模拟中各户被抽中的比例在 {lowest} 与 {highest} 之间，"
        "这样大小的差异在公平抽取中平均每 {hundred} 次出现约 {often} 次",
        "{stratum}: {drawn} of {size} units are drawn, each has a chance of {chance}; over the runs their shares were "
        "between {lowest} and {highest}; in fair draws differences as large come about {often} times in {hundred}",
    ),
    "stratum-fixed": (
        "{stratum}：{size} 户中抽 {drawn} 户，不存在随机性",
        "{stratum}: {drawn} of {size} units are drawn, nothing is left to chance",
    ),
    "department-chance": (
        "{department}：{agents} 名检查人员每人被抽中的机会在 {lowest} 与 {highest} 之间；均等为 {ideal}",
        "{department}: each of the {agents} inspectors has a chance between {lowest} and {highest}; ideal {ideal}",
    ),
    "department-visits": (
        "{department}：{agents} 名检查人员每人预计检查 {lowest} 至 {highest} 户；均等为 {ideal} 户",
        "{department}: each of the {agents} inspectors can expect between {lowest} and {highest} visits; ideal {ideal}",
    ),
    "department-nobody": (
        "{department}：没有可以被抽中的检查人员",
        "{department}: there is no inspector who could be drawn",
    ),
    "pairs": (
        "{department}：同一对检查人员同组的比例最高为 {highest}；随机均等为 {ideal}",
        "{department}: the same two go together in at most {highest} of their visits; with equal chances {ideal}",
    ),
    "no-warnings": ("未发现需要注意的情况", "nothing deserves a second look"),
    "stratum-certain": (
        "{stratum} 的 {size} 户全部必被抽中：名单公布后即可预知。如非本意，请降低抽取比例",
        "all {size} units of {stratum} are certain to be drawn: everybody can foresee it. Lower the rate unless this "
        "is intended",
    ),
    "stratum-impossible": (
        "{stratum} 的 {size} 户不可能被抽中。如非本意，请提高抽取比例或设置最少抽取数",
        "none of the {size} units of {stratum} can be drawn. Raise the rate or set a minimum unless this is intended",
    ),
    "stratum-uneven": (
        "{stratum} 内各户机会不均等：这样的差异在公平抽取中极少出现。请停止抽取并核查程序",
        "the units of {stratum} do not have equal chances: fair draws hardly ever give such differences. Stop and have "
        "the program examined",
    ),
    "recusals-unknown": (
        "未提供回避名单，测算未考虑回避",
        "recusals are not shown here: the measurement is without them",
    ),
    "same-people": (
        "{department} 只有 {agents} 名可用检查人员，每组需 {per_team} 名：每次都是同一批人，无随机可言。请增加名录人员",
        "{department} has {agents} usable inspectors and every team needs {per_team}: the same people go every time. "
        "Add inspectors to the register",
    ),
    "few-people": (
        "{department} 只有 {agents} 名可用检查人员，每组需 {per_team} 名：多半能猜到由谁检查。请增加名录人员",
        "{department} has {agents} usable inspectors and every team needs {per_team}: who comes can mostly be guessed. "
        "Add inspectors to the register",
    ),
    "inspectors-certain": (
        "{department} 的 {count} 名检查人员每次必被抽中，其他人则不一定",
        "{count} of {department}'s inspectors are certain to go while others are not",
    ),
    "chances-apart": (
        "{department} 的 {count} 名检查人员（共 {agents} 名）预计检查户数与负担相同的同事的平均数相差超过 {gap}："
        "原因可能是回避或者上限",
        "{count} of {department}'s {agents} inspectors can expect visits that differ by more than {gap} from the mean "
        "of colleagues who carry the same load: recusals or caps may be why",
    ),
    "never-load": (
        "{department} 的 {agents} 名检查人员中有 {count} 名在所有模拟中从未被抽中：此前承担较少的同事总是排在前面。"
        "知道各人承担数的人，可以猜到由谁检查",
        "{count} of {department}'s {agents} inspectors were drawn in no run: colleagues who carry fewer visits from "
        "earlier draws always go first. Whoever knows these loads can guess who comes",
    ),
    "never-drawn": (
        "{department} 的 {count} 名检查人员在所有模拟中从未被抽中：名单中的对象都须回避",
        "{count} of {department}'s inspectors were drawn in no run: they are recused from what the pool holds",
    ),
    "barred-qualification": (
        "{department} 名册中有 {count} 名检查人员不具备本次事项资格，不可能被抽中",
        "{count} of {department}'s inspectors on the roster lack a qualification this draw asks for and can "
        "never be drawn",
    ),
    "barred-cap": (
        "{department} 名册中有 {count} 名检查人员检查上限为 0，不可能被抽中",
        "{count} of {department}'s inspectors on the roster have a cap of 0 visits and can never be drawn",
    ),
    "places-empty-recused": (
        "{department}：{share} 的模拟中有岗位无人可派，平均缺 {places} 个，主要因为须回避",
        "{department}: in {share} of the runs places stay empty, {places} on average, mostly because of recusals",
    ),
    "places-empty-busy": (
        "{department}：{share} 的模拟中有岗位无人可派，平均缺 {places} 个，主要因为可用人员都已达上限",
        "{department}: in {share} of the runs places stay empty, {places} on average, mostly because everybody left "
        "has reached the cap",
    ),
    "units-homeless": (
        "{share} 的模拟中有检查对象没有任何检查组能接：各组均有成员须回避或已满额",
        "in {share} of the runs some unit finds no team: in each a member is recused, or it is full",
    ),
    "units-impossible": (
        "{department}：名单中有 {count} 户因回避而没有足够的检查人员，一旦抽中必有岗位空缺",
        "{department}: for {count} units of the pool recusals leave too few inspectors; if drawn, a place stays empty",
    ),
    "units-certain": (
        "{department}：名单中有 {count} 户因回避或人手只剩恰好够用的检查人员，由谁检查可以预知",
        "{department}: for {count} units of the pool no choice of inspectors is left; who comes can be foreseen",
    ),
    "pairs-often": (
        "{department}：有 {count} 对检查人员总在一起，最多占其检查的 {highest}",
        "{department}: {count} pairs of inspectors go together too often, up to {highest} of their visits",
    ),
}
