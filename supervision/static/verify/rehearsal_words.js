/* What the rehearsal says, [Chinese, English] by code. */
import { sayFrom } from "./words.js";

const WORDS = {
  "department": ["演练部门 {number}", "Rehearsal department {number}"],
  "witness": ["演练见证人 {number}", "Rehearsal witness {number}"],
  "system": ["本浏览器（代替平台）", "This browser, in place of the platform"],
  "remark": [
    "演练 REHEARSAL：本文件夹中的企业和检查人员均为虚构，不是任何机关的抽取，不具任何效力。",
    "Rehearsal: the enterprises and inspectors in this folder are invented. It is no draw of any authority and has no effect.",
  ],
  "frozen": [
    "名单已冻结：抽取名单 {pool} 个、排除 {excluded} 个虚构企业，{inspectors} 名虚构检查人员。从现在起任何文件都不能再改。",
    "The lists are frozen: {pool} invented enterprises in the pool, {excluded} left out, {inspectors} invented inspectors. From now on no file may change.",
  ],
  "digests": ["各文件的摘要值", "Digests of the files"],
  "seal-how": [
    "现在每一方各生成一个随机数，只交出它的摘要值。谁也不知道别人的随机数。",
    "Now every party makes a secret and hands over its digest only. Nobody knows the secret of another.",
  ],
  "make": ["由浏览器生成", "Let this browser draw"],
  "dice": ["掷骰子", "Throws of a die"],
  "dice-help": ["至少 50 次，1 至 6", "At least 50 throws, 1 to 6"],
  "use-dice": ["用骰子", "Use the throws"],
  "dice-wrong": ["须至少 50 个 1 至 6 的数字，现有 {count} 个。", "At least 50 digits from 1 to 6 are needed; there are {count}."],
  "sealed": ["已封存，摘要值：", "Sealed. Its digest:"],
  "commit": ["作出承诺", "Commit"],
  "committed": [
    "承诺已作出。请全场抄下这一串字符（至少前 16 位），稍后对照：此后名单、规则和各方的随机数都已固定。",
    "The commitment is made. Let everybody note these characters, at least the first 16, to compare later: lists, rules and secrets are fixed now.",
  ],
  "reveal-how": ["现在各方揭示自己的随机数。", "Now every party reveals its secret."],
  "reveal": ["揭示随机数", "Reveal"],
  "revealed": ["已揭示，与封存的摘要值相符：", "Revealed; it fits the digest that was sealed:"],
  "draw": ["抽取", "Draw"],
  "drawn": [
    "抽中 {units} 个虚构企业。种子由全部随机数和承诺合成，谁也无法预知或左右。",
    "{units} invented enterprises are drawn. The seed is made of all secrets and the commitment; nobody could foresee or steer it.",
  ],
  "chance": ["分层 {stratum}：{size} 个中抽 {selected} 个", "Stratum {stratum}: {selected} of {size}"],
  "teams": ["检查组（{count}）", "Teams ({count})"],
  "team": ["组", "Team"],
  "units": ["对象", "Enterprises"],
  "members": ["成员（★ 为组长）", "Members (★ leads)"],
  "unfilled": ["有 {count} 处空缺：检查人员不够。", "{count} places are empty: there are too few inspectors."],
  "verify": ["核验", "Verify"],
  "cheat": ["试着作弊：把一家抽中的企业换掉，再核验", "Try to cheat: swap one drawn enterprise, then verify"],
  "cheated": ["作弊：把抽中的 {out} 换成了 {into}。核验结果：", "Cheated: {out}, which was drawn, was swapped for {into}. The check says:"],
  "download": ["下载演练数据包", "Download the bundle of the rehearsal"],
  "download-how": [
    "可在核验页选择这个文件，或解压 sampling.zip 后运行 python -m sampling verify {file}。",
    "Choose this file on the verifying page, or unpack sampling.zip and run python -m sampling verify {file}.",
  ],
  "wrong": ["这样无法演练：{reason}", "That cannot be rehearsed: {reason}"],
};

export function say(language, code, facts) {
  return sayFrom(WORDS, language, code, facts);
}
