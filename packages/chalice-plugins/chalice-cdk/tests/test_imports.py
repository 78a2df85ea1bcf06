"""What is imported when, and what is said where something is missing."""

from __future__ import annotations

import subprocess
import sys

import pytest


def run(source: str) -> str:
    ended = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


@pytest.mark.parametrize(
    "module", ["chalice_cdk", "cdk_chalice", "chalice_cdk.hooks", "chalice_cdk.packaging"]
)
def test_the_cdk_is_imported_for_the_construct_only(module: str) -> None:
    printed = run(
        f"import sys, {module}\n"
        "print([name for name in sys.modules if name.partition('.')[0] in ('aws_cdk', 'jsii', 'constructs')])"
    )

    assert printed.strip() == "[]"


def test_the_other_names_need_no_cdk() -> None:
    run(
        "import sys\nsys.modules['aws_cdk'] = None\n"
        "from chalice_cdk import PackageConfig, ChaliceError, CdkMissingError\n"
        "from cdk_chalice import PackageConfig as theirs, ChaliceError as error\n"
        "assert theirs is PackageConfig and error is ChaliceError"
    )


@pytest.mark.parametrize("module", ["chalice_cdk", "cdk_chalice", "chalice.cdk"])
def test_without_the_cdk_the_error_names_what_to_install(module: str) -> None:
    printed = run(
        "import sys\nsys.modules['aws_cdk'] = None\n"
        f"try:\n    from {module} import Chalice\n"
        "except ImportError as error:\n    print(error)\n"
    )

    assert "pip install 'chalice-cdk[cdk]'" in printed
    assert "'aws_cdk'" in printed


def test_without_this_distribution_chalice_cdk_names_it() -> None:
    printed = run(
        "import sys\nsys.modules['chalice_cdk'] = None\n"
        "try:\n    import chalice.cdk\nexcept ImportError as error:\n    print(error)\n"
    )

    assert "chalice.cdk needs chalice-cdk" in printed


def test_without_the_tools_packaging_names_them() -> None:
    printed = run(
        "import sys\nsys.modules['chalice_core.errors'] = None\n"
        "from pathlib import Path\n"
        "from chalice_cdk.errors import ChaliceError\n"
        "from chalice_cdk.packaging import PackageRequest, write_package\n"
        "try:\n    write_package(PackageRequest(source_dir=Path(), scope='x', cache_dir=Path()), Path())\n"
        "except ChaliceError as error:\n    print(error)\n"
    )

    assert "The tools of Chalice are not installed" in printed


@pytest.mark.parametrize("module", ["chalice_cdk", "cdk_chalice"])
def test_other_names_are_not_there(module: str) -> None:
    printed = run(
        f"import {module}\ntry:\n    {module}.Chalise\nexcept AttributeError as error:\n    print(error)"
    )

    assert "has no attribute 'Chalise'" in printed
