"""Compile Python sources to bytecode; run as a script by the application's own interpreter.

It imports the standard library only, for it runs where nothing of ours is
installed.  Input and output are frames: a length of four bytes, big endian,
and as many bytes.  For each source two frames come in, its path in Lambda and
its content; two go out: ``ok`` and the content of the ``.pyc`` file, or
``error`` and ``LINE:MESSAGE``.

The same source gives the same bytes in every process.  `marshal` does not
promise that: whether an object is marked as one that is referred to again
depends on its reference count, so on what else the interpreter holds.
`canonical` rewrites the marks.
"""

import importlib.util
import marshal
import struct
import sys
import types

# PEP 552: a hash takes the place of the date (1) and is checked at import (2), so that a source which
# somebody edits in Lambda's console counts.
CHECKED_HASH = 1 | 2

_FIELD, _HEAD, _REFERENCE = range(3)
_REF = 0x80
# Bytes that follow the type, by type.
_FIXED = {"0": 0, "N": 0, "F": 0, "T": 0, "S": 0, ".": 0, "i": 4, "g": 8, "y": 16}
# Types with a length of one or four bytes, and that many bytes.
_SHORT = "zZ"
_LONG = "sutaA"
# Types with a length of one or four bytes, and that many objects.
_SEQUENCE = {")": 1, "(": 4, "[": 4, "<": 4, ">": 4}
# Fields of a code object: i for an integer of four bytes, o for an object.
_CODE = "iiiiiioooooooo" + "io" if sys.version_info < (3, 11) else "iiiii" + "oooooooo" + "i" + "oo"


class UnknownTypeError(Exception):
    """The stream holds a type that this script does not know."""


def canonical(data: bytes) -> bytes:
    """Rewrite a stream of `marshal`, marking only objects that are referred to.

    Args:
        data: what ``marshal.dumps`` returned.

    Raises:
        UnknownTypeError: a newer Python writes something else.
    """
    # An object's head, four bytes of a code object, or a reference to the n-th marked object.
    pieces: list[tuple[int, int, int]] = []
    marked: list[int] = []
    used: set[int] = set()
    position = 0
    # What is left to read: objects, and fields of code objects.
    todo: list[str] = ["o"]
    while todo:
        if todo.pop() == "i":
            pieces.append((_FIELD, position, position + 4))
            position += 4
            continue
        byte = data[position]
        kind = chr(byte & ~_REF)
        start = position
        position += 1
        if byte & _REF:
            marked.append(len(pieces))
        if kind == "r":
            (index,) = struct.unpack_from("<I", data, position)
            position += 4
            used.add(index)
            pieces.append((_REFERENCE, index, 0))
            continue
        if kind in _FIXED:
            position += _FIXED[kind]
        elif kind in _SHORT:
            position += 1 + data[position]
        elif kind in _LONG:
            (length,) = struct.unpack_from("<I", data, position)
            position += 4 + length
        elif kind == "l":
            (digits,) = struct.unpack_from("<i", data, position)
            position += 4 + 2 * abs(digits)
        elif kind in _SEQUENCE:
            width = _SEQUENCE[kind]
            count = data[position] if width == 1 else struct.unpack_from("<I", data, position)[0]
            position += width
            todo.extend("o" * count)
        elif kind == ":":
            todo.extend("ooo")
        elif kind == "c":
            todo.extend(reversed(_CODE))
        else:
            raise UnknownTypeError(kind)
        pieces.append((_HEAD, start, position))
    if position != len(data):
        raise UnknownTypeError("bytes are left over")
    # References count the marked objects, so leaving out marks renumbers them.
    numbers = {old: new for new, old in enumerate(sorted(used))}
    keep = {marked[old] for old in used}
    out = bytearray()
    for place, (piece, start, end) in enumerate(pieces):
        if piece == _REFERENCE:
            out += b"r" + struct.pack("<I", numbers[start])
        elif piece == _HEAD:
            out.append(data[start] & ~_REF | (_REF if place in keep else 0))
            out += data[start + 1 : end]
        else:
            out += data[start:end]
    return bytes(out)


def stable(code: "types.CodeType") -> bytes:
    """Serialise a code object to bytes that depend on its source alone."""
    data = marshal.dumps(code)
    try:
        body = canonical(data)
        if marshal.loads(body) == code:  # noqa: S302 - our own bytes
            return body
    except (UnknownTypeError, struct.error, IndexError, ValueError, EOFError, TypeError):
        # A newer Python lays it out in another way.
        return without_references(code, data)
    return without_references(code, data)


def without_references(code: "types.CodeType", data: bytes) -> bytes:
    """Serialise in an older format: it has no references and is stable, but longer and slower to load."""
    try:
        return marshal.dumps(code, 2)
    except ValueError:
        # It lacks types that newer constants have.  What is right goes before what is stable.
        return data


def bytecode(source: bytes, path: str) -> bytes:
    """Return the content of the ``.pyc`` file of a source.

    Args:
        source: content of the ``.py`` file; its encoding is found as Python does (PEP 263).
        path: where it will be.

    Raises:
        SyntaxError: it is no Python of this version.
    """
    code = compile(source, path, "exec", dont_inherit=True, optimize=0)
    body = stable(code)
    header = (
        importlib.util.MAGIC_NUMBER + struct.pack("<I", CHECKED_HASH) + importlib.util.source_hash(source)
    )
    return header + body


def main() -> None:
    """Answer every source on standard input."""
    incoming, outgoing = sys.stdin.buffer, sys.stdout.buffer

    def send(*frames: bytes) -> None:
        for frame in frames:
            outgoing.write(struct.pack(">I", len(frame)) + frame)

    def receive() -> bytes:
        return incoming.read(struct.unpack(">I", incoming.read(4))[0])

    (count,) = struct.unpack(">I", incoming.read(4))
    for _ in range(count):
        path, source = receive().decode(), receive()
        try:
            content = bytecode(source, path)
        except SyntaxError as error:
            send(b"error", f"{error.lineno or 1}:{error.msg}".encode())
        except (ValueError, RecursionError, MemoryError, OverflowError) as error:
            send(b"error", f"1:{error}".encode())
        else:
            send(b"ok", content)
    outgoing.flush()


if __name__ == "__main__":
    main()
