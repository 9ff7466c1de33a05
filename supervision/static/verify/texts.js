/* The sentences of sampling/error_texts.py and finding_texts.py, [Chinese, English] by code.
   Written by `python -m reports.portal.verify_texts`; change them there. */

export const ERROR_TEXTS = {
  "hash-unknown": [
    "不认识的散列算法：{name}",
    "unknown hash: {name}"
  ],
  "text-not-utf8": [
    "{file} 不是有效的 UTF-8 文本",
    "{file} is not valid UTF-8"
  ],
  "identifier-malformed": [
    "{what} 的代码 {value} 不合规：应为 1 至 64 个可见 ASCII 字符，不含冒号和逗号",
    "{what} {value} is no identifier: 1 to 64 printable ASCII characters without ':' and ','"
  ],
  "qualification-reserved": [
    "事项代码不能是 {value}",
    "no item code may be {value}"
  ],
  "department-reserved": [
    "部门代码不能是 {department}（保留）",
    "no department may be called {department}"
  ],
  "contributor-reserved": [
    "出数方不能叫 {by}（保留）",
    "no contributor may be called {by}"
  ],
  "beacon-value-malformed": [
    "公共随机数 {value} 不合规：1 至 256 个可见 ASCII 字符，不含冒号和逗号",
    "the beacon's value {value} is malformed: 1 to 256 printable ASCII characters without ':' and ','"
  ],
  "number-malformed": [
    "{what} 的数字 {value} 不合规：应为 0 至 1000000 的十进制整数，无正负号和前导零",
    "{what} {value} is no number: decimal digits, no sign, no leading zero, at most 1,000,000"
  ],
  "digest-malformed": [
    "{what} 应为 64 位小写十六进制：{value}",
    "{what} must be 64 lower-case hex digits: {value}"
  ],
  "salt-malformed": [
    "{what} 应为 32 位小写十六进制：{value}",
    "{what} must be 32 lower-case hex digits: {value}"
  ],
  "time-malformed": [
    "{what} 应写作 2026-11-22T08:00:00Z 的形式：{value}",
    "{what} must be a time like 2026-11-22T08:00:00Z: {value}"
  ],
  "certificate-malformed": [
    "执法证号不合规：{value}",
    "malformed certificate number: {value}"
  ],
  "qualifications-unsorted": [
    "事项代码须排序且不重复：{value}",
    "qualifications must be sorted, each once: {value}"
  ],
  "json-unreadable": [
    "{file} 不是有效的 JSON",
    "{file} is not valid JSON"
  ],
  "json-too-deep": [
    "{file} 的 JSON 嵌套过深",
    "the JSON of {file} is nested too deeply"
  ],
  "json-not-canonical": [
    "{file} 不是 RFC 8785 规范形式的字节",
    "the bytes of {file} are not the canonical form of RFC 8785"
  ],
  "json-duplicate-key": [
    "JSON 键重复：{key}",
    "duplicate JSON key: {key}"
  ],
  "json-integer-too-large": [
    "JSON 整数超出 ±(2^53−1)",
    "JSON integer beyond ±(2^53−1)"
  ],
  "json-number-not-integer": [
    "JSON 只允许整数：{number}",
    "only integers are allowed in JSON: {number}"
  ],
  "json-value-not-allowed": [
    "JSON 不允许此类值：{kind}",
    "JSON value of a kind not allowed: {kind}"
  ],
  "json-lone-surrogate": [
    "JSON 文本含有孤立的代理项",
    "JSON text with half a surrogate pair"
  ],
  "json-not-object": [
    "{where} 应为 JSON 对象",
    "{where} must be a JSON object"
  ],
  "json-not-list": [
    "{where} 应为 JSON 数组",
    "{where} must be a JSON array"
  ],
  "json-not-text": [
    "{where} 应为文本",
    "{where} must be a text"
  ],
  "json-not-flag": [
    "{where} 应为 true 或 false",
    "{where} must be true or false"
  ],
  "json-not-integer": [
    "{where} 应为不小于 {least} 的整数，而不是 {value}",
    "{where} must be an integer of at least {least}, not {value}"
  ],
  "json-not-choice": [
    "{where} 应为 {choices} 之一，而不是 {value}",
    "{where} must be one of {choices}, not {value}"
  ],
  "json-key-missing": [
    "{where} 缺少键 {key}",
    "{where} lacks the key {key}"
  ],
  "json-key-unknown": [
    "{where} 含有未知的键 {key}",
    "{where} has an unknown key {key}"
  ],
  "bundle-not-found": [
    "找不到数据包 {path}",
    "no bundle at {path}"
  ],
  "bundle-unreadable": [
    "数据包 {path} 无法读取",
    "the bundle {path} cannot be read"
  ],
  "bundle-too-many-files": [
    "压缩包内文件超过 {most} 个",
    "the zip file holds more than {most} files"
  ],
  "bundle-file-twice": [
    "压缩包内 {file} 出现两次",
    "{file} is twice in the zip file"
  ],
  "bundle-too-large": [
    "数据包超过 {most} 字节",
    "the bundle is larger than {most} bytes"
  ],
  "bundle-suspicious": [
    "压缩包内的 {file} 异常（疑为压缩炸弹）",
    "{file} in the zip file is no ordinary entry"
  ],
  "file-too-large": [
    "{file} 超过 {most} 字节",
    "{file} is larger than {most} bytes"
  ],
  "file-missing": [
    "数据包缺少 {file}",
    "the bundle lacks {file}"
  ],
  "line-without-end": [
    "{file} 第 {line} 行没有换行符结尾",
    "line {line} of {file} does not end in LF"
  ],
  "line-columns": [
    "{file} 第 {line} 行应有 {columns} 列，实有 {found} 列",
    "line {line} of {file} must have {columns} columns, it has {found}"
  ],
  "line-duplicate": [
    "{file} 第 {line} 行与上一行重复：{value}",
    "line {line} of {file} repeats {value}"
  ],
  "line-unsorted": [
    "{file} 第 {line} 行次序不对：{value}",
    "line {line} of {file} is out of order: {value}"
  ],
  "unit-framed-and-excluded": [
    "{unit} 既在抽取名单内又在排除名单内",
    "{unit} is both in the frame and among the excluded"
  ],
  "mapping-not-roster": [
    "对照表与名册的化名不一致：{inspector}",
    "the mapping and the roster do not name the same inspectors: {inspector}"
  ],
  "certificate-twice": [
    "同一执法证号对应两个化名：{first}、{second}",
    "two pseudonyms stand for one certificate: {first}, {second}"
  ],
  "freeze-file-missing": [
    "冻结时缺少 {file}",
    "{file} is missing at the freeze"
  ],
  "rules-of-other-draw": [
    "规则属于抽查 {rules}（或散列算法不同），不能用于 {draw}",
    "the rules are for draw {rules} (or another hash), not for {draw}"
  ],
  "contributions-unsorted": [
    "出数方须按代码排序且各出现一次",
    "contributions must be sorted by party, each once"
  ],
  "contributions-too-few": [
    "至少要有两个出数方（其中至少一个不是运营方），实有 {found} 个",
    "at least two parties must contribute, one of them not the operator; there are {found}"
  ],
  "draw-differs": [
    "规则属于抽查 {rules}，承诺属于抽查 {commitment}",
    "the rules are for draw {rules}, the commitment for draw {commitment}"
  ],
  "hash-differs": [
    "规则使用 {rules}，承诺使用 {commitment}",
    "the rules say hash {rules}, the commitment {commitment}"
  ],
  "file-not-committed": [
    "{file} 与承诺不符（{fact}）",
    "{file} is not the file that was committed to ({fact} differs)"
  ],
  "dice-malformed": [
    "骰子记录应为至少 50 个 1 至 6 的数字",
    "dice must be at least 50 digits from 1 to 6"
  ],
  "contribution-unknown": [
    "{by} 不在承诺的出数方之中",
    "{by} is no party to the commitment"
  ],
  "contribution-missing": [
    "{by} 没有揭示其随机数",
    "{by} has not revealed its secret"
  ],
  "contribution-wrong": [
    "{by} 揭示的随机数与承诺的摘要不符",
    "the secret of {by} does not fit its digest"
  ],
  "contribution-twice": [
    "{by} 公开了两次",
    "{by} is revealed twice"
  ],
  "beacon-value-missing": [
    "缺少公共随机数",
    "the beacon's value is missing"
  ],
  "beacon-value-surplus": [
    "承诺没有公共随机源，却给出了随机数",
    "a beacon's value is given but none was committed to"
  ],
  "stratum-without-rule": [
    "分层 {stratum} 没有抽取规则",
    "stratum {stratum} of the frame has no rule"
  ],
  "department-twice": [
    "部门 {department} 在规则中出现两次",
    "department {department} is twice in the rules"
  ],
  "lead-not-one": [
    "规则须恰有一个牵头部门，实有 {leads} 个",
    "exactly one department must lead; {leads} do"
  ],
  "not-struck": [
    "{unit} 不在当前的检查名单上",
    "{unit} is not on the list of units to be visited"
  ],
  "not-on-team": [
    "{inspector} 不在 {team} 组",
    "{inspector} is not on team {team}"
  ],
  "team-unknown": [
    "没有 {team} 组",
    "there is no team {team}"
  ],
  "stratum-not-counted": [
    "记录没有列出 {unit} 所在分层 {stratum} 的数量",
    "the record counts no stratum {stratum}, in which it lists {unit}"
  ],
  "department-without-rule": [
    "{inspector} 所属部门 {department} 不在规则之中",
    "the rules know no department {department}, to which {inspector} is said to belong"
  ],
  "event-differs": [
    "{event}（{out}）的替补应为 {expected}，记载为 {found}",
    "{event} of {out}: the rule gives {expected}, the event says {found}"
  ],
  "entity-key-malformed": [
    "entity_key 应为 32 位小写十六进制",
    "entity_key must be 32 lower-case hex digits"
  ],
  "backend-missing": [
    "没有安装 {backend} 所需的软件包，请执行：python -m pip install {packages}",
    "what {backend} needs is not installed: python -m pip install {packages}"
  ],
  "backend-without-hash": [
    "此处不能计算 {name}，请改用 plain 或 accelerated",
    "{name} cannot be computed there: use plain or accelerated"
  ],
  "backend-failed": [
    "{backend} 报错：{reason}",
    "{backend} says: {reason}"
  ],
  "backend-differs": [
    "{backend} 在本机算出的结果与标准库不同，不予使用；请改用 plain",
    "{backend} computes something else than the standard library on this machine and is not used: use plain"
  ],
  "cell-malformed": [
    "名单中有不合规的内容：{value}",
    "malformed cell in the frame: {value}"
  ],
  "unit-twice": [
    "名单中 {unit} 不止一次或次序不对",
    "{unit} is in the frame more than once, or out of order"
  ],
  "log-malformed": [
    "log.json 不合规：{reason}",
    "log.json is malformed: {reason}"
  ],
  "note-malformed": [
    "检查点不是有效的签名便笺",
    "not a well-formed signed note"
  ],
  "key-malformed": [
    "验证公钥不合规：{key}",
    "malformed verifier key: {key}"
  ],
  "log-address": [
    "日志地址应以 http:// 或 https:// 开头：{address}",
    "no http or https address: {address}"
  ],
  "log-unreachable": [
    "无法连接日志：{reason}",
    "the log cannot be reached: {reason}"
  ],
  "log-refused": [
    "日志方拒绝（{status}）：{said}",
    "the log refused ({status}): {said}"
  ],
  "log-answer-too-large": [
    "日志的回答超过 {most} 字节",
    "the log's answer is larger than {most} bytes"
  ],
  "notes-too-few": [
    "请至少给出两份检查点",
    "give at least two checkpoints"
  ],
  "log-without-key": [
    "日志没有公布公钥",
    "the log publishes no key"
  ],
  "witness-key-nameless": [
    "{file} 不存在。要生成新的见证密钥，请用 --name 指定名称（不含空格和加号）",
    "{file} does not exist; to make a new witness key give its name with --name (no blanks, no plus signs)"
  ],
  "signer-malformed": [
    "签名私钥文件不合规",
    "malformed file of a private signing key"
  ],
  "signing-unavailable": [
    "签名需要先安装 Python 软件包 cryptography",
    "signing needs the Python package cryptography"
  ]
};

