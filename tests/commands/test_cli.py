"""The command line: help everywhere, one clear line on bad input, JSON where it reports."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from app.cli import main
from app.installation import Installation


def run(*arguments: str | Path, text: str | None = None) -> Result:
    return CliRunner().invoke(main, [str(one) for one in arguments], input=text)


def commands(group: click.Group = main, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        yield (*path, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


PROMISED = {
    "init",
    "serve",
    "demo",
    "jobs",
    "account add",
    "unit import",
    "inspection import",
    "inspection list",
    "document build",
    "document verify",
    "checklist list",
    "checklist check",
    "checklist export",
    "checklist import",
    "backup",
    "restore",
    "journal verify",
    "journal rebuild",
}


def test_every_promised_command_is_there() -> None:
    assert {" ".join(path) for path in commands()} >= PROMISED


@pytest.mark.parametrize("path", list(commands()), ids=" ".join)
def test_every_command_explains_itself(path: tuple[str, ...]) -> None:
    result = run(*path, "--help")
    assert result.exit_code == 0
    assert "Usage" in result.output


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    path = tmp_path / "instance"
    assert run("init", "--instance", path).exit_code == 0
    return path


def refusal(result: Result) -> str:
    assert result.exit_code != 0
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1, lines
    assert lines[0].startswith("Lỗi: ")
    return lines[0]


def test_init_twice_changes_nothing(instance: Path) -> None:
    secret = (instance / "keys/secret_key").read_text()
    (instance / "config.toml").write_text("session_hours = 3\n")
    assert run("init", "--instance", instance).exit_code == 0
    assert (instance / "keys/secret_key").read_text() == secret
    assert Installation(instance).config.session_hours == 3


def test_secrets_are_readable_by_the_owner_only(instance: Path) -> None:
    assert (instance / "keys").stat().st_mode & 0o077 == 0
    for name in ("secret_key", "test-signer.p12", "test-signer.password"):
        assert (instance / "keys" / name).stat().st_mode & 0o077 == 0


def test_adding_an_account(instance: Path) -> None:
    add = ("account", "add", "--instance", instance, "--username", "lan", "--role", "lead", "--password-stdin")
    assert run(*add, text="mat-khau-1\n").exit_code == 0
    assert "đã có người dùng" in refusal(run(*add, text="mat-khau-1\n"))
    short = (*add[:5], "hoa", *add[6:])
    assert "ít nhất 8 ký tự" in refusal(run(*short, text="ngan\n"))


def test_commands_on_a_missing_instance_say_what_to_do(tmp_path: Path) -> None:
    message = refusal(run("journal", "verify", "--instance", tmp_path / "khong-co"))
    assert "kiemtra init" in message
    assert not (tmp_path / "khong-co").exists()


def test_a_bad_setting_is_named(instance: Path) -> None:
    (instance / "config.toml").write_text("session_hours = 'nhiều'\n")
    assert "session_hours" in refusal(run("inspection", "list", "--instance", instance))
    (instance / "config.toml").write_text("session_hours = \n")
    assert "TOML" in refusal(run("inspection", "list", "--instance", instance))


def test_checklists_go_out_and_come_back(instance: Path, tmp_path: Path) -> None:
    listed = json.loads(run("checklist", "list", "--json").stdout)
    assert len(listed) == 14
    assert sum(pack["items"] for pack in listed) >= 156
    yaml_file, xlsform = tmp_path / "a.yaml", tmp_path / "a.xlsx"
    exported = run("checklist", "export", "niem-yet", "--yaml", yaml_file, "--xlsform", xlsform, "--instance", instance)
    assert exported.exit_code == 0
    for file in (yaml_file, xlsform):
        assert run("checklist", "check", file).exit_code == 0
        assert run("checklist", "import", file, "--instance", instance).exit_code == 0
    changed = yaml_file.read_text("utf-8").replace("version: 1", "version: 2", 1)
    yaml_file.write_text(changed, "utf-8")
    assert run("checklist", "import", yaml_file, "--instance", instance).exit_code == 0
    listed = json.loads(run("checklist", "list", "--json", "--instance", instance).stdout)
    assert {pack["id"]: pack["version"] for pack in listed}["niem-yet"] == 2


def test_a_bad_pack_is_refused_with_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "hong.yaml"
    path.write_text("id: hong\ntitle: Hỏng\nitems:\n- id: hong.a\n  kinf: verdict\n", "utf-8")
    message = refusal(run("checklist", "check", path))
    assert "hong.yaml" in message
    assert "dòng" in message


def test_units_from_a_file_all_or_nothing(instance: Path, tmp_path: Path) -> None:
    path = tmp_path / "don-vi.csv"
    path.write_text("id,name,level\nxa-a,Ủy ban nhân dân xã A,xa\nxa-b,UBND xã B,xã\n", "utf-8")
    assert "dòng 3" in refusal(run("unit", "import", path, "--instance", instance))
    assert Installation(instance).database().execute("SELECT count(*) FROM units").fetchone()[0] == 0
    path.write_text("id,name,level\nxa-a,Ủy ban nhân dân xã A,xa\n", "utf-8")
    report = json.loads(run("unit", "import", path, "--json", "--instance", instance).stdout)
    assert report == {"added": 1, "changed": 0, "same": 0}
    report = json.loads(run("unit", "import", path, "--json", "--instance", instance).stdout)
    assert report == {"added": 0, "changed": 0, "same": 1}


def test_verifying_what_is_no_pdf_exits_with_2(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"khong phai pdf")
    assert run("document", "verify", path, "--instance", tmp_path / "x").exit_code == 2


def test_the_nightly_jobs_report(instance: Path) -> None:
    result = run("jobs", "--json", "--instance", instance)
    assert result.exit_code == 0
    assert json.loads(result.stdout)["problems"] == []
