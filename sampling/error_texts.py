"""The sentences of `sampling.errors`, by code: Chinese, then English."""

ERROR_TEXTS: dict[str, tuple[str, str]] = {
    # section 0
    "hash-unknown": ("不认识的散列算法：{name}", "unknown hash: {name}"),
    "text-not-utf8": ("{file} 不是有效的 UTF-8 文本", "{file} is not valid UTF-8"),
    "identifier-malformed": (
        "{what} 的代码 {value} 不合规：应为 1 至 64 个可见 ASCII 字符，不含冒号和逗号",
        "{what} {value} is no identifier: 1 to 64 printable ASCII characters without ':' and ','",
    ),
    "qualification-reserved": ("事项代码不能是 {value}", "no item code may be {value}"),
    "department-reserved": (
        "部门代码不能是 {department}（保留）",
        "no department may be called {department}",
    ),
    "contributor-reserved": ("出数方不能叫 {by}（保留）", "no contributor may be called {by}"),
    "beacon-value-malformed": (
        "公共随机数 {value} 不合规：1 至 256 个可见 ASCII 字符，不含冒号和逗号",
        "the beacon's value {value} is malformed: 1 to 256 printable ASCII characters without ':' and ','",
    ),
    "number-malformed": (
        "{what} 的数字 {value} 不合规：应为 0 至 1000000 的十进制整数，无正负号和前导零",
        "{what} {value} is no number: decimal digits, no sign, no leading zero, at most 1,000,000",
    ),
    "digest-malformed": (
        "{what} 应为 64 位小写十六进制：{value}",
        "{what} must be 64 lower-case hex digits: {value}",
    ),
    "salt-malformed": (
        "{what} 应为 32 位小写十六进制：{value}",
        "{what} must be 32 lower-case hex digits: {value}",
    ),
    "time-malformed": (
        "{what} 应写作 2026-11-22T08:00:00Z 的形式：{value}",
        "{what} must be a time like 2026-11-22T08:00:00Z: {value}",
    ),
    "certificate-malformed": ("执法证号不合规：{value}", "malformed certificate number: {value}"),
    "qualifications-unsorted": (
        "事项代码须排序且不重复：{value}",
        "qualifications must be sorted, each once: {value}",
    ),
    "json-unreadable": ("{file} 不是有效的 JSON", "{file} is not valid JSON"),
    "json-too-deep": ("{file} 的 JSON 嵌套过深", "the JSON of {file} is nested too deeply"),
    "json-not-canonical": (
        "{file} 不是 RFC 8785 规范形式的字节",
        "the bytes of {file} are not the canonical form of RFC 8785",
    ),
    "json-duplicate-key": ("JSON 键重复：{key}", "duplicate JSON key: {key}"),
    "json-integer-too-large": ("JSON 整数超出 ±(2^53−1)", "JSON integer beyond ±(2^53−1)"),
    "json-number-not-integer": ("JSON 只允许整数：{number}", "only integers are allowed in JSON: {number}"),
    "json-value-not-allowed": ("JSON 不允许此类值：{kind}", "JSON value of a kind not allowed: {kind}"),
    "json-lone-surrogate": ("JSON 文本含有孤立的代理项", "JSON text with half a surrogate pair"),
    "json-not-object": ("{where} 应为 JSON 对象", "{where} must be a JSON object"),
    "json-not-list": ("{where} 应为 JSON 数组", "{where} must be a JSON array"),
    "json-not-text": ("{where} 应为文本", "{where} must be a text"),
    "json-not-flag": ("{where} 应为 true 或 false", "{where} must be true or false"),
    "json-not-integer": (
        "{where} 应为不小于 {least} 的整数，而不是 {value}",
        "{where} must be an integer of at least {least}, not {value}",
    ),
    "json-not-choice": (
        "{where} 应为 {choices} 之一，而不是 {value}",
        "{where} must be one of {choices}, not {value}",
    ),
    "json-key-missing": ("{where} 缺少键 {key}", "{where} lacks the key {key}"),
    "json-key-unknown": ("{where} 含有未知的键 {key}", "{where} has an unknown key {key}"),
    # section 1
    "bundle-not-found": ("找不到数据包 {path}", "no bundle at {path}"),
    "bundle-unreadable": ("数据包 {path} 无法读取", "the bundle {path} cannot be read"),
    "bundle-too-many-files": ("压缩包内文件超过 {most} 个", "the zip file holds more than {most} files"),
    "bundle-file-twice": ("压缩包内 {file} 出现两次", "{file} is twice in the zip file"),
    "bundle-too-large": ("数据包超过 {most} 字节", "the bundle is larger than {most} bytes"),
    "bundle-suspicious": (
        "压缩包内的 {file} 异常（疑为压缩炸弹）",
        "{file} in the zip file is no ordinary entry",
    ),
    "file-too-large": ("{file} 超过 {most} 字节", "{file} is larger than {most} bytes"),
    "file-missing": ("数据包缺少 {file}", "the bundle lacks {file}"),
    "line-without-end": ("{file} 第 {line} 行没有换行符结尾", "line {line} of {file} does not end in LF"),
    "line-columns": (
        "{file} 第 {line} 行应有 {columns} 列，实有 {found} 列",
        "line {line} of {file} must have {columns} columns, it has {found}",
    ),
    "line-duplicate": ("{file} 第 {line} 行与上一行重复：{value}", "line {line} of {file} repeats {value}"),
    "line-unsorted": (
        "{file} 第 {line} 行次序不对：{value}",
        "line {line} of {file} is out of order: {value}",
    ),
    "unit-framed-and-excluded": (
        "{unit} 既在抽取名单内又在排除名单内",
        "{unit} is both in the frame and among the excluded",
    ),
    "mapping-not-roster": (
        "对照表与名册的化名不一致：{inspector}",
        "the mapping and the roster do not name the same inspectors: {inspector}",
    ),
    "certificate-twice": (
        "同一执法证号对应两个化名：{first}、{second}",
        "two pseudonyms stand for one certificate: {first}, {second}",
    ),
    "freeze-file-missing": ("冻结时缺少 {file}", "{file} is missing at the freeze"),
    "rules-of-other-draw": (
        "规则属于抽查 {rules}（或散列算法不同），不能用于 {draw}",
        "the rules are for draw {rules} (or another hash), not for {draw}",
    ),
    # section 2
    "contributions-unsorted": (
        "出数方须按代码排序且各出现一次",
        "contributions must be sorted by party, each once",
    ),
    "contributions-too-few": (
        "至少要有两个出数方（其中至少一个不是运营方），实有 {found} 个",
        "at least two parties must contribute, one of them not the operator; there are {found}",
    ),
    "draw-differs": (
        "规则属于抽查 {rules}，承诺属于抽查 {commitment}",
        "the rules are for draw {rules}, the commitment for draw {commitment}",
    ),
    "hash-differs": (
        "规则使用 {rules}，承诺使用 {commitment}",
        "the rules say hash {rules}, the commitment {commitment}",
    ),
    "file-not-committed": (
        "{file} 与承诺不符（{fact}）",
        "{file} is not the file that was committed to ({fact} differs)",
    ),
    # section 3
    "dice-malformed": ("骰子记录应为至少 50 个 1 至 6 的数字", "dice must be at least 50 digits from 1 to 6"),
    "contribution-unknown": ("{by} 不在承诺的出数方之中", "{by} is no party to the commitment"),
    "contribution-missing": ("{by} 没有揭示其随机数", "{by} has not revealed its secret"),
    "contribution-wrong": ("{by} 揭示的随机数与承诺的摘要不符", "the secret of {by} does not fit its digest"),
    "contribution-twice": ("{by} 公开了两次", "{by} is revealed twice"),
    "beacon-value-missing": ("缺少公共随机数", "the beacon's value is missing"),
    "beacon-value-surplus": (
        "承诺没有公共随机源，却给出了随机数",
        "a beacon's value is given but none was committed to",
    ),
    # sections 4 and 6
    "stratum-without-rule": ("分层 {stratum} 没有抽取规则", "stratum {stratum} of the frame has no rule"),
    "department-twice": (
        "部门 {department} 在规则中出现两次",
        "department {department} is twice in the rules",
    ),
    "lead-not-one": (
        "规则须恰有一个牵头部门，实有 {leads} 个",
        "exactly one department must lead; {leads} do",
    ),
    "not-struck": ("{unit} 不在当前的检查名单上", "{unit} is not on the list of units to be visited"),
    "not-on-team": ("{inspector} 不在 {team} 组", "{inspector} is not on team {team}"),
    "team-unknown": ("没有 {team} 组", "there is no team {team}"),
    "stratum-not-counted": (
        "记录没有列出 {unit} 所在分层 {stratum} 的数量",
        "the record counts no stratum {stratum}, in which it lists {unit}",
    ),
    "department-without-rule": (
        "{inspector} 所属部门 {department} 不在规则之中",
        "the rules know no department {department}, to which {inspector} is said to belong",
    ),
    "event-differs": (
        "{event}（{out}）的替补应为 {expected}，记载为 {found}",
        "{event} of {out}: the rule gives {expected}, the event says {found}",
    ),
    # section 7
    "entity-key-malformed": (
        "entity_key 应为 32 位小写十六进制",
        "entity_key must be 32 lower-case hex digits",
    ),
    # section 5, wherever the frame lies
    "backend-missing": (
        "没有安装 {backend} 所需的软件包，请执行：python -m pip install {packages}",
        "what {backend} needs is not installed: python -m pip install {packages}",
    ),
    "backend-without-hash": (
        "此处不能计算 {name}，请改用 plain 或 accelerated",
        "{name} cannot be computed there: use plain or accelerated",
    ),
    "backend-failed": ("{backend} 报错：{reason}", "{backend} says: {reason}"),
    "backend-differs": (
        "{backend} 在本机算出的结果与标准库不同，不予使用；请改用 plain",
        "{backend} computes something else than the standard library on this machine and is not used: use plain",
    ),
    "cell-malformed": ("名单中有不合规的内容：{value}", "malformed cell in the frame: {value}"),
    "unit-twice": ("名单中 {unit} 不止一次或次序不对", "{unit} is in the frame more than once, or out of order"),
    # section 8
    "log-malformed": ("log.json 不合规：{reason}", "log.json is malformed: {reason}"),
    "note-malformed": ("检查点不是有效的签名便笺", "not a well-formed signed note"),
    "key-malformed": ("验证公钥不合规：{key}", "malformed verifier key: {key}"),
    "log-address": ("日志地址应以 http:// 或 https:// 开头：{address}", "no http or https address: {address}"),
    "log-unreachable": ("无法连接日志：{reason}", "the log cannot be reached: {reason}"),
    "log-refused": ("日志方拒绝（{status}）：{said}", "the log refused ({status}): {said}"),
    "log-answer-too-large": ("日志的回答超过 {most} 字节", "the log's answer is larger than {most} bytes"),
    "notes-too-few": ("请至少给出两份检查点", "give at least two checkpoints"),
    "log-without-key": ("日志没有公布公钥", "the log publishes no key"),
    "witness-key-nameless": (
        "{file} 不存在。要生成新的见证密钥，请用 --name 指定名称（不含空格和加号）",
        "{file} does not exist; to make a new witness key give its name with --name (no blanks, no plus signs)",
    ),
    "signer-malformed": ("签名私钥文件不合规", "malformed file of a private signing key"),
    "signing-unavailable": (
        "签名需要先安装 Python 软件包 cryptography",
        "signing needs the Python package cryptography",
    ),
}
