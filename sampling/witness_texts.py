"""The sentences of `sampling.witnessing`, by code: Chinese, then English."""

VERDICT_TEXTS: dict[str, tuple[str, str]] = {
    "first": (
        "首次查看，暂无旧检查点可比；已记下日志 {origin}，共 {size} 条。",
        "First look: there is no older checkpoint to compare with. Noted log {origin} with {size} leaves.",
    ),
    "unchanged": (
        "日志没有变化：{size} 条，根相同。",
        "The log has not changed: {size} leaves, the same head.",
    ),
    "grown": (
        "日志只增不改：从 {old} 条增至 {size} 条，证明成立。",
        "The log only grew: from {old} to {size} leaves, and the proof holds.",
    ),
    "fork": (
        "分叉：同样是 {size} 条，却有两个不同的根。日志方对不同的人出示了不同的历史。",
        "Fork: two different heads for the same {size} leaves. The log shows different people different histories.",
    ),
    "rollback": (
        "倒退：以前有 {old} 条，现在只有 {size} 条。日志被截短，或者数据库恢复成了旧的备份。",
        "Rollback: there were {old} leaves, now there are {size}. The log was cut, or an old backup was put back.",
    ),
    "rewritten": (
        "改写：{size} 条的日志并不是以前 {old} 条日志的延续，以前的记录被改动过。",
        "Rewritten: the log of {size} leaves does not continue that of {old}; what was recorded before was changed.",
    ),
    "unproven": (
        "无法判断：日志从 {old} 条增至 {size} 条，却没有给出一致性证明。",
        "Undecided: the log grew from {old} to {size} leaves without a consistency proof.",
    ),
    "other-log": (
        "不是同一个日志：原为 {old_origin}，现为 {origin}。",
        "Not the same log: it was {old_origin}, now it is {origin}.",
    ),
    "unsigned": (
        "没有用已知公钥作出的日志方签名。可能换了密钥而没有旧密钥背书，也可能有人冒充日志。",
        "No signature of the log by a key known here: a new key that the old one does not vouch for, or an impostor.",
    ),
    "forged": (
        "日志方的签名无效。",
        "The signature of the log is wrong.",
    ),
    "unchecked": (
        "未安装 cryptography，签名没有核验；根和证明照常比对。",
        "Signatures are unchecked: the package cryptography is not installed. Heads and proofs are compared anyway.",
    ),
}

ALARM = (
    "怎么办：不要再为这个日志签名，保留 {folder} 中的两份检查点；立即告知区执法监督部门、本部门负责人和其他见证方，"
    "请他们各自比对手里的检查点。在查明之前，之后的抽查结果不可信。",
    "What to do: do not cosign this log any more and keep both checkpoints in {folder}. At once tell the district's "
    "enforcement oversight, the head of your department and the other witnesses, and ask each of them to compare "
    "what they hold. Until this is cleared up no later draw can be relied on.",
)
CALL = ("联系：{contact}", "Call: {contact}")
FIRST_TRUST = (
    "首次信任：公钥取自日志网站自身，未经核实。请用电话、文件等另外的途径与日志方核对：\n    {key}",
    "Trust on first use: the key comes from the log's own site and nobody has checked it. Compare it with its owner "
    "by telephone or on paper:\n    {key}",
)
NEW_KEY = (
    "日志方更换了密钥，旧密钥在日志第 {index} 条为新密钥背书，已记下：\n    {key}",
    "The log has a new key; the old one vouches for it in leaf {index}. Noted:\n    {key}",
)
COSIGNED = ("已签署见证：{name}", "Cosigned by {name}")
SUBMITTED = ("见证签名已提交日志方。", "The cosignature was handed to the log.")
NOT_SUBMITTED = (
    "见证签名没有交上去，所见的检查点已保存。下面的公钥是否已由日志方的安全管理员登记？登记后再运行一次：\n    {key}",
    "The cosignature was not handed in; what was seen is kept. Has the log's security administrator entered this "
    "public key? Run once more when that is done:\n    {key}",
)
KEY_MADE = (
    "已生成见证密钥 {file}（请妥善保管）。请把下面的公钥交给安全管理员登记：\n    {key}",
    "Made the witness key {file}: keep it safe. Give this public key to the security administrator to be entered:"
    "\n    {key}",
)
COMPARED = {
    "same": ("第 {first} 份与第 {second} 份一致（{size} 条）。", "Notes {first} and {second} agree ({size} leaves)."),
    "fork": (
        "第 {first} 份与第 {second} 份分叉：同为 {size} 条，根不同！",
        "Notes {first} and {second} are a fork: {size} leaves each, different heads!",
    ),
    "apart": (
        "第 {first} 份与第 {second} 份大小不同（{old} 条、{size} 条）：要有一致性证明才能比较。"
        "请把较旧的一份放进一个文件夹，命名为 checkpoint.txt，再用 witness --state 指定该文件夹，由日志方给出证明。",
        "Notes {first} and {second} have different sizes ({old}, {size}): comparing them needs a consistency proof. "
        "Put the older one into a folder as checkpoint.txt and run witness with --state and that folder: the log must "
        "prove that it only grew.",
    ),
    "other-log": ("第 {first} 份与第 {second} 份属于不同的日志。", "Notes {first} and {second} are of different logs."),
}
