"""Requirements files are read as pip reads them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalice_packager.errors import RequirementsSyntaxError, UnreadableFileError
from chalice_packager.pip import without_credentials
from chalice_packager.requirements import fingerprint, parse_line, read_requirements


def read(folder: Path, text: str) -> list[str]:
    (folder / "requirements.txt").write_bytes(text.encode())
    return [line.text for line in read_requirements(folder / "requirements.txt")]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        ("\n  \n# only\n   # comments\n", []),
        ("a\nb", ["a", "b"]),
        ("a # why\nb#not-a-comment==1\n", None),
        ("a\\\n==1.0\n", ["a==1.0"]),
        (
            "a==1.0 \\\n  --hash=sha256:ab \\\n  --hash=sha256:cd\n",
            ["a==1.0   --hash=sha256:ab   --hash=sha256:cd"],
        ),
        ("\ufeffa\r\nb\rc", ["a", "b", "c"]),
        ("-i https://example.test/simple\na", ["-i https://example.test/simple", "a"]),
        ("a @ https://example.test/a.whl", ["a @ https://example.test/a.whl"]),
        ("-e git+https://example.test/a.git#egg=a", ["git+https://example.test/a.git#egg=a"]),
        ("git+ssh://git@example.test/a.git@main", ["git+ssh://git@example.test/a.git@main"]),
        ("a; python_version < '3'", ["a; python_version < '3'"]),
    ],
)
def test_lines(tmp_path: Path, text: str, lines: list[str] | None) -> None:
    if lines is None:
        with pytest.raises(RequirementsSyntaxError):
            read(tmp_path, text)
    else:
        assert read(tmp_path, text) == lines


def test_a_missing_file_requires_nothing(tmp_path: Path) -> None:
    assert read_requirements(tmp_path / "requirements.txt") == ()


def test_a_file_that_is_not_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_bytes(b"\xff\xfea\0")

    with pytest.raises(UnreadableFileError, match=r"requirements\.txt"):
        read_requirements(tmp_path / "requirements.txt")


def test_files_that_include_each_other_are_told(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("-r requirements.txt\n")

    with pytest.raises(RequirementsSyntaxError, match="includes itself"):
        read(tmp_path, "-r b.txt")


def test_requirements_at_a_url_are_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(RequirementsSyntaxError, match="at a URL are not supported"):
        read(tmp_path, "-r https://example.test/r.txt")


def test_names_extras_and_places_are_known(tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    named = parse_line("My_Thing[a,b]>=1; python_version > '3'", tmp_path)
    local = parse_line("-e ./lib[x]", tmp_path)
    remote = parse_line("-e git+https://example.test/q.git#egg=My.Thing", tmp_path)
    direct = parse_line("thing @ https://example.test/q.zip ; sys_platform == 'linux'", tmp_path)

    assert (named.name, named.without_marker()) == ("my-thing", "My_Thing[a,b]>=1")
    assert (local.local, local.extras, local.is_direct) == ((tmp_path / "lib").resolve(), ("x",), True)
    assert (remote.name, remote.is_direct) == ("my-thing", True)
    assert (direct.name, direct.is_direct) == ("thing", True)
    assert "sys_platform" not in direct.without_marker()


def test_a_marker_is_left_out_and_hashes_stay(tmp_path: Path) -> None:
    line = parse_line("a==1.0 ; python_version >= '3' --hash=sha256:ab", tmp_path)

    assert line.without_marker() == "a==1.0 --hash=sha256:ab"


def test_the_fingerprint_follows_constraints_variables_and_local_sources(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "setup.py").write_text("1")
    (tmp_path / "c.txt").write_text("a<2")
    (tmp_path / "requirements.txt").write_text("-c c.txt\n./lib\na==${WANTED}\n")

    def now() -> str:
        return fingerprint(read_requirements(tmp_path / "requirements.txt"))

    monkeypatch.setenv("WANTED", "1.0")
    seen = [now()]
    (tmp_path / "lib" / "setup.py").write_text("2")
    seen.append(now())
    (tmp_path / "c.txt").write_text("a<3")
    seen.append(now())
    monkeypatch.setenv("WANTED", "1.1")
    seen.append(now())

    assert len(set(seen)) == 4
    (tmp_path / "lib" / "__pycache__").mkdir()
    (tmp_path / "lib" / "__pycache__" / "x.pyc").write_bytes(b"")
    assert now() == seen[-1]


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60))
def test_any_text_is_understood_or_refused(tmp_path: Path, text: str) -> None:
    try:
        lines = read(tmp_path, text)
    except (RequirementsSyntaxError, UnicodeEncodeError):
        return

    assert all(line and "\n" not in line for line in lines)


@pytest.mark.parametrize(
    "line",
    [
        "-r",
        "-c",
        "-e",
        "a==",
        "a=>1",
        "==1",
        "a b",
        "[x]",
        "a[",
        "a; nonsense",
        "../gone",
        "gone.whl",
        "@",
        "a @",
    ],
)
def test_a_line_that_means_nothing_is_refused_with_its_place(tmp_path: Path, line: str) -> None:
    with pytest.raises(RequirementsSyntaxError) as caught:
        read(tmp_path, f"good\n{line}\n")

    assert caught.value.problems[0].startswith("requirements.txt:2: ")


def test_credentials_are_masked() -> None:
    assert without_credentials("git+https://me:secret@example.test/a") == "git+https://****@example.test/a"
