"""What this target tells a person when something cannot be deployed, found or deleted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from chalice_core.errors import ToolError

_EXPIRED = "The credentials have expired; sign in again, for example with `aws sso login`."
_UNKNOWN_KEY = "The access key is not known to AWS; check the credentials of the profile."


class NoRegionError(ToolError):
    """No AWS region is known."""

    code = "no-region"
    exit_status = 2

    def __init__(self) -> None:
        super().__init__(
            what="No region configured.",
            why="Neither the environment nor the AWS profile names a region to deploy to.",
            fix="Set AWS_DEFAULT_REGION, or run `aws configure`, or choose a profile that has one.",
        )


class CredentialsError(ToolError):
    """AWS cannot be asked in anybody's name."""

    code = "credentials"

    def __init__(self, *, why: str) -> None:
        super().__init__(
            what="There are no usable AWS credentials.",
            why=why,
            fix="Run `aws configure` or `aws sso login`, or choose another profile with --profile.",
        )


class UnknownProfileError(ToolError):
    """The AWS configuration has no profile of that name."""

    code = "unknown-profile"

    def __init__(self, *, profile: str) -> None:
        super().__init__(
            what=f"There is no AWS profile {profile!r}.",
            why="Neither ~/.aws/config nor ~/.aws/credentials, or the files that stand for them, name it.",
            fix="Check the spelling; `aws configure list-profiles` lists what is there.",
        )
        self.profile = profile


class UnreachableError(ToolError):
    """An AWS endpoint does not answer.

    Args:
        operation: ``CreateFunction``.
        detail: what the connection failed with.
        closed_off: the place is another implementation of AWS, at an endpoint of its own.
    """

    code = "unreachable"

    def __init__(self, *, operation: str, detail: str, closed_off: bool = False) -> None:
        check = "that its server still runs" if closed_off else "the network, the region and any proxy"
        super().__init__(
            what=f"AWS cannot be reached for {operation}.",
            why=detail,
            fix=f"Check {check}, then run the command again; it continues where it stopped.",
        )
        self.operation = operation


class AwsError(ToolError):
    """AWS refused a call.

    Args:
        operation: ``CreateFunction``.
        resource: what people call the resource, ``hello-dev``.
        aws_code: AWS's own code, ``AccessDeniedException``.
        message: AWS's own words, without secrets.
    """

    code = "aws-error"

    advice_by_code: ClassVar[dict[str, str]] = {
        "AccessDenied": "Ask for a policy that allows this action, or use other credentials with --profile.",
        "AccessDeniedException": "Ask for a policy that allows this action, or use other credentials with "
        "--profile.",
        "UnauthorizedOperation": "Ask for a policy that allows this action.",
        "ExpiredToken": _EXPIRED,
        "ExpiredTokenException": _EXPIRED,
        "InvalidClientTokenId": _UNKNOWN_KEY,
        "UnrecognizedClientException": _UNKNOWN_KEY,
        "SignatureDoesNotMatch": "The secret access key is wrong, or this machine's clock is.",
        "LimitExceededException": "Delete what is no longer needed, or ask AWS for a higher quota.",
        "LimitExceeded": "Delete what is no longer needed, or ask AWS for a higher quota.",
        "TooManyRequestsException": "Try again when fewer invocations are going on, and see what "
        "reserved_concurrency allows: 0 blocks all.",
        "CodeStorageExceededException": "Delete old functions or layers, or ask AWS for more code storage.",
        "MalformedPolicyDocument": "Correct the policy file that the configuration names.",
        "MalformedPolicyDocumentException": "Correct the policy file that the configuration names.",
        "RequestEntityTooLargeException": "Make the deployment package smaller.",
    }

    def __init__(self, *, operation: str, resource: str, aws_code: str, message: str) -> None:
        super().__init__(
            what=f"AWS refused {operation} for {resource!r}.",
            why=f"{aws_code}: {message}",
            fix=_advice(aws_code, message),
        )
        self.operation, self.resource, self.aws_code, self.message = operation, resource, aws_code, message


def _advice(aws_code: str, message: str) -> str:
    if "visibility timeout" in message.lower():
        return (
            "Raise the queue's visibility timeout to the function's timeout or more (AWS recommends six "
            "times as long), or lower lambda_timeout."
        )
    missing = _missing_source(aws_code, message)
    if missing:
        return (
            f"Create the {missing}, which belongs to you and not to the application, or correct its name in "
            "the decorator; then deploy again."
        )
    if "overlapping suffixes" in message or "common event type" in message:
        return (
            "The bucket has another notification for the same objects and events, made elsewhere; `aws s3api "
            "get-bucket-notification-configuration` shows it. Remove that one, or give the decorator a "
            "prefix or suffix that excludes its objects."
        )
    general = "Correct what AWS names and try again; what is done stays done."
    return AwsError.advice_by_code.get(aws_code, general)


def _missing_source(aws_code: str, message: str) -> str | None:
    """Return what kind of event source is not there, when that is what AWS says."""
    if aws_code == "NoSuchBucket":
        return "bucket"
    said = message.lower()
    found = (thing for thing, words in _MISSING.items() if all(word in said for word in words))
    return next(found, None)


