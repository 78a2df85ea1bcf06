"""A name that only Terraform can fill in is refused by every other target."""

from __future__ import annotations

import pytest

from chalice_core.references import TerraformReferenceError, refuse_reference


@pytest.mark.parametrize(
    "value", ["${aws_s3_bucket.uploads.id}", "${data.aws_s3_bucket.uploads.bucket}", "${var.bucket}"]
)
def test_a_reference_is_refused_with_the_format_that_knows_it(value: str) -> None:
    with pytest.raises(TerraformReferenceError, match="--pkg-format terraform") as caught:
        refuse_reference(value, resource="work-s3-notification", target="aws")

    assert (caught.value.value, caught.value.target) == (value, "aws")


@pytest.mark.parametrize("value", ["uploads", "${Token[TOKEN.12]}", "a${b}", "$var", "${}"])
def test_other_names_pass(value: str) -> None:
    assert refuse_reference(value, resource="x", target="aws") == value
