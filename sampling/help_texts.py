"""What `python -m sampling --help` says, by command: what it does, then examples and how to read the outcome."""

_EXIT_CODES = """\
结束码 exit codes
  0  全部重新计算，全部一致          everything recomputed, everything equal
  1  发现不一致，逐一点名            differences, each of them named
  2  文件无法读取或不合规            the file cannot be read or is invalid
  3  已公开的部分一致，并列出未公开  equal as far as shown; what is withheld
     或未证明之处                    or not proven is listed"""

HELP: dict[str, tuple[str, str]] = {
    "all": (
        "双随机抽查的抽取与核验（double-random-draw/1）。只需本文件夹和 Python 3.11 以上版本，不联网，不需安装。\n"
        "Draw and verify double-random inspections. Needs this folder and Python 3.11 or later, nothing else.",
        """\
例 examples
  python -m sampling verify 310106-2026-0001.zip
      核验一次公开的抽取 check a published draw
  python -m sampling ticket --bundle 310106-2026-0001.zip 91310106MA1FY0001X
      查一家企业为什么抽中、为什么没有抽中 why one enterprise was drawn, or was not
  python -m sampling verify --help
      某个命令的说明 the help of one command

"""
        + _EXIT_CODES,
    ),
    "verify": (
        "核验一次公开的抽取：逐项重新计算，并点名每一处不一致。\nRecompute a published draw and name every difference.",
        """\
例 examples
  python -m sampling verify 310106-2026-0001.zip
  python -m sampling verify --keys 公钥.txt 310106-2026-0001.zip

结论之后逐条列出：[invalid] 无法读取，[difference] 不一致，[withheld] 未公开或未证明，
[warning] 合规但值得留意，[ok] 重算一致。
After the verdict each finding follows, the gravest first.

"""
        + _EXIT_CODES,
    ),
    "ticket": (
        "查询一个检查对象：在名单中的位置、签号、名次、机会、是否抽中，或者为何未列入。\n"
        "Look up one unit: its line, ticket, rank, chance and outcome, or why it was left out.",
        """\
例 examples
  python -m sampling ticket --bundle 310106-2026-0001.zip 91310106MA1FY0001X
  python -m sampling ticket --bundle 310106-2026-0001.zip REG-310106600123456""",
    ),
    "draw": (
        "由已承诺的抽查包和各方公开的秘密计算结果，写入 record.json；相同输入总得相同结果。\n"
        "Compute the outcome of a committed bundle from the revealed secrets into record.json: the same input always\n"
        "gives the same bytes.",
        """\
例 example
  python -m sampling draw --bundle 310106-2026-0001 --reveal 310106-2026-0001/reveal.json

结束码 exit codes
  0  已写入 record.json   written
  2  输入无法读取或不合规，什么也没有写   the input is unreadable or invalid; nothing was written""",
    ),
}
