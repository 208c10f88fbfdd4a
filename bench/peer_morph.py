"""morph-kgc over the flat tables: python peer_morph.py FOLDER (runs in its own environment, without lod)."""

from __future__ import annotations

import json
import runpy
import sys
import time
from pathlib import Path

import morph_kgc  # noqa: F401 - its import is not counted


def main(folder: Path) -> None:
    """Map by the RML of the folder to morph-kgc.nt, by its own command, and print the CPU seconds."""
    config = folder / "morph.ini"
    config.write_text(
        "[CONFIGURATION]\nnumber_of_processes=1\nlogging_level=ERROR\n"
        f"output_file={folder / 'morph-kgc.nt'}\noutput_format=N-TRIPLES\n\n"
        f"[tables]\nmappings={folder / 'mapping.ttl'}\n"
    )
    sys.argv = ["morph_kgc", str(config)]
    started = time.process_time()
    runpy.run_module("morph_kgc", run_name="__main__")
    print(json.dumps({"seconds": time.process_time() - started}))


main(Path(sys.argv[1]))
