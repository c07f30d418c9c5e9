"""A content type for responses that name none, as Go's server adds it: the types that apps send."""

from __future__ import annotations

_HTML = (
    b"<!doctype html",
    b"<html",
    b"<head",
    b"<script",
    b"<iframe",
    b"<h1",
    b"<div",
    b"<font",
    b"<table",
    b"<a",
    b"<style",
    b"<title",
    b"<b",
    b"<body",
    b"<br",
    b"<p",
    b"<!--",
)
_MAGIC = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"\x1f\x8b\x08", "application/x-gzip"),
    (b"PK\x03\x04", "application/zip"),
)
_BINARY = bytes(code for code in range(32) if code not in b"\t\n\x0c\r\x1b")


def content_type(body: bytes) -> str:
    """The type that the first bytes look like."""
    head = body[:512]
    text = head.lstrip(b"\t\n\x0c\r ")
    lower = text.lower()
    if any(lower.startswith(tag) and lower[len(tag) : len(tag) + 1] in b" >" for tag in _HTML):
        return "text/html; charset=utf-8"
    if text.startswith(b"<?xml"):
        return "text/xml; charset=utf-8"
    for magic, name in _MAGIC:
        if head.startswith(magic):
            return name
    if head.translate(None, _BINARY) != head:
        return "application/octet-stream"
    return "text/plain; charset=utf-8"
