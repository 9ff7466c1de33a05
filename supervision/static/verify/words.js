/* What the pages say while they work, [Chinese, English] by code. The page saved as one file carries its words with it,
   so they stand here; sentences of the findings are those of sampling/ (texts.js). */

export const WORDS = {
  // steps of the check
  "step-files": ["读取文件，核对摘要值", "Reading the files, comparing their digests"],
  "step-tree-frame": ["重算抽取名单的哈希树", "Recomputing the tree of the pool"],
  "step-tree-excluded": ["重算排除名单的哈希树", "Recomputing the tree of those left out"],
  "step-tickets": ["重算每户的签号并排序", "Recomputing every ticket and sorting"],
  "step-teams": ["重组检查组", "Forming the teams again"],
  "step-log": ["核对公开日志与签名", "Checking the public log and its signatures"],
  "step-load": ["下载数据包", "Fetching the bundle"],
  "step-unpack": ["解压", "Unpacking"],
  // the outcome
  "outcome-0": [
    "全部一致：从 {pool} 个对象中抽出的 {units} 个及 {teams} 个检查组，均由本浏览器重新计算，与公布的记录完全相同。",
    "All agrees: this browser recomputed the {units} drawn from {pool} and their {teams} teams; they are those of the record.",
  ],
  "outcome-3": [
    "凡已公开的均由本浏览器重新计算，全部一致。尚有未公开或未证明之处：{list}。",
    "All that is shown was recomputed in this browser and agrees. What stays open: {list}.",
  ],
  "outcome-1": ["发现不一致，共 {count} 处。第一处：{first}。", "There are {count} differences. The first: {first}."],
  "outcome-2": ["这个数据包无法读取或不合规：{first}。", "This bundle cannot be read or is invalid: {first}."],
  "outcome-failed": [
    "本浏览器未能完成计算（{reason}）。请换用新版浏览器，或按下文用 Python 核验。",
    "This browser could not finish ({reason}). Use a newer browser, or check with Python as described below.",
  ],
  "title-0": ["全部一致", "All agrees"],
  "title-1": ["发现不一致", "A difference"],
  "title-2": ["无法核验", "Cannot be checked"],
  "title-3": ["已公开部分全部一致", "All agrees as far as shown"],
  "took": ["用时 {seconds} 秒，文件读取之后未再联网。", "It took {seconds} s; nothing was asked of any server after the files were read."],
  "semicolon": ["；", "; "],
  "colon": ["：", ": "],
  "group-invalid": ["无法读取（{count}）", "Unreadable ({count})"],
  "group-difference": ["不一致（{count}）", "Differences ({count})"],
  "group-withheld": ["未公开或未证明（{count}）", "Withheld or not proven ({count})"],
  "group-warning": ["合规但值得留意（{count}）", "As the rules say, yet worth a look ({count})"],
  "group-ok": ["重算一致（{count}）", "Recomputed and equal ({count})"],
  "fetch-failed": ["数据包下载失败，请检查网络，或选择已保存的文件。", "The bundle could not be fetched. Check the connection, or choose a saved file."],
  "read-failed": ["所选文件读取失败，请重新选择。", "The chosen files could not be read. Choose them again."],
  "nothing-chosen": ["所选文件中没有数据包的文件。", "None of the chosen files belongs to a bundle."],
  "rehearsal": [
    "这是演练：企业和检查人员都是虚构的，不是任何机关的抽取。",
    "This is a rehearsal: enterprises and inspectors are invented. It is no draw of any authority.",
  ],
  // what it means that a file is not shown
  "about-mapping.tsv": [
    "mapping.tsv 记载检查人员编号对应的执法证号，不公开，由执法监督保管；核验抽中了谁不需要它。",
    "mapping.tsv says which certificate stands behind each inspector's number. It is never published, oversight holds it; who was drawn is checked without it.",
  ],
  "about-ties.tsv": [
    "ties.tsv 记载哪些检查人员须回避哪些企业，属个人信息，不公开；这一部分由执法监督用完整数据包核验。",
    "ties.tsv says which inspectors must stand back from which enterprises. That is personal and never published; oversight checks this part with the full bundle.",
  ],
  // facts
  "facts": ["这次抽取的主要数据", "Main facts of this draw"],
  "fact-draw": ["抽取编号", "Number of the draw"],
  "fact-commitment": ["承诺", "Commitment"],
  "fact-committed-at": ["承诺时间（世界时）", "Committed at (UTC)"],
  "fact-pool": ["抽取名单", "In the pool"],
  "fact-excluded": ["排除在外", "Left out"],
  "fact-parties": ["参与方", "Parties"],
  "fact-seed": ["种子", "Seed"],
  "fact-key": ["对象密钥", "Key of the entities"],
  "strata": ["各分层的机会", "Chances by stratum"],
  "stratum": ["分层", "Stratum"],
  "size": ["对象数", "Entities"],
  "selected": ["抽中", "Drawn"],
  "chance": ["每户机会", "Chance of each"],
  "drawn-list": ["抽中名单（{count}）", "Who was drawn ({count})"],
  "unit": ["代码", "Code"],
  "ticket": ["签号", "Ticket"],
  "and-more-rows": ["其余 {count} 行见数据包中的 record.json。", "{count} more are in record.json of the bundle."],
  // commitment typed from notes, trusted keys
  "noted-agrees": ["您记下的承诺与数据包一致（{length} 位）。", "The commitment you noted is that of the bundle ({length} characters)."],
  "noted-differs": [
    "您记下的承诺与数据包不一致：请先核对是否抄错；若无误，则这不是当初承诺的抽取。",
    "The commitment you noted is not that of the bundle. Check your note first; if it is right, this is not the draw that was committed to.",
  ],
  "noted-short": ["请至少输入承诺的前 16 位。", "Type at least the first 16 characters of the commitment."],
  "site-agrees": ["与本网站抽取之前公布的承诺相同。", "It is the commitment this site showed before the draw."],
  "site-differs": ["与本网站公布的承诺不同！", "It is not the commitment this site shows!"],
  "other-draw": [
    "这个数据包属于抽取 {draw}，不是本页的抽取 {number}。",
    "This is the bundle of draw {draw}, not of draw {number}, which this page is about.",
  ],
  "keys-wrong": ["公钥填写有误：{first}", "A key is not well-formed: {first}"],
  // one enterprise
  "look-first": ["请输入统一社会信用代码。", "Type a credit code."],
  "look-needs-bundle": ["请先核验或选择一个数据包。", "Check a draw or choose a bundle first."],
  "look-busy": ["正在查找并计算证明……", "Looking it up and computing the proof …"],
  "look-drawn": [
    "抽中：在分层 {stratum} 的 {size} 户中，签号排第 {rank} 位，前 {selected} 位抽中。",
    "Drawn: its ticket is number {rank} of the {size} in stratum {stratum}, and the first {selected} are drawn.",
  ],
  "look-reserve": [
    "未抽中：签号在分层 {stratum} 的 {size} 户中排第 {rank} 位，只抽前 {selected} 位；在候补名单上排第 {reserve} 位。",
    "Not drawn: its ticket is number {rank} of the {size} in stratum {stratum}, and only the first {selected} are drawn. It is number {reserve} on the reserve list.",
  ],
  "look-struck": ["抽中之后因“{ground}”核销，由候补对象替补。", "After the draw it was struck ({ground}); the next of the reserve list followed."],
  "look-called": ["因“{ground}”核销了 {out}，本户由候补转为检查对象。", "It was called from the reserve list when {out} was struck ({ground})."],
  "look-excluded": ["不在抽取名单中，未参加抽取。原因：{reason}。", "It was not in the pool and could not be drawn. Reason: {reason}."],
  "look-not-drawn-yet": ["在抽取名单中；数据包没有结果，尚无签号。", "It is in the pool; the bundle holds no outcome, so there is no ticket yet."],
  "look-nowhere": [
    "既不在抽取名单中，也不在排除名单中：冻结时登记库没有这个代码。请核对代码。",
    "It is neither in the pool nor among those left out: the register did not hold this code at the freeze. Check the code.",
  ],
  "look-withheld": [
    "本次抽取的名单不公开（{files}），无法在此查询。企业可凭本户代码向牵头部门索取自己的一行、签号和证明。",
    "The lists of this draw are withheld ({files}), so it cannot be looked up here. An enterprise gets its own line, ticket and proof from the lead department by its code.",
  ],
  "look-listed": ["在抽取名单中。分层不公开，签号和机会不在此公布。", "It was in the pool. The strata are confidential, so ticket and chance are not shown here."],
  "look-listed-drawn": ["在抽取名单中，并且抽中。分层不公开，签号和机会不在此公布。", "It was in the pool and was drawn. The strata are confidential, so ticket and chance are not shown here."],
  "look-listed-not": ["在抽取名单中，没有抽中。分层不公开，签号和机会不在此公布。", "It was in the pool and was not drawn. The strata are confidential, so ticket and chance are not shown here."],
  "look-public-drawn": ["在抽中名单上。", "It is on the list of those drawn."],
  "look-line": ["在 {file} 第 {number} 行，共 {size} 行", "Line {number} of {size} in {file}"],
  "look-ticket": ["签号", "Ticket"],
  "look-rank": ["名次", "Rank"],
  "look-cut-off": ["末位抽中签号", "Cut-off: the last ticket drawn"],
  "look-chance": ["抽中机会", "Chance"],
  "look-none": ["无", "none"],
  "look-command": ["自己动手算签号", "Compute the ticket yourself"],
  "look-share": ["分享链接（代码在 # 之后，不会发送给服务器）", "Link to share (the code stands behind #, it is never sent to the server)"],
  "copy": ["复制", "Copy"],
  "copied": ["已复制", "Copied"],
  "proof": ["证明本行在承诺的名单之中（{count} 步）", "Proof that this line is in the list that was committed to ({count} steps)"],
  "proof-how": [
    "先对 0x00 加本行取散列，再逐步与相邻的散列拼接（前加 0x01）取散列，最后应得到承诺中的根。",
    "Hash 0x00 and the line; then at each step hash 0x01, left and right. The last must be the root in the commitment.",
  ],
  "proof-line": ["本行的散列", "Hash of the line"],
  "proof-left": ["与左邻", "with its left neighbor"],
  "proof-right": ["与右邻", "with its right neighbor"],
  "proof-agrees": ["得到的根与承诺一致：", "The root reached is that of the commitment:"],
  "proof-differs": ["得到的根与承诺不一致！应为 ", "The root reached is not that of the commitment! It should be "],
};

/* The words of a code in a language, with the facts in their places. */
export function say(language, code, facts = {}) {
  return sayFrom(WORDS, language, code, facts);
}

/* The same from other words. */
export function sayFrom(words, language, code, facts = {}) {
  const text = words[code][language === "en" ? 1 : 0];
  return text.replace(/\{([a-z]+)\}/g, (place, name) => String(facts[name]));
}