_MISSING = {
    "queue": ("nonexistentqueue",),
    "topic": ("topic does not exist",),
    "event bus": ("event bus", "does not exist"),
    "user pool": ("user pool", "does not exist"),
    "stream": ("stream not found",),
}


class NotFoundError(AwsError):
    """What a call is about is not there."""

    code = "not-found"


class AlreadyThereError(AwsError):
    """What should be created exists already."""

    code = "already-there"


class StillWorkingError(ToolError):
    """A resource did not reach the state that was waited for."""

    code = "not-ready"

    def __init__(self, *, resource: str, wanted: str, seen: str, why: str = "") -> None:
        super().__init__(
            what=f"{resource!r} did not become {wanted}; it is {seen}.",
            why=why or "AWS is still working on it.",
            fix="Deploy again in a few minutes; what is done stays done.",
        )
        self.resource, self.wanted, self.seen = resource, wanted, seen


class NameTakenError(ToolError):
    """Something of that name exists and is not ours."""

    code = "name-taken"

    def __init__(self, *, kind: str, name: str, app: str, stage: str) -> None:
        super().__init__(
            what=f"There is already a {kind} called {name!r}.",
            why=f"It was not created by the application {app!r} in the stage {stage!r}, "
            "so it is neither changed nor deleted.",
            fix="Choose another app_name or stage, or remove what is there if nobody needs it.",
        )
        self.kind, self.name = kind, name


class SameNameError(ToolError):
    """Two resources of an application are one thing in AWS."""

    code = "same-name"

    def __init__(self, *, kind: str, ids: tuple[str, str], name: str) -> None:
        super().__init__(
            what=f"{ids[0]!r} and {ids[1]!r} are the same {kind} in AWS: {name}.",
            why="Each of them would overwrite the other.",
            fix="Give one of them another name, or remove it.",
        )
        self.kind, self.ids = kind, ids


class PackageTooLargeError(ToolError):
    """A deployment package is larger than Lambda takes directly."""

    code = "package-too-large"

    def __init__(self, *, path: Path, size: int, limit: int) -> None:
        super().__init__(
            what=f"The deployment package has {size / 1048576:.1f} MB; "
            f"{limit / 1048576:.0f} MB can be uploaded.",
            why=f"{path.name} is sent to Lambda directly, and this version does not upload through S3.",
            fix="Decrease the size: remove requirements that are not needed, or move some into a layer "
            "and list its ARN under `layers`.",
        )
        self.path, self.size, self.limit = path, size, limit


class MissingArtifactError(ToolError):
    """A function names code that nobody built."""

    code = "missing-artifact"

    def __init__(self, *, function: str, artifact: str) -> None:
        super().__init__(
            what=f"The function {function!r} needs the artifact {artifact!r}, which was not built.",
            why="The packager that answered did not build it.",
            fix="Report this to the author of the packager; `chalice plugins` lists what is installed.",
        )
        self.function, self.artifact = function, artifact


class StepsFailedError(ToolError):
    """Several independent steps failed."""

    code = "steps-failed"

    def __init__(self, *, causes: Sequence[ToolError]) -> None:
        super().__init__(
            what=f"{len(causes)} steps failed.",
            why="\n".join(f"- {cause.what} {cause.why}" for cause in causes),
            fix="\n".join(dict.fromkeys(cause.fix for cause in causes if cause.fix)),
        )
        self.causes = tuple(causes)


class UnhandledKindError(ToolError):
    """The record holds a kind that nobody realises any more."""

    code = "unhandled-kind"

    def __init__(self, *, kind: str, name: str) -> None:
        super().__init__(
            what=f"Nothing installed can handle {name!r}, which is a {kind}.",
            why="The plugin that deployed it is not installed, is blocked, or is broken.",
            fix=f"Install the distribution that provides {kind.partition('.')[0]!r} again; "
            "`chalice plugins` lists what is installed.",
        )
        self.kind, self.name = kind, name


class UnknownFunctionError(ToolError):
    """No such function is recorded."""

    code = "unknown-function"
    exit_status = 2

    def __init__(self, *, name: str, stage: str, known: Sequence[str]) -> None:
        super().__init__(
            what=f"There is no lambda function named {name!r} in the stage {stage!r}.",
            why=f"Deployed are: {', '.join(known)}." if known else "Nothing is deployed in this stage.",
            fix="Check the name, or deploy first.",
        )
        self.name, self.stage, self.known = name, stage, tuple(known)


class InvokeTimeoutError(ToolError):
    """A function did not answer in time."""

    code = "invoke-timeout"

    def __init__(self, *, name: str, seconds: float) -> None:
        super().__init__(
            what=f"The function {name!r} did not answer within {seconds:g} seconds.",
            why="That is its own timeout and some time for the way.",
            fix="Look at its logs, or raise lambda_timeout and deploy.",
        )
        self.name, self.seconds = name, seconds
