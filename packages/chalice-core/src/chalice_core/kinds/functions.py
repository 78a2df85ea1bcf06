"""Functions, and what belongs to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NewType, TypeAlias

from chalice_core.kinds.base import Resource
from chalice_core.values import Output, Value

ArtifactId = NewType("ArtifactId", str)
"""Names a file that is uploaded with the application; `DEPLOYMENT` is the code of all functions."""

DEPLOYMENT = ArtifactId("deployment")
LAYER = ArtifactId("layer")
"""The dependencies, when they are in a layer of their own."""

Architecture: TypeAlias = Literal["x86_64", "arm64"]
UrlAuthType: TypeAlias = Literal["AWS_IAM", "NONE"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogGroup(Resource):
    """The CloudWatch Logs group of a function.

    Args:
        log_group_name: ``/aws/lambda/NAME``.
        retention_in_days: None keeps events for ever.  A target whose
            functions create their groups themselves may leave out a group
            without a retention.
    """

    log_group_name: str
    retention_in_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Function(Resource):
    """A Lambda function.

    Limits and names: ``CreateFunction``, AWS Lambda API Reference.

    Args:
        name: the logical name that users see, ``api_handler``.
        function_name: its name in Lambda, ``hello-dev``.
        handler: ``module.function``.
        runtime: Lambda's identifier, ``python3.12``.
        role: ARN of the role that it acts with.
        code: the artifact that holds its code.
        memory_size: MB.
        timeout: seconds.
        reserved_concurrency: None for no limit, 0 to block invocations.
        tracing: True traces with X-Ray.
    """

    name: str
    function_name: str
    handler: str
    runtime: str
    role: Output | str
    code: ArtifactId = DEPLOYMENT
    architecture: Architecture = "x86_64"
    memory_size: int = 128
    timeout: int = 60
    environment: Mapping[str, Value] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    layers: tuple[Value, ...] = ()
    subnet_ids: tuple[str, ...] = ()
    security_group_ids: tuple[str, ...] = ()
    reserved_concurrency: int | None = None
    tracing: bool = False

    @property
    def arn(self) -> Output:
        """The function's ARN, without a version."""
        return Output(self.id, "arn")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer(Resource):
    """A version of a Lambda layer that holds an artifact (``PublishLayerVersion``, AWS Lambda API Reference).

    Args:
        layer_name: its name, ``hello-dev-managed-layer``.
        content: the artifact.
        runtimes: Lambda's identifiers of the runtimes that it is for.
        architecture: of the machines that it is for.
    """

    layer_name: str
    content: ArtifactId = LAYER
    runtimes: tuple[str, ...]
    architecture: Architecture = "x86_64"

    @property
    def version_arn(self) -> Output:
        """The ARN of the version, as functions name it."""
        return Output(self.id, "version_arn")


@dataclass(frozen=True, slots=True, kw_only=True)
class InvokePermission(Resource):
    """Allows somebody to invoke a function (``AddPermission``, AWS Lambda API Reference).

    Args:
        function_arn: the function.
        principal: the service, ``apigateway.amazonaws.com``; ``*`` for everybody.
        source_arn: what may invoke it, wildcards allowed; None for anything of that service.
        source_account: the account that owns the source, where its ARN names none.
        action: ``lambda:InvokeFunction``, or ``lambda:InvokeFunctionUrl``.
        function_url_auth_type: with the latter, how callers of the URL prove who they are.
        invoked_via_function_url: with the former, only calls through the URL are allowed.
    """

    function_arn: Output
    principal: str
    source_arn: Value | None = None
    source_account: Value | None = None
    action: Literal["lambda:InvokeFunction", "lambda:InvokeFunctionUrl"] = "lambda:InvokeFunction"
    function_url_auth_type: UrlAuthType | None = None
    invoked_via_function_url: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EventInvokeConfig(Resource):
    """What happens to events that a function is invoked with asynchronously and fails on.

    A function has one at most (``PutFunctionEventInvokeConfig``, AWS Lambda API Reference).

    Args:
        function_arn: the function.
        maximum_retry_attempts: 0 to 2; None leaves it to Lambda, which retries twice.
        maximum_event_age: 60 to 21600 seconds; None leaves it to Lambda, which gives up after six hours.
        on_failure: ARN of the queue, topic, bus, bucket or function that gets what failed in the end.
        on_success: ARN of what gets the results.
    """

    function_arn: Output
    maximum_retry_attempts: int | None = None
    maximum_event_age: int | None = None
    on_failure: Value | None = None
    on_success: Value | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionUrl(Resource):
    """A URL of a function's own (``CreateFunctionUrlConfig``, AWS Lambda API Reference).

    Who may call it is said by `InvokePermission` resources.

    Args:
        function_arn: the function.
        auth_type: ``AWS_IAM`` for signed requests, ``NONE`` for everybody's.
        cors: as the API takes it (``AllowOrigins``, ``AllowMethods``, …), or None.
        invoke_mode: whether the answer comes at once or as a stream.
    """

    function_arn: Output
    auth_type: UrlAuthType = "AWS_IAM"
    cors: Mapping[str, object] | None = None
    invoke_mode: Literal["BUFFERED", "RESPONSE_STREAM"] = "BUFFERED"

    @property
    def url(self) -> Output:
        """The URL, with a slash at its end."""
        return Output(self.id, "url")
