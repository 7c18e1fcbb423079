"""Settings of an instance: ``config.toml``, with environment overrides ``KIEMTRA_<NAME>``.

The file is written at first start with every setting documented. A setting that cannot hold is an error
at start, not a surprise later.
"""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.errors import ConfigurationError
from app.journal.shape_errors import describe

TEMPLATE = """\
# Cấu hình kiemtra. Mỗi mục có thể thay bằng biến môi trường KIEMTRA_<TÊN>, ví dụ KIEMTRA_SESSION_HOURS=8.

# Số giờ một phiên đăng nhập còn hiệu lực khi không làm việc.
session_hours = 12

# Giới hạn của một lần đồng bộ: số ghi nhận, số byte.
batch_entries = 500
batch_bytes = 4000000

# Dung lượng lớn nhất của một ảnh hoặc tệp minh chứng (byte).
evidence_bytes = 26214400

# Cạnh dài nhất của ảnh chụp trên máy tính bảng (điểm ảnh); ảnh lớn hơn được thu nhỏ ngay khi chụp.
# 0 = giữ nguyên như máy ảnh chụp. Máy tính bảng nhận thiết lập này cùng bộ phiếu.
photo_longest_edge = 0

# Số lần đăng nhập được thử từ một địa chỉ.
login_limit = "30 per minute"

# Số lần một địa chỉ được dùng trang công khai /xac-minh để kiểm tra tệp đã ký.
verify_limit = "20 per minute"

# Địa chỉ công khai của hệ thống, ví dụ "https://kiemtra.tinh.gov.vn". Được in ở cuối phụ lục của văn bản khi cơ quan
# ban hành bật dòng xác minh; để trống thì không bật được.
public_address = ""

# Khóa ký PKCS#12 và tệp chứa mật khẩu của khóa (đường dẫn tính từ thư mục này).
# Khi để trống, máy chủ dùng khóa "CHỮ KÝ THỬ NGHIỆM" sinh ra lúc khởi tạo.
signing_key = ""
signing_password_file = ""

# Khóa của con dấu (chữ ký số của cơ quan ban hành), ghi cùng số và ngày sau chữ ký của người có thẩm quyền.
# Khi để trống: dùng khóa thử nghiệm nếu signing_key cũng trống; nếu không, văn thư đóng dấu bằng công cụ của cơ quan.
seal_key = ""
seal_password_file = ""

# Khóa nằm trong thiết bị ký (USB token, HSM) thay cho tệp PKCS#12: thư viện PKCS#11 của nhà sản xuất, nhãn thiết bị,
# nhãn khóa hoặc mã khóa (CKA_ID, hệ 16; cả hai trống nếu thiết bị chỉ có một khóa). Tệp PIN là signing_password_file,
# chỉ chủ sở hữu được đọc (chmod 600). Con dấu: các mục seal_token… và seal_password_file tương tự.
signing_token_module = ""
signing_token = ""
signing_token_key = ""
signing_token_key_id = ""
seal_token_module = ""
seal_token = ""
seal_token_key = ""
seal_token_key_id = ""

# Chứng thư gốc (PEM) được tin cậy khi kiểm tra chữ ký, cả của dịch vụ cấp dấu thời gian.
trust_roots = ["keys/test-signer.root.pem"]

# Dịch vụ cấp dấu thời gian (RFC 3161), ví dụ "http://tsa.ca.gov.vn/". Để trống: ký không có dấu thời gian (mức B-B).
# Khi ký chỉ chờ tsa_timeout giây; không được thì vẫn ký, và «kiemtra jobs» bổ sung sau.
tsa_url = ""
tsa_user = ""
tsa_password_file = ""
tsa_timeout = 10

# Máy chủ được phép hỏi tình trạng chứng thư (OCSP, CRL) khi lưu trữ, ví dụ ["ocsp.ca.gov.vn", "crl.ca.gov.vn:8080"].
# Địa chỉ ghi trong chứng thư chỉ được dùng nếu máy chủ nằm trong danh sách này.
revocation_hosts = []

# Con dấu riêng của từng cơ quan ban hành: bỏ dấu #, thay <mã> bằng mã ghi ở trang «Cơ quan ban hành» (hoặc do lệnh
# «kiemtra seal list» in ra). Các mục này luôn đặt ở cuối tệp. Cơ quan không có mục riêng dùng seal_key ở trên.
# holder là tên trên chứng thư con dấu, chỉ ghi khi khác tên cơ quan, ví dụ đoàn kiểm tra được dùng con dấu của sở.
# Thiết bị ký: token_module, token, token_key, token_key_id và password_file thay cho key, như với khóa ký.
# [seals.<mã>]
# key = "keys/con-dau-so.p12"
# password_file = "keys/con-dau-so.password"
# holder = "Sở Nội vụ"
"""


KeyId = Annotated[str, Field(pattern=r"^([0-9a-fA-F]{2})*$")]
_LISTS = {"trust_roots": os.pathsep, "revocation_hosts": " "}


