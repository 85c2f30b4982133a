"""An invented consortium with two years of history, served for a look around."""

from tasuki.demo.command import serve_demo

__all__ = ["serve_demo"]
