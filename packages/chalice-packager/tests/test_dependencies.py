"""Dependencies come from wheels for Lambda; what cannot be had is told, what does not exist is an error."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from chalice_core.hookspecs import hookimpl
from chalice_packager.errors import (
    PinnedVersionError,
    PipError,
    RequirementsSyntaxError,
    UnknownRequirementError,
)

CP = f"cp{sys.version_info.major}{sys.version_info.minor}"
# pip is asked the same by every Python, in a process of its own each time.
pytestmark = [pytest.mark.slow, pytest.mark.one_python]


def test_the_ordinary_case_is_one_pip_process(project: Any, index: Any) -> None:
    index.wheel("alpha", requires=["beta>=1"])
    index.wheel("beta")
    project.require("# things", "alpha==1.0  # the first", "")

    package = project.build()

    assert {"alpha.py", "beta.py", "beta-1.0.dist-info/METADATA"} <= set(package.names)
    assert len(project.processes.pips) == 1


def test_requirements_of_nothing_start_no_pip(project: Any, index: Any) -> None:
    project.require("", "# nothing", "--pre")

    project.build()

    assert project.processes.pips == []


def test_unchanged_requirements_start_no_pip_and_unchanged_projects_no_process(
    project: Any, index: Any
) -> None:
    index.wheel("alpha")
    project.require("alpha")
    first = project.build()
    project.processes.commands.clear()

    second = project.build()
    project.write_all({"app.py": "from chalice import Chalice\n\napp = Chalice()\nchanged = True\n"})
    after_second = list(project.processes.commands)
    third = project.build()

    assert after_second == []
    assert second.built == first.built
    assert project.processes.pips == []
    assert len(project.processes.compilers) == 1
    assert third.content != first.content
    assert "alpha.py" in third.names


def test_a_requirement_that_does_not_exist_is_an_error_and_nothing_is_kept(project: Any, index: Any) -> None:
    index.wheel("alpha")
    project.require("alpha", "no-such-thing==9")

    with pytest.raises(UnknownRequirementError) as caught:
        project.build()

    assert caught.value.requirement == "no-such-thing==9"
    assert not list(project.cache.rglob("*.zip"))
    assert not list(project.cache.rglob("*.whl"))


def test_a_version_that_does_not_exist_is_an_error(project: Any, index: Any) -> None:
    index.wheel("alpha", "1.0")
    project.require("alpha==2.0")

    with pytest.raises(UnknownRequirementError, match=r"alpha==2\.0"):
        project.build()


def test_requirements_that_exclude_each_other_show_what_pip_says(project: Any, index: Any) -> None:
    index.wheel("alpha", requires=["gamma==1"])
    index.wheel("beta", requires=["gamma==2"])
    index.wheel("gamma", "1")
    index.wheel("gamma", "2")
    project.require("alpha", "beta")

    with pytest.raises(PipError, match="conflicting") as caught:
        project.build()

    assert "alpha 1.0 depends on gamma==1" in caught.value.why
    assert "beta 1.0 depends on gamma==2" in caught.value.why


def test_wheels_are_those_of_the_architecture(project: Any, index: Any) -> None:
    index.wheel("native", tag=f"{CP}-{CP}-manylinux2014_x86_64", files={"native.so": b"x86"})
    index.wheel("native", tag=f"{CP}-{CP}-manylinux2014_aarch64", files={"native.so": b"arm"})
    project.require("native")

    intel = project.build().read("native.so")
    project.architecture = "arm64"
    arm = project.build().read("native.so")

    assert (intel, arm) == (b"x86", b"arm")


def test_an_sdist_that_is_pure_is_built(project: Any, index: Any) -> None:
    index.wheel("alpha")
    index.sdist("pure")
    project.require("alpha", "pure==1.0")

    package = project.build()

    assert {"alpha.py", "pure.py"} <= set(package.names)
    assert "Could not" not in package.notices


@pytest.mark.one_python
def test_what_cannot_be_had_is_told_and_the_rest_is_packaged(project: Any, index: Any) -> None:
    index.wheel("alpha")
    index.sdist("windows", setup='tag = "py3-none-win_amd64"')
    index.sdist("broken", setup='raise SystemExit("needs a library")')
    project.require("alpha", "windows", "broken")

    package = project.build()

    assert "alpha.py" in package.names
    assert "windows" in package.notices
    assert "broken" in package.notices
    assert "vendor/" in package.notices


def test_what_is_vendored_is_not_told_as_missing(project: Any) -> None:
    class Misses:
        @hookimpl
        def chalice_resolve_dependencies(self) -> list[str]:
            return ["Broken.Thing==1.0 (no wheel)", "other (no wheel)"]

    project.plugins.register(Misses(), "misses")
    project.require("Broken.Thing", "other")
    project.write_all({"vendor/broken_thing/__init__.py": ""})

    notices = project.build().notices

    assert "Could not install dependencies: other (no wheel). " in notices


@pytest.mark.one_python
def test_an_optional_extension_is_left_out_rather_than_the_package(project: Any, index: Any) -> None:
    # The backend behaves as setuptools does with an optional extension: no compiler, no machine code.
    index.sdist(
        "speedups", setup=f'tag = "py3-none-any" if os.environ.get("CC") == "false" else "{CP}-{CP}-win32"'
    )
    project.require("speedups")

    package = project.build()

    assert "speedups.py" in package.names


def test_what_was_compiled_here_is_packaged_with_a_word_of_caution(project: Any, shelf: Any) -> None:
    shelf.wheel("native", tag=f"{CP}-{CP}-linux_x86_64")
    project.require("native")

    package = project.build()

    assert "native.py" in package.names
    assert "Compiled on this machine, or for any Linux: native." in package.notices


def test_local_folders_and_editable_ones_are_built(project: Any, index: Any) -> None:
    index.wheel("alpha")
    index.tree(project.folder / "libs" / "one", "one", requires=["alpha"])
    index.tree(project.folder / "libs" / "two", "two")
    project.require("./libs/one", "-e ./libs/two")

    package = project.build()

    assert {"one.py", "two.py", "alpha.py"} <= set(package.names)


def test_nested_files_constraints_and_markers_count(project: Any, index: Any) -> None:
    index.wheel("alpha", "1.0")
    index.wheel("alpha", "2.0")
    index.wheel("linux-only")
    project.write_all(
        {
            "deps/base.txt": "-c limits.txt\nalpha\n",
            "deps/limits.txt": "alpha<2\n",
        }
    )
    project.require(
        "-r deps/base.txt",
        "linux-only; sys_platform == 'linux'",
        "absent; sys_platform == 'win32'",
        "ancient; python_version < '3'",
    )

    package = project.build()

    assert "alpha-1.0.dist-info/METADATA" in package.names
    assert "linux_only.py" in package.names


def test_hashes_are_checked(project: Any, index: Any) -> None:
    import hashlib

    digest = hashlib.sha256(index.wheel("alpha").read_bytes()).hexdigest()
    project.require("alpha==1.0 \\", f"    --hash=sha256:{digest}")
    assert "alpha.py" in project.build().names
    project.require(f"alpha==1.0 --hash=sha256:{'0' * 64}")

    with pytest.raises(PipError, match=r"(?i)hash"):
        project.build()


def test_markers_of_dependencies_are_those_of_lambda(project: Any, index: Any) -> None:
    # pip evaluates for the machine that it runs on, and that is one of the two.
    index.wheel(
        "alpha",
        requires=["on-arm; platform_machine == 'aarch64'", "on-intel; platform_machine == 'x86_64'"],
    )
    index.wheel("on-arm")
    index.wheel("on-intel")
    project.require("alpha")

    for architecture, there, gone in (
        ("arm64", "on_arm.py", "on_intel.py"),
        ("x86_64", "on_intel.py", "on_arm.py"),
    ):
        project.architecture = architecture
        names = project.build().names
        assert there in names
        assert gone not in names


@pytest.mark.parametrize(
    "line",
    ["chalice", "Chalice>=1.20", "chalice[event-file-poller]==1.31.2", "chalice==1.34.0 --hash=sha256:00"],
)
def test_the_predecessor_is_met_by_our_runtime(project: Any, index: Any, line: str) -> None:
    index.wheel("chalice", "1.34.0", files={"chalice/__init__.py": "OLD = 1", "chalice/cli.py": ""})
    project.write_all({"more.txt": "CHALICE\n"})
    project.require(line, "-r more.txt")

    package = project.build()

    assert "chalice/cli.py" not in package.names
    assert package.read("chalice/__init__.py") == b"from chalice.app import Chalice\n"
    assert len(package.built.notices) == 1
    assert "chalice-runtime 0.1.0" in package.notices
    assert project.processes.pips == []


def test_the_predecessor_never_comes_with_a_dependency(project: Any, index: Any) -> None:
    index.wheel(
        "chalice",
        "1.34.0",
        files={"chalice/__init__.py": "OLD = 1", "chalice/cli.py": ""},
        requires=["botocore", "six"],
    )
    index.wheel("botocore", requires=["jmespath"])
    index.wheel("jmespath")
    index.wheel("six")
    index.wheel("chalice-spec", requires=["chalice>=1.27", "six"])
    project.require("chalice-spec")

    package = project.build()

    assert {"chalice_spec.py", "six.py"} <= set(package.names)
    assert not {"chalice/cli.py", "botocore.py", "jmespath.py"} & set(package.names)
    assert package.read("chalice/__init__.py") == b"from chalice.app import Chalice\n"
    assert "chalice-spec asked for chalice 1.34.0" in package.notices
    assert "with 2 more" in package.notices


def test_a_fork_that_brings_the_predecessors_package_does_not_replace_ours(project: Any, shelf: Any) -> None:
    shelf.wheel(
        "chalice-fork", files={"chalice/__init__.py": "OLD = 1", "chalice/extra.py": "", "fork.py": ""}
    )
    project.require("chalice-fork")

    package = project.build()

    assert package.read("chalice/__init__.py") == b"from chalice.app import Chalice\n"
    assert "chalice/extra.py" not in package.names
    assert "fork.py" in package.names
    assert "chalice-fork holds another package" in package.notices


def test_a_pin_of_the_runtime_must_be_the_version_that_runs_the_application(project: Any, index: Any) -> None:
    project.require("chalice-runtime>=0.1", "chalice-sqs")
    assert project.build().notices.count("chalice-sqs") == 1
    project.require("chalice_runtime==0.0.9")

    with pytest.raises(PinnedVersionError) as caught:
        project.build()

    assert (caught.value.requirement, caught.value.version) == ("chalice_runtime==0.0.9", "0.1.0")


def test_all_bad_lines_are_reported_with_their_places(project: Any, index: Any) -> None:
    project.write_all({"more.txt": "!!\n"})
    project.require("alpha==", "ok", "-r more.txt", "-r gone.txt", "./nowhere")

    with pytest.raises(RequirementsSyntaxError) as caught:
        project.build()

    assert [problem.split(": ")[0] for problem in caught.value.problems] == [
        "requirements.txt:1",
        "more.txt:1",
        "requirements.txt:4",
        "requirements.txt:5",
    ]


def test_two_wheels_with_one_file_keep_the_first_by_name_and_tell(project: Any, shelf: Any) -> None:
    shelf.wheel("zeta", files={"tests/__init__.py": "Z", "zeta.py": ""})
    shelf.wheel("alpha", files={"tests/__init__.py": "A", "alpha.py": ""})
    project.require("zeta", "alpha")

    package = project.build()

    assert package.read("tests/__init__.py") == b"A"
    assert "alpha and zeta both have tests/__init__.py" in package.notices


def test_vendored_files_outrank_dependencies(project: Any, shelf: Any) -> None:
    shelf.wheel("alpha")
    project.require("alpha")
    project.write_all({"vendor/alpha.py": "VENDORED = 1\n"})

    assert project.build().read("alpha.py") == b"VENDORED = 1\n"


def test_only_what_belongs_on_the_path_is_taken_from_a_wheel(project: Any, shelf: Any) -> None:
    shelf.wheel(
        "mixed",
        files={
            "mixed/__init__.py": "",
            "mixed/old.pyc": b"stale",
            "mixed/__pycache__/x.cpython-311.pyc": b"stale",
            "mixed-1.0.data/purelib/mixed/pure.py": "",
            "mixed-1.0.data/platlib/mixed/plat.txt": "",
            "mixed-1.0.data/scripts/run": "#!python",
            "mixed-1.0.data/headers/mixed.h": "",
            "mixed-1.0.data/data/share/man": "",
        },
    )
    project.require("mixed")

    names = [name for name in project.build().sources if name.startswith("mixed/") or ".data" in name]

    assert names == ["mixed/__init__.py", "mixed/plat.txt", "mixed/pure.py"]