class KeyPlace(BaseModel):
    """Where a key lies: a PKCS#12 file with its password's file, or a token with its PIN's file; nowhere if empty."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str = ""
    password_file: str = ""
    token_module: str = ""
    token: str = ""
    token_key: str = ""
    token_key_id: KeyId = ""

    @property
    def is_set(self) -> bool:
        return bool(self.key or self.token)


class SealPlace(KeyPlace):
    """One issuing body's seal; ``holder`` is the name in its certificate where that is not the body's own."""

    holder: str = Field(default="", max_length=300)


class Config(BaseModel):
    """All settings with their defaults; see the comments in ``config.toml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    session_hours: int = Field(default=12, ge=1, le=720)
    batch_entries: int = Field(default=500, ge=1, le=5000)
    batch_bytes: int = Field(default=4_000_000, ge=10_000, le=100_000_000)
    evidence_bytes: int = Field(default=26_214_400, ge=10_000, le=500_000_000)
    photo_longest_edge: int = Field(default=0, ge=0, le=20_000)
    login_limit: str = "30 per minute"
    verify_limit: str = "20 per minute"
    public_address: str = Field(default="", pattern=r"^(https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?)?$", max_length=200)
    signing_key: str = ""
    signing_password_file: str = ""
    seal_key: str = ""
    seal_password_file: str = ""
    signing_token_module: str = ""
    signing_token: str = ""
    signing_token_key: str = ""
    signing_token_key_id: KeyId = ""
    seal_token_module: str = ""
    seal_token: str = ""
    seal_token_key: str = ""
    seal_token_key_id: KeyId = ""
    seals: dict[str, SealPlace] = Field(default_factory=dict)
    trust_roots: list[str] = Field(default_factory=lambda: ["keys/test-signer.root.pem"])
    tsa_url: Annotated[str, Field(pattern=r"^(https?://[^\s@]+)?$")] = ""
    tsa_user: str = ""
    tsa_password_file: str = ""
    tsa_timeout: int = Field(default=10, ge=1, le=300)
    revocation_hosts: list[Annotated[str, Field(pattern=r"^[A-Za-z0-9.:\[\]-]+$")]] = Field(default_factory=list)

    @property
    def own_signing_key(self) -> bool:
        """Whether the leader's key is a real one, in a file or in a token."""
        return bool(self.signing_key or self.signing_token)

    @property
    def signing_place(self) -> KeyPlace:
        """Where the leader's key lies."""
        return KeyPlace(**self._place("signing"))

    def seal_place(self, issuer: str) -> SealPlace:
        """Where an issuing body's seal lies: a place of its own, else the installation's."""
        own = self.seals.get(issuer, SealPlace())
        return own if own.is_set else SealPlace(**self._place("seal"), holder=own.holder)

    def _place(self, whose: str) -> dict[str, str]:
        return {name: str(getattr(self, f"{whose}_{name}")) for name in KeyPlace.model_fields}


def load_config(path: Path, environment: Mapping[str, str] = os.environ) -> Config:
    """Read ``config.toml`` and the environment.

    Raises:
        ConfigurationError: with the setting at fault.
    """
    try:
        settings: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{path.name} không đúng cú pháp TOML: {error}. Hãy sửa tệp này.") from error
    for name in Config.model_fields:
        override = environment.get(f"KIEMTRA_{name.upper()}")
        if override is not None:
            settings[name] = _from_environment(name, override)
    try:
        config = Config.model_validate(settings)
    except ValidationError as error:
        raise ConfigurationError(f"{path.name}: " + "; ".join(describe(error)) + ". Hãy sửa tệp này.") from error
    _require_one_place(path, config.signing_place, "signing_")
    _require_one_place(path, config.seal_place(""), "seal_")
    for issuer, place in config.seals.items():
        _require_one_place(path, place, f"seals.{issuer}.")
    return config


def _from_environment(name: str, text: str) -> object:
    if name == "seals":
        try:
            return json.loads(text)
        except json.JSONDecodeError as error:
            raise ConfigurationError("KIEMTRA_SEALS không đúng cú pháp JSON. Hãy sửa biến này.") from error
    return text.split(_LISTS[name]) if name in _LISTS else text


def _require_one_place(path: Path, place: KeyPlace, prefix: str) -> None:
    """A key lies in a file or in a token, and a token needs its module.

    Raises:
        ConfigurationError: with the settings at fault.
    """
    if bool(place.token_module) != bool(place.token):
        names = f"{prefix}token_module và {prefix}token"
        raise ConfigurationError(f"{path.name}: {names} phải ghi cả hai. Hãy sửa tệp này.")
    if place.key and place.token:
        names = f"{prefix}key và {prefix}token"
        raise ConfigurationError(f"{path.name}: chỉ ghi một trong hai mục {names}. Hãy sửa tệp này.")
