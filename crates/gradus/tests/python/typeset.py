"""Compiles formulas in Typst.

Called with the path of a list of formulas in JSON. Prints those that Typst refuses.
"""

import json
import sys

import typst


def compile_formulas(formulas):
    """The first complaint of Typst about a document with some formulas, or nothing.

    An entry may be a document of its own; its pages follow one another.
    """
    text = "\n\n".join(
        entry["document"] if "document" in entry else f"$ {entry['formula']} $" for entry in formulas
    )
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
            text = entry.get("document") or entry["formula"]
            print(f"[{entry['id']}] {complaint}\n{text}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
