"""Settings of an instance: ``config.toml``, with environment overrides ``KIEMTRA_<NAME>``.

The file is written at first start with every setting documented. A setting that cannot hold is an error
at start, not a surprise later.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

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

# Khóa ký PKCS#12 và tệp chứa mật khẩu của khóa (đường dẫn tính từ thư mục này).
# Khi để trống, máy chủ dùng khóa "CHỮ KÝ THỬ NGHIỆM" sinh ra lúc khởi tạo.
signing_key = ""
signing_password_file = ""

# Khóa của con dấu (chữ ký số của cơ quan ban hành), ghi cùng số và ngày sau chữ ký của người có thẩm quyền.
# Khi để trống: dùng khóa thử nghiệm nếu signing_key cũng trống; nếu không, văn thư đóng dấu bằng công cụ của cơ quan.
seal_key = ""
seal_password_file = ""

# Chứng thư gốc (PEM) được tin cậy khi kiểm tra chữ ký.
trust_roots = ["keys/test-signer.root.pem"]
"""


class Config(BaseModel):
    """All settings with their defaults; see the comments in ``config.toml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    session_hours: int = Field(default=12, ge=1, le=720)
    batch_entries: int = Field(default=500, ge=1, le=5000)
    batch_bytes: int = Field(default=4_000_000, ge=10_000, le=100_000_000)
    evidence_bytes: int = Field(default=26_214_400, ge=10_000, le=500_000_000)
    photo_longest_edge: int = Field(default=0, ge=0, le=20_000)
    login_limit: str = "30 per minute"
    signing_key: str = ""
    signing_password_file: str = ""
    seal_key: str = ""
    seal_password_file: str = ""
    trust_roots: list[str] = Field(default_factory=lambda: ["keys/test-signer.root.pem"])


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
            settings[name] = override.split(os.pathsep) if name == "trust_roots" else override
    try:
        return Config.model_validate(settings)
    except ValidationError as error:
        raise ConfigurationError(f"{path.name}: " + "; ".join(describe(error)) + ". Hãy sửa tệp này.") from error
