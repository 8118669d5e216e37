"""The files of the project as the checks see them, with a way to change some in memory, to plant a fault."""

import os
import pathlib
import re

# Never looked at: made by tools, or not ours.
SKIPPED = {".git", ".build", ".venv", "__pycache__", "cache", "node_modules"}


class Tree:
    """Files below a root by their path with slashes. `changes` stand in front of the disk; None there means removed."""

    def __init__(self, root, changes=None):
        self.root = pathlib.Path(root)
        self.changes = dict(changes or {})
        self._paths = None
        self._texts = {}

    def changed(self, changes):
        """The same tree with some files other than on disk. What was read before is not read again."""
        tree = Tree(self.root, {**self.changes, **changes})
        tree._texts = self._texts
        if self._paths is not None:
            gone = {path for path, text in changes.items() if text is None}
            tree._paths = sorted((set(self._paths) | set(changes)) - gone)
        return tree

    @property
    def paths(self):
        if self._paths is None:
            found = set()
            for folder, folders, files in os.walk(self.root):
                folders[:] = [name for name in folders if name not in SKIPPED]
                at = pathlib.Path(folder).relative_to(self.root).as_posix()
                found.update(name if at == "." else f"{at}/{name}" for name in files)
            found |= {path for path, text in self.changes.items() if text is not None}
            self._paths = sorted(found - {path for path, text in self.changes.items() if text is None})
        return self._paths

    def matching(self, pattern):
        """Paths that match a regular expression wholly."""
        pattern = re.compile(pattern)
        return [path for path in self.paths if pattern.fullmatch(path)]

    def has(self, path):
        """True for a file, and for a folder that holds one."""
        path = path.rstrip("/")
        if path in self.changes:
            return self.changes[path] is not None
        return path in self.paths or any(other.startswith(path + "/") for other in self.paths)

    def text(self, path):
        if path in self.changes:
            return self.changes[path] or ""
        if path not in self._texts:
            try:
                self._texts[path] = (self.root / path).read_text(encoding="utf-8")
            except FileNotFoundError:
                # Somebody removed it between listing and reading.
                self._texts[path] = ""
        return self._texts[path]


class Found:
    """What one check looked at and what it found wrong: lines `path:line: what`, told to a person."""

    def __init__(self):
        self.looked_at = 0
        self.faults = []

    def look(self, count=1):
        self.looked_at += count

    def fault(self, path, what, line=None):
        self.faults.append(f"{path}:{line}: {what}" if line else f"{path}: {what}")


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1
