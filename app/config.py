"""Settings of an instance: ``config.toml``, with environment overrides ``KIEMTRA_<NAME>``.

The file is written at first start with every setting documented. A setting that cannot hold is an error
at start, not a surprise later.
"""

from __future__ import annotations

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
"""


KeyId = Annotated[str, Field(pattern=r"^([0-9a-fA-F]{2})*$")]
_LISTS = {"trust_roots": os.pathsep, "revocation_hosts": " "}


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
    def own_seal_key(self) -> bool:
        """Likewise of the seal."""
        return bool(self.seal_key or self.seal_token)


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
            settings[name] = override.split(_LISTS[name]) if name in _LISTS else override
    try:
        config = Config.model_validate(settings)
    except ValidationError as error:
        raise ConfigurationError(f"{path.name}: " + "; ".join(describe(error)) + ". Hãy sửa tệp này.") from error
    for name in ("signing", "seal"):
        _require_one_place(path, config, name)
    return config


def _require_one_place(path: Path, config: Config, name: str) -> None:
    """A key lies in a file or in a token, and a token needs its module.

    Raises:
        ConfigurationError: with the settings at fault.
    """
    in_file, module, token = (getattr(config, f"{name}_{part}") for part in ("key", "token_module", "token"))
    if bool(module) != bool(token):
        raise ConfigurationError(f"{path.name}: {name}_token_module và {name}_token phải ghi cả hai. Hãy sửa tệp này.")
    if in_file and token:
        raise ConfigurationError(f"{path.name}: chỉ ghi một trong hai mục {name}_key và {name}_token. Hãy sửa tệp này.")
