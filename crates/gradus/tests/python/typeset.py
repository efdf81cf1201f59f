"""Compiles formulas in Typst.

Called with the path of a list of formulas in JSON. Prints those that Typst refuses.
"""

import json
import sys

import typst


def compile_formulas(formulas):
    """The first complaint of Typst about a document with some formulas, or nothing."""
    text = "\n\n".join(f"$ {entry['formula']} $" for entry in formulas)
    try:
        typst.compile(text.encode(), format="svg")
    except typst.TypstError as error:
        return str(error)
    return None


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        formulas = json.load(file)
    if compile_formulas(formulas) is None:
        print(f"{len(formulas)} formulas are set")
        return 0
    refused = [(entry, compile_formulas([entry])) for entry in formulas]
    for entry, complaint in refused:
        if complaint is not None:
            print(f"[{entry['id']}] {complaint}\n{entry['formula']}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
