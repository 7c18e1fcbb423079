from tests.conclusions.conftest import browser, inspected

__all__ = ["browser", "inspected"]
