"""Forms of signing in and of accounts."""

from __future__ import annotations

from collections.abc import Iterable

from wtforms import HiddenField, ValidationError

from forms.fields import AtMost, Choice, Form, Matches, Needed, Password, Text, set_choices

USERNAME = r"[a-z0-9][a-z0-9._-]{1,49}"
MIN_PASSWORD = 8
MAX_PASSWORD = 200
_NEW = {"autocomplete": "new-password"}


class SignInForm(Form):
    """Name and password."""

    username = Text(
        "Tên đăng nhập",
        [Needed("Hãy nhập tên đăng nhập."), AtMost(200)],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = Password(
        "Mật khẩu",
        [Needed("Hãy nhập mật khẩu."), AtMost(MAX_PASSWORD)],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()


class _NewPassword(Form):
    password = Password("Mật khẩu mới", [Needed("Hãy nhập mật khẩu mới."), AtMost(MAX_PASSWORD)], render_kw=_NEW)
    again = Password("Nhập lại mật khẩu mới", [Needed("Hãy nhập lại mật khẩu mới lần nữa.")], render_kw=_NEW)

    def validate_password(self, field: Password) -> None:
        """Long enough."""
        if field.data and len(field.data) < MIN_PASSWORD:
            raise ValidationError(f"Mật khẩu phải có ít nhất {MIN_PASSWORD} ký tự; hãy đặt mật khẩu dài hơn.")

    def validate_again(self, field: Password) -> None:
        """Twice the same."""
        if field.data != self.password.data:
            raise ValidationError("Hai lần nhập mật khẩu mới chưa giống nhau; hãy nhập lại cả hai ô.")


class ChangePasswordForm(_NewPassword):
    """One's own password."""

    current = Password(
        "Mật khẩu hiện tại",
        [Needed("Hãy nhập mật khẩu hiện tại.")],
        render_kw={"autocomplete": "current-password"},
    )


class ResetPasswordForm(_NewPassword):
    """Another's password, by an administrator."""


class AccountForm(Form):
    """What an administrator may change of an account."""

    name = Text("Họ và tên", [Needed("Hãy nhập họ và tên, như sẽ hiện trên màn hình."), AtMost(200)])
    position = Text("Chức vụ, cơ quan", [AtMost(500)])
    role = Choice("Vai trò", [Needed("Hãy chọn vai trò.")])
    unit = Choice("Đơn vị của tài khoản")
    seen = HiddenField()

    def offer(self, roles: Iterable[tuple[str, str]], units: Iterable[tuple[str, str]]) -> None:
        """Give the choices."""
        set_choices(self.role, roles, blank="Chọn vai trò")
        set_choices(self.unit, units, blank="Không gắn với đơn vị nào")

    def validate_unit(self, field: Choice) -> None:
        """An account of an inspected unit needs its unit, and no other account has one."""
        if self.role.data == "unit" and not field.data:
            raise ValidationError("Tài khoản của đơn vị được kiểm tra phải gắn với một đơn vị; hãy chọn đơn vị.")
        if self.role.data != "unit" and field.data:
            raise ValidationError(
                "Chỉ vai trò «Đơn vị được kiểm tra» mới gắn với đơn vị; hãy bỏ chọn đơn vị hoặc đổi vai trò."
            )


class NewAccountForm(AccountForm):
    """A new account with its first password."""

    username = Text(
        "Tên đăng nhập",
        [
            Needed("Hãy nhập tên đăng nhập."),
            Matches(
                USERNAME,
                "Tên đăng nhập gồm 2–50 chữ thường không dấu, số, dấu chấm, gạch; bắt đầu bằng chữ hoặc số.",
            ),
        ],
        filters=[lambda text: text.lower() if text else text],
        description="Chữ thường không dấu, số, dấu chấm hoặc gạch; ví dụ: nguyen.van.an",
        render_kw={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"},
    )
    password = Password(
        "Mật khẩu ban đầu",
        [Needed("Hãy đặt mật khẩu ban đầu."), AtMost(MAX_PASSWORD)],
        description=f"Ít nhất {MIN_PASSWORD} ký tự; người dùng nên đổi sau lần đăng nhập đầu tiên.",
        render_kw=_NEW,
    )

    def validate_password(self, field: Password) -> None:
        """Long enough."""
        if field.data and len(field.data) < MIN_PASSWORD:
            raise ValidationError(f"Mật khẩu phải có ít nhất {MIN_PASSWORD} ký tự; hãy đặt mật khẩu dài hơn.")
