"""Zip files for a machine with nothing but Python: the program alone, or with one draw's bundle and how to run it."""

import io
import zipfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import sampling

# A zip file has no day of its own here, so that the same contents are always the same file.
_ZIP_DAY = (1980, 1, 1, 0, 0, 0)
_PROGRAM_FILES = ("*.py", "*.c", "*.md", "*.toml", "py.typed")

_README = """\
双随机抽查 {number}：自己动手核验
================================================================

这个压缩包里有核验程序（sampling 文件夹）和本次抽取的公开数据包（{number} 文件夹）。
只需 Python 3.11 或更高版本，不联网，不需安装任何东西。

解压之后，在这个文件夹里运行一条命令：

    python verify.py

（Windows 上也可写作 py verify.py。）它重新计算每一个摘要值、种子、签号、抽中名单和检查组，
并用普通话语点名每一处不一致，也列出未公开或未证明之处。
日志的签名须装有 Python 软件包 cryptography 才能核验；没有它，程序会注明签名未核验，其余照常。

查一家企业为什么抽中、为什么没有抽中：

    python verify.py 91310106MA1FY0001X

结束码：0 全部重算一致；3 已公开的部分一致；1 发现不一致；2 文件无法读取。
请把程序显示的承诺与抽取之前公布的承诺对照，最好用您自己当时记下的。
运行之前可以先读程序，或请人代读；也可以按方法说明另写一个，两个程序应得出相同的字节。


Double random draw {number}: check it yourself
================================================================

This zip file holds the program (folder sampling) and the public bundle of the draw (folder {number}).
It needs Python 3.11 or newer, no internet, and nothing to install.

Unpack it and run one command in this folder:

    python verify.py

(On Windows also: py verify.py.) It recomputes every digest, the seed, the tickets, who is drawn and
the teams, and names every difference in plain words, and what is withheld or not proven.
Signatures of the log need the Python package cryptography; without it the program says that they
are unchecked, and checks everything else.

Why one enterprise was drawn, or was not:

    python verify.py 91310106MA1FY0001X

Exit codes: 0 all recomputed and equal; 3 equal as far as shown; 1 a difference; 2 unreadable.
Compare the commitment with the one shown before the draw, best with your own note of that day.
Read the program before you run it, or have it read; or write your own from the description of the
method: two programs must give the same bytes.
"""

_RUN = '''\
"""核验抽查 {number}：python verify.py；查一家企业：python verify.py 代码

Check draw {number}: python verify.py; look up one enterprise: python verify.py CODE
"""

import hashlib
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
BUNDLE = HERE / "{number}"

if sys.version_info < (3, 11):
    sys.exit("需要 Python 3.11 或更高版本 Python 3.11 or newer is needed")
sys.path.insert(0, str(HERE))

from sampling.__main__ import main  # noqa: E402 - the folder beside this file, wherever it was unpacked

if len(sys.argv) > 1:
    sys.exit(main(["ticket", "--bundle", str(BUNDLE), *sys.argv[1:]]))
commitment = hashlib.new("{hash_name}", (BUNDLE / "commitment.json").read_bytes()).hexdigest()
code = main(["verify", str(BUNDLE)])
sys.stdout.write(f"承诺 commitment: {{commitment}}\\n")
sys.exit(code)
'''


@lru_cache(maxsize=1)
def program_files() -> Mapping[str, bytes]:
    """Return the files of the folder ``sampling`` as it runs here, by their place in a zip file."""
    folder = Path(sampling.__file__).parent
    paths = sorted({path for pattern in _PROGRAM_FILES for path in folder.rglob(pattern)})
    return {f"sampling/{path.relative_to(folder).as_posix()}": path.read_bytes() for path in paths}


def program_zip() -> bytes:
    """Pack the program alone."""
    return _packed(program_files())


def kit_zip(bundle: Mapping[str, bytes], *, number: str, hash_name: str) -> bytes:
    """Pack the program, one draw's bundle, and the one command that checks it."""
    files = {f"{number}/{name}": data for name, data in bundle.items()}
    files["README.txt"] = _README.format(number=number).encode()
    files["verify.py"] = _RUN.format(number=number, hash_name=hash_name).encode()
    return _packed({**files, **program_files()})


def _packed(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, date_time=_ZIP_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name])
    return buffer.getvalue()
