"""Runs `check()` of each module in a list: its derivative against finite differences."""

import importlib.util
import json
import sys


def main(path):
    with open(path, encoding="utf-8") as file:
        entries = json.load(file)
    failed = []
    for entry in entries:
        spec = importlib.util.spec_from_file_location(entry["id"].replace("-", "_"), entry["path"])
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        error = module.check()
        print(f"{entry['id']}: {error:.1e}")
        if not error < 1e-6:
            failed.append(f"{entry['id']}: {entry['expr']}: {error}")
    if failed:
        sys.exit("\n".join(failed))


if __name__ == "__main__":
    main(sys.argv[1])
