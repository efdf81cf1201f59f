"""Runs `check()` of each module in a list: its derivative against finite differences.

Called with the path of the list and the greatest error that is allowed; and with `everywhere` if a
point of the domain must be found for each of them.
"""

import importlib.util
import json
import sys


def main(path, tolerance, everywhere):
    with open(path, encoding="utf-8") as file:
        entries = json.load(file)
    failed, outside = [], []
    for entry in entries:
        spec = importlib.util.spec_from_file_location(entry["id"].replace("-", "_"), entry["path"])
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        error = module.check()
        print(f"{entry['id']}: {error:.1e}")
        if error != error:
            outside.append(entry["id"])
        elif not error < tolerance:
            failed.append(f"{entry['id']}: {entry['expr']}: {error}")
    # No point of the domain may be found by drawing, but not often.
    if len(outside) > (0 if everywhere else len(entries) / 50):
        failed.append(f"no point was found for {outside}")
    if failed:
        sys.exit("\n".join(failed))


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), "everywhere" in sys.argv[3:])
