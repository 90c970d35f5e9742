"""Show how the results of the sample study differ from the golden summary, then replace it.

Run by `make golden` (`python -m tests.golden.update`). Read the difference before committing it.
"""

from __future__ import annotations

from tests.golden.golden import FILE, as_text, condensed, difference, sample_summary


def main() -> None:
    """Print the difference and write the new golden summary."""
    old = FILE.read_text(encoding="utf-8") if FILE.exists() else ""
    new = as_text(condensed(sample_summary()))
    if old == new:
        print("The golden summary is what the sample gives: nothing to replace.")
        return
    print(difference(old, new))
    FILE.write_text(new, encoding="utf-8", newline="\n")
    print(f"\nReplaced {FILE.name}.")


if __name__ == "__main__":
    main()
