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
  python -m sampling ticket --bundle 310106-2026-0001.zip REG-310106600123456

结束码 exit codes
  0  已查到，或登记库中没有这个代码   found, or not in the register
  2  输入无法读取或不合规             the input is unreadable or invalid""",
    ),
    "select": (
        "从一份名单抽取对象（第4、5节）：名单可以很长，也可以留在数据库或集群里；各后端的结果逐字节相同。\n"
        "Draw the units of a frame that may be long, or stay in a database or cluster: the same bytes everywhere.",
        """\
例 examples
  python -m sampling select --frame frame.tsv --rules rules.json --entity-key 0123456789abcdef0123456789abcdef
  python -m sampling select --backend duckdb --frame 'register/*.parquet' --rules rules.json --entity-key …
  python -m sampling select --backend postgresql --database 'host=db dbname=register' --frame public.frame …
  python -m sampling select --backend spark --frame hdfs:///register/frame.parquet --without-root …
      （集群：spark-submit --master … 运行同一命令 on a cluster: spark-submit runs the same command）

名单的列 columns: unit, stratum（保密分层加 salt and salt for confidential strata）
后端 backends
  auto         有 numba 就用，否则只用标准库     numba if it is installed, else the standard library
  plain        只用标准库                        the standard library alone
  accelerated  numpy 和 numba                    numpy and numba
  duckdb       Parquet 或 TSV 文件               Parquet or TSV files
  postgresql   数据表，在库内用 SQL 计算         a table, computed there in SQL
  spark        Parquet 或 TSV，单机或集群        Parquet or TSV, one machine or a cluster
不算根（--without-root）时，只核对抽中和候补的对象没有重复。
Without the root, only the units drawn and in reserve are checked to be there once.

结束码 exit codes
  0  完成   done
  2  输入无法读取或不合规   the input is unreadable or invalid""",
    ),
    "draw": (
        "由已承诺的数据包和各方揭示的随机数计算结果，写入 record.json；相同输入总得相同结果。\n"
        "Compute the outcome of a committed bundle from the revealed secrets into record.json: the same input always\n"
        "gives the same bytes.",
        """\
例 example
  python -m sampling draw --bundle 310106-2026-0001 --reveal 310106-2026-0001/reveal.json

结束码 exit codes
  0  已写入 record.json   written
  2  输入无法读取或不合规，什么也没有写   the input is unreadable or invalid; nothing was written""",
    ),
    "witness": (
        "见证透明日志：保存看到的最新检查点，核对日志只增不改，用自己的密钥签署。\n"
        "Witness the transparency log: keep the newest checkpoint seen, check that the log only grew, cosign it.",
        """\
例 examples
  python -m sampling witness --log https://example.gov.cn/log --state 见证
      只查看并保存 look and keep, nothing else
  python -m sampling witness --log https://example.gov.cn/log --state 见证 --key 见证.key --name 某局 --submit
      签署并提交；首次运行生成密钥 cosign and hand in; the first run makes the key

手里已有检查点：放进文件夹，命名为 checkpoint.txt，日志方须证明此后只增不改。
A checkpoint you kept goes into the folder as checkpoint.txt: the log must prove that it only grew since.
核验签名和签署需要 Python 软件包 cryptography；没有它，根和证明照常比对。
Checking and making signatures needs the Python package cryptography; heads and proofs are compared without it.

结束码 exit codes
  0  日志只增不改                    the log only grew
  1  分叉、倒退、改写或签名不对      a fork, a rollback, a rewritten log or a wrong signature
  2  无法连接或文件不合规            the log cannot be reached, or a file is invalid""",
    ),
    "compare": (
        "比较几个人手里的检查点：条数相同而根不同，就是分叉。\n"
        "Compare the checkpoints several people hold: one size and two heads are a fork.",
        """\
例 example
  python -m sampling compare 我的.txt 邻区的.txt 网站上的.txt

结束码 exit codes
  0  没有分叉  no fork
  1  分叉      a fork
  2  文件不合规  a file is invalid""",
    ),
    "fairness": (
        "抽取之前（冻结之后）用模拟种子测算机会是否均等；不涉及任何真实的随机数，不产生名单。\n"
        "Measure chances on dummy seeds before a draw, after the freeze: no real secret goes in, no list comes out.",
        """\
例 examples
  python -m sampling fairness --bundle 310106-2026-0001
  python -m sampling fairness --bundle 310106-2026-0001.zip --seeds 2000 --json""",
    ),
    "simulate": (
        "用虚构的区演示：同样的检验多久能发现舞弊的抽取，又是否会冤枉如实的抽取。\n"
        "Show on an invented district how soon the tests notice rigged draws, and that they pass honest ones.",
        """\
例 examples
  python -m sampling simulate --honest 200 --rigged 20
      几十秒看个大概 a first look in under a minute
  python -m sampling simulate --to fairness.json
      全部运行，约十分钟 the whole run, about ten minutes""",
    ),
}