export const FINDING_TEXTS = {
  "verdict-0": [
    "全部重新计算，全部一致",
    "everything recomputed, everything equal"
  ],
  "verdict-1": [
    "发现不一致",
    "there are differences"
  ],
  "verdict-2": [
    "输入无法读取或不合规",
    "the input is unreadable or invalid"
  ],
  "verdict-3": [
    "已公开的部分一致，但有未公开或未证明之处",
    "equal as far as shown; some things are withheld or not proven"
  ],
  "committed-fact": [
    "{file} 与承诺不一致：{fact}",
    "{file} is not what was committed to: {fact} differs"
  ],
  "file-agrees": [
    "{file} 与承诺一致",
    "{file} is what was committed to"
  ],
  "file-withheld": [
    "未公开 {file}",
    "{file} is not shown"
  ],
  "record-missing": [
    "没有 record.json：抽取结果未公开",
    "no record.json: the outcome is not shown"
  ],
  "record-fact": [
    "记录中的 {fact} 应为 {expected}，实为 {found}",
    "the record's {fact} should be {expected}, it is {found}"
  ],
  "seed-agrees": [
    "各方随机数、种子与密钥一致",
    "secrets, seed and keys agree"
  ],
  "selection-agrees": [
    "从 {pool} 个对象中抽出的 {units} 个对象重算一致",
    "the {units} units drawn from {pool} are those the tickets select"
  ],
  "selection-not-recomputed": [
    "抽取结果未能重算",
    "the selection could not be recomputed"
  ],
  "selected-surplus": [
    "{unit} 列为抽中，但按签号不应抽中",
    "{unit} is listed as selected, but its ticket does not select it"
  ],
  "selected-missing": [
    "{unit} 按签号应抽中，但不在名单上",
    "{unit} is selected by its ticket, but is not on the list"
  ],
  "reserve-surplus": [
    "{unit} 不应在候补名单所示部分",
    "{unit} does not belong on the reserve list shown"
  ],
  "reserve-missing": [
    "{unit} 应在候补名单上，但未列出",
    "{unit} belongs on the reserve list, but is not there"
  ],
  "ticket-differs": [
    "{unit} 的签号应为 {expected}",
    "the ticket of {unit} should be {expected}"
  ],
  "stratum-differs": [
    "{unit} 的分层应为 {expected}",
    "the stratum of {unit} should be {expected}"
  ],
  "stratum-count": [
    "分层 {stratum} 的抽取数/总数应为 {expected}，记为 {found}",
    "stratum {stratum} should have {expected} (selected/size), the record says {found}"
  ],
  "order": [
    "{what} 的次序或内容不对",
    "the order or content of {what} is not as the protocol gives it"
  ],
  "and-more": [
    "另有 {count} 处同类不一致",
    "and {count} more of this kind"
  ],
  "teams-agree": [
    "{teams} 个检查组重算一致",
    "the {teams} teams are those the tickets form"
  ],
  "teams-possible": [
    "{teams} 个检查组在不知回避关系的情况下未见矛盾",
    "nothing about the {teams} teams is impossible as far as can be seen without the ties"
  ],
  "teams-not-recomputed": [
    "缺少 {file}，检查组未能完全重算",
    "without {file} the teams could not be recomputed in full"
  ],
  "team-surplus": [
    "不应有 {team} 组",
    "there should be no team {team}"
  ],
  "team-missing": [
    "缺少 {team} 组",
    "team {team} is missing"
  ],
  "team-units": [
    "{team} 组的对象应为 {expected}，记为 {found}",
    "team {team} should visit {expected}, the record says {found}"
  ],
  "team-too-large": [
    "{team} 组中 {department} 部门人数超过规则",
    "team {team} has too many of {department}"
  ],
  "member-surplus": [
    "{inspector} 列在 {team} 组，但按签号不应在该组",
    "{inspector} is listed on team {team}, but the tickets do not put them there"
  ],
  "member-missing": [
    "{inspector} 按签号应在 {team} 组，但未列出",
    "{inspector} belongs on team {team} by the tickets, but is not listed"
  ],
  "member-differs": [
    "{team} 组成员 {inspector} 的部门或组长标记不对",
    "department or lead mark of {inspector} on team {team} is wrong"
  ],
  "member-over-cap": [
    "{inspector} 被安排 {load} 次，超过上限 {cap}",
    "{inspector} has {load} places, more than the cap of {cap}"
  ],
  "unit-dealt": [
    "{unit} 应恰好分给一个组或列为无组可派，实为 {times} 次或未抽中",
    "{unit} should be dealt exactly once or listed as left over, and be selected; it is there {times} times"
  ],
  "unfilled-differs": [
    "空缺记载不一致：部门 {department} 组 {team} 对象 {unit}",
    "the empty places differ: department {department} team {team} unit {unit}"
  ],
  "strata-withheld": [
    "分层保密：种子、签号与各对象分层未公开，抽取结果由见证方在完整包上核验",
    "strata are confidential: seed, tickets and each unit's stratum are withheld; witnesses verify in full"
  ],
  "public-record-agrees": [
    "总数、名单与承诺一致（{units} 个对象）",
    "totals and list agree with the commitment ({units} units)"
  ],
  "units-not-counted": [
    "名单有 {units} 个对象，与各分层合计不符",
    "the list has {units} units, the strata add up to another number"
  ],
  "statements-too-few": [
    "见证方签署的核验声明只有 {found} 份有效，应至少 2 份",
    "{found} valid statements of witnesses, at least 2 are needed"
  ],
  "statements-hold": [
    "见证方声明有效：{names}",
    "statements of witnesses hold: {names}"
  ],
  "statement-differs": [
    "一份见证声明说的是另一次抽取或另一份记录",
    "a statement speaks of another draw or record"
  ],
  "log-missing": [
    "没有 log.json：未证明这是唯一一次抽取",
    "no log.json: not proven unique"
  ],
  "log-proven": [
    "{leaves} 条日志均在 {size} 条的公开日志之中",
    "all {leaves} leaves stand in the log of {size}"
  ],
  "leaf-not-in-log": [
    "日志第 {index} 条（{event}）不在检查点之中",
    "leaf {index} ({event}) is not in the log of the checkpoint"
  ],
  "event-repeated": [
    "日志中 {event} 出现 {times} 次",
    "the event {event} is in the log {times} times"
  ],
  "event-not-shown": [
    "未出示日志事件 {event}",
    "the log event {event} is not shown"
  ],
  "event-digest": [
    "日志第 {index} 条（{event}）的摘要不符",
    "the digest of leaf {index} ({event}) does not fit"
  ],
  "event-digest-withheld": [
    "日志事件 {event} 的摘要无从核对",
    "the digest of the event {event} cannot be checked"
  ],
  "events-out-of-order": [
    "日志事件次序不对",
    "the events of the log are out of order"
  ],
  "log-time-backwards": [
    "日志时间倒退",
    "the times of the log run backwards"
  ],
  "void-after-draw": [
    "抽取之后又宣告作废",
    "declared void after the draw"
  ],
  "draw-void": [
    "该次抽取已宣告作废",
    "the draw was declared void"
  ],
  "contribution-not-logged": [
    "日志未出示 {by} 的出数",
    "the contribution of {by} is not shown in the log"
  ],
  "contribution-not-committed": [
    "日志中有 {by} 的出数，承诺中没有",
    "the log has a contribution of {by}, the commitment has not"
  ],
  "signatures-hold": [
    "签名有效：{names}",
    "signatures hold: {names}"
  ],
  "signature-missing": [
    "缺少 {name} 的签名",
    "the signature of {name} is missing"
  ],
  "signature-wrong": [
    "{name} 的签名无效",
    "the signature of {name} is wrong"
  ],
  "signature-unknown": [
    "没有 {name} 的公钥，签名未核验",
    "no key of {name} is known; its signature is unchecked"
  ],
  "signature-unchecked": [
    "未安装 cryptography，{name} 的签名未核验",
    "signature of {name} unchecked: the package cryptography is not installed"
  ],
  "keys-from-bundle": [
    "公钥取自数据包自身，请与各方公布的公钥对照（--keys）",
    "the keys come from the bundle itself: compare them with those their owners publish (--keys)"
  ],
  "commitment-unwitnessed": [
    "承诺公布时的检查点只有 {witnesses} 个见证方及时签署（有公共随机数的，应在其产生之前），应至少 2 个",
    "{witnesses} witnesses cosigned the checkpoint that holds the commitment in time (before the public value, where there is one); at least 2 are needed"
  ],
  "beacon-unchecked": [
    "公共随机数 {value} 是否确为 {source} 第 {round} 期所公布，本程序无从核验，请与该来源自己的公布对照",
    "that {source} published {value} for round {round} cannot be checked here: compare it with the source itself"
  ],
  "beacon-other-round": [
    "日志第 {index} 条所记的公共随机数来源、期号或规则不是承诺所定（或规则所定接替）的",
    "leaf {index} of the log speaks of another source, round or rule of the public value than was committed to or follows by the rule"
  ],
  "beacon-passed": [
    "{source} 第 {round} 期过时未收到公共随机数，改用下一期；如该期当时已经公布，请追问原因",
    "round {round} of {source} passed without a value and the next was used; if it was published in time, ask why"
  ],
  "beacon-known-before": [
    "{source} 第 {round} 期产生于 {at}，不晚于承诺（{committed_at}）：承诺之前即可得知该随机数，结果可能是挑选的",
    "round {round} of {source} came at {at}, not later than the commitment ({committed_at}): its value could be known before anything was fixed, and the outcome chosen"
  ],
  "beacon-not-first": [
    "按规则 {rule}，应为 {by_rule} 第 {expected} 期，所用却是 {source} 第 {round} 期：期号不得挑选",
    "by the rule {rule} round {expected} of {by_rule} counts, not round {round} of {source}: nobody may choose it"
  ],
  "beacon-round-agrees": [
    "{source} 第 {round} 期与由规则和承诺时间推算的一致，产生于 {at}，晚于承诺（{committed_at}）",
    "round {round} of {source} is the one that rule and commitment give; it came at {at}, after the commitment ({committed_at})"
  ],
  "beacon-round-later": [
    "{source} 第 {round} 期产生于 {at}，晚于承诺（{committed_at}）；本程序不知规则 {rule}，期号是否其所定请对照",
    "round {round} of {source} came at {at}, after the commitment ({committed_at}); whether the rule {rule} gives that round is not known here: read the rule"
  ],
  "commitment-not-in-checkpoint": [
    "见证方签署的检查点尚不含该承诺",
    "the checkpoint the witnesses cosigned does not hold the commitment yet"
  ],
  "log-rewritten": [
    "日志并非只增不改：与早先的检查点不一致",
    "the log is not a continuation of the earlier checkpoint"
  ],
  "replacement-due": [
    "{team} 组的 {inspector} 与递补对象有回避关系，却未随即替换",
    "{inspector} of team {team} is tied to the unit that followed and was not replaced right after it"
  ],
  "replacements-agree": [
    "{events} 次替补重算一致",
    "the {events} replacements are those the tickets give"
  ],
  "replacements-not-recomputed": [
    "{events} 次替补未能重算",
    "{events} replacements could not be recomputed"
  ],
  "rehearsal": [
    "这是演练：对象和人员都是虚构的，不是任何机关的抽取",
    "this is a rehearsal: units and inspectors are invented, it is no draw of any authority"
  ],
  "stratum-certain": [
    "分层 {stratum} 的 {size} 个对象全部抽中，没有随机性",
    "all {size} units of stratum {stratum} are selected: nothing is random"
  ],
  "stratum-impossible": [
    "分层 {stratum} 的 {size} 个对象一个也不抽",
    "none of the {size} units of stratum {stratum} can be selected"
  ],
  "department-thin": [
    "部门 {department} 在 {teams} 个组（如 {first}）的可选人员不足所需的两倍，人选容易猜到",
    "for {teams} teams ({first} first) department {department} had fewer than twice the agents needed"
  ],
  "department-thin-groups": [
    "部门 {department} 可选 {agents} 人，不足所需 {needed} 人的两倍，人选容易猜到",
    "department {department} had {agents} agents, fewer than twice the {needed} needed"
  ],
  "certificate-twice": [
    "同一证号对应两个化名：{first}、{second}",
    "one certificate behind two pseudonyms: {first}, {second}"
  ],
  "number-gap": [
    "抽查编号不连续：缺 {first} 至 {last}",
    "draw numbers leave a gap: {first} to {last}"
  ]
};
