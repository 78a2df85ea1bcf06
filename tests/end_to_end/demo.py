"""From an empty folder to a live URL, and back to nothing.

Runs the `chalice` command of the interpreter that runs this script, shows
every command with its real output, and checks what it shows.  Needs no AWS
account: everything goes into the AWS embedded on this machine, which is
stopped at the end.  The exit status is 0 when every check held.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import boto3

QUEUE = "hello-orders"
PATIENCE = 60.0
"""Seconds to wait for what happens by itself; it takes about one on an idle machine."""

FIRST_ANSWER = {"hello": "world"}
SECOND_ANSWER = {"hello": "chalice"}

VIEW_BEFORE = 'return {"hello": "world"}\n'
VIEW_AFTER = 'print("somebody asks for the index")\n    return {"hello": "chalice"}\n'
HANDLERS = f'''

@app.on_sqs_message(queue="{QUEUE}")
def take_order(event):
    for record in event:
        print(f"order received: {{record.body}}")


@app.lambda_function()
def add(event, context):
    return {{"sum": event["a"] + event["b"]}}
'''


class DemoError(Exception):
    """Something that was shown is not what it has to be."""


def main() -> int:
    """Run the demonstration and return the exit status."""
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr] # stdout is a text file here
    started = time.monotonic()
    scratch = Path(tempfile.mkdtemp(prefix="chalice-demo-"))
    try:
        demonstrate(scratch)
    except DemoError as failure:
        print(f"\nThe demonstration failed: {failure}", flush=True)
        return 1
    finally:
        if (scratch / "hello").is_dir():
            # Also after a failure nothing may keep running.
            chalice(["localaws", "stop"], scratch / "hello", quiet=True, any_status=True)
        shutil.rmtree(scratch, ignore_errors=True)
    print(f"\nEverything was as it should be, in {time.monotonic() - started:.0f} seconds.", flush=True)
    return 0


def demonstrate(scratch: Path) -> None:
    """Do it all in an empty folder."""
    project = scratch / "hello"

    say("A new project")
    chalice(["new-project", "hello"], scratch)
    print("$ cd hello", flush=True)
    show(project / "app.py")

    say("Deployed to the AWS on this machine, which starts by itself")
    deployed = chalice(["deploy", "--local"], project)
    url = value_after("Rest API URL: ", deployed)
    expect(get(url) == FIRST_ANSWER, f"{url} has to answer {FIRST_ANSWER}")
    status = chalice(["localaws", "status"], project, quiet=True)
    clients = Clients(next(word for word in status.split() if word.startswith("http://")))

    say("The view edited; a queue, a handler for its messages and a pure lambda added")
    # Lambda takes no queue whose messages come back before the function's time is up.
    attributes = {"VisibilityTimeout": "60"}
    print(f'>>> sqs.create_queue(QueueName="{QUEUE}", Attributes={attributes})', flush=True)
    queue_url = clients.sqs.create_queue(QueueName=QUEUE, Attributes=attributes)["QueueUrl"]
    app = project / "app.py"
    app.write_text(
        app.read_text(encoding="utf-8").replace(VIEW_BEFORE, VIEW_AFTER) + HANDLERS, encoding="utf-8"
    )
    show(app)
    deployed = chalice(["deploy", "--local"], project)
    expect(value_after("Rest API URL: ", deployed) == url, "the URL has to stay the same")
    expect(get(url) == SECOND_ANSWER, f"{url} has to answer {SECOND_ANSWER}")

    say("A message reaches the handler of the queue")
    print(f'>>> sqs.send_message(QueueUrl="{queue_url}", MessageBody="two espressi")', flush=True)
    clients.sqs.send_message(QueueUrl=queue_url, MessageBody="two espressi")
    printed = ("somebody asks for the index", "order received: two espressi")
    wait_until(
        lambda: all(text in chalice(["logs"], project, quiet=True) for text in printed),
        "`chalice logs` has to show what both handlers printed",
    )
    chalice(["logs"], project)

    say("A function invoked by its name")
    answer = chalice(["invoke", "-n", "add"], project, given='{"a": 1, "b": 2}')
    expect(json.loads(answer) == {"sum": 3}, 'the function has to answer {"sum": 3}')

    say("The URL again, and a deployment that has nothing to do")
    expect(chalice(["url"], project).strip() == url, f"`chalice url` has to print {url}")
    chalice(["deploy", "--local"], project)
    chalice(["plan", "--local"], project)  # its exit status says that nothing would change

    say("Deleted; the AWS on this machine is asked what is left")
    chalice(["delete", "--local"], project)
    left = dict(clients.belonging_to("hello"))
    for kind, names in left.items():
        print(f"{kind}: {', '.join(names) or 'none'}", flush=True)
    expect(not any(left.values()), "nothing of the application may be left")
    clients.sqs.delete_queue(QueueUrl=queue_url)


class Clients:
    """The AWS library, pointed at the AWS on this machine.

    Args:
        endpoint_url: of the embedded AWS.
    """

    def __init__(self, endpoint_url: str) -> None:
        session = boto3.Session(
            # The embedded AWS looks at no credentials, but the library signs every request.
            aws_access_key_id="local", aws_secret_access_key="local", region_name="us-east-1"
        )  # fmt: skip
        # Which type a client has depends on the text of its name.
        self._client: Callable[[Any], Any] = partial(session.client, endpoint_url=endpoint_url)
        self.sqs: Any = self._client("sqs")

    def belonging_to(self, app: str) -> Iterator[tuple[str, list[str]]]:
        """Yield each kind of resource with the names of those that belong to the application."""
        aws_lambda, iam, logs = self._client("lambda"), self._client("iam"), self._client("logs")
        functions = [item["FunctionName"] for item in aws_lambda.list_functions()["Functions"]]
        yield "Functions", [name for name in functions if name.startswith(app)]
        yield (
            "Roles",
            [role["RoleName"] for role in iam.list_roles()["Roles"] if role["RoleName"].startswith(app)],
        )
        yield (
            "REST APIs",
            [
                api["name"]
                for api in self._client("apigateway").get_rest_apis()["items"]
                if api["name"] == app
            ],
        )
        yield (
            "Event source mappings",
            [mapping["UUID"] for mapping in aws_lambda.list_event_source_mappings()["EventSourceMappings"]],
        )
        groups = [group["logGroupName"] for group in logs.describe_log_groups()["logGroups"]]
        yield "Log groups", [name for name in groups if name.startswith(f"/aws/lambda/{app}")]


def chalice(
    arguments: Sequence[str],
    cwd: Path,
    *,
    given: str | None = None,
    quiet: bool = False,
    any_status: bool = False,
) -> str:
    """Run `chalice`, show the command and what it prints as it prints it, and return its standard output.

    Args:
        arguments: of the command.
        cwd: where it runs.
        given: its standard input.
        quiet: show nothing, unless it fails.
        any_status: do not mind a failure.
    """
    shown = f"$ {f'echo {shlex.quote(given)} | ' if given else ''}{shlex.join(['chalice', *arguments])}"
    if not quiet:
        print(shown, flush=True)
    folder = str(Path(sys.executable).parent)
    command = shutil.which("chalice", path=folder)
    if command is None:
        raise DemoError(f"there is no chalice command in {folder}")
    process = subprocess.Popen(
        [command, *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    talk: list[str] = []
    output: list[str] = []
    listener = threading.Thread(target=pass_on, args=(process.stderr, talk, quiet))
    listener.start()
    with process.stdin as stdin:  # type: ignore[union-attr] # it is a pipe
        stdin.write(given or "")
    pass_on(process.stdout, output, quiet)
    listener.join()
    if process.wait() != 0 and not any_status:
        if quiet:
            print(shown, *output, *talk, sep="\n", flush=True)
        raise DemoError(f"`chalice {shlex.join(arguments)}` ended with the exit status {process.returncode}")
    return "".join(output)


def pass_on(stream: Any, lines: list[str], quiet: bool) -> None:
    """Collect the lines of a stream, and show each as it comes."""
    for line in stream:
        lines.append(line)
        if not quiet:
            print(line, end="", flush=True)


def get(url: str) -> Any:
    """Request a URL, show the answer and return it."""
    print(f"$ curl {url}", flush=True)
    request = urllib.request.Request(url)  # noqa: S310 - the URL is one of our own
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=PATIENCE) as response:
        text = response.read().decode()
    print(text, flush=True)
    return json.loads(text)


def value_after(label: str, output: str) -> str:
    """Return the rest of the line that has the label."""
    for line in output.splitlines():
        if label in line:
            return line.partition(label)[2].strip()
    raise DemoError(f"no line with {label!r} was printed")


def show(file: Path) -> None:
    """Show a file."""
    print(f"$ cat {file.name}", flush=True)
    print(file.read_text(encoding="utf-8"), end="", flush=True)


def say(text: str) -> None:
    """Begin a section."""
    print(f"\n# {text}", flush=True)


def expect(holds: bool, what: str) -> None:
    """Fail unless it holds."""
    if not holds:
        raise DemoError(what)


def wait_until(holds: Callable[[], bool], what: str) -> None:
    """Wait for what happens by itself."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        expect(time.monotonic() < deadline, what)
        time.sleep(0.2)


if __name__ == "__main__":
    sys.exit(main())
