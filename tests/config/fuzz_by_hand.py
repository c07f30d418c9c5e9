"""
Files by the million, led by the code they reach: ``python fuzz_by_hand.py [FOLDER] [-runs=N]``.

Needs ``pip install atheris``; FOLDER keeps what was found worth trying again. Ends with a traceback
for any exception that is not ours, for a file that takes more than ten seconds, and for one that
takes more than a gigabyte.
"""

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["kamalpy.config"]):
    from kamalpy.cli.full_config import full_config
    from kamalpy.config import load
    from kamalpy.config.dump import dump
    from kamalpy.errors import KamalpyError

HERE = Path(__file__).parent
SEEDS = [HERE / "full.yml", *sorted((HERE / "broken").glob("*.txt"))]
ROOT = Path(tempfile.mkdtemp())


def one(data: bytes) -> None:
    """Read one file, and tell what it comes down to."""
    (ROOT / "deploy.yml").write_bytes(data)
    try:
        config = load("deploy.yml", root=ROOT, version="v1", environ={"PATH": "/usr/bin:/bin"})
        dump(config)
        full_config(config)
    except KamalpyError:
        return


def main() -> None:
    """Give the seeds to the fuzzer and let it run."""
    folder = Path(tempfile.mkdtemp())
    for path in SEEDS:
        (folder / path.name).write_text(path.read_text().partition("# --- ")[0])
    limits = ["-timeout=10", "-rss_limit_mb=1024", "-max_len=8000"]
    atheris.Setup([*sys.argv, str(folder), *limits], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
