"""Intended differences between what kamalpy and Kamal leave on a server."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lab.state import Difference


@dataclass(frozen=True)
class Known:
    """An intended difference; `row` is the row of docs/differences.md."""

    row: str
    name: str
    kamal: str = ".*"
    kamalpy: str = ".*"

    def explains(self, seen: Difference) -> bool:
        """Return whether this is that difference."""
        pairs = ((self.name, seen.name), (self.kamal, seen.kamal), (self.kamalpy, seen.kamalpy))
        return all(re.fullmatch(pattern, text, re.DOTALL) for pattern, text in pairs)


_SPEC = "a container does not tell what it was made with"
_RELEASES = "keeps of a release no more than its container"
_AUDIT = "notes each command in the audit log, also what did nothing"
_DATA = "`remove` takes the accessories' data along"
_EXEC = "`app exec` runs the image that is called latest"
_AGAIN = "a second run replaces every container"
_PRUNE = "prune counts all roles and destinations together"
_SECRETS = "multi-line and backslash secrets arrive changed"
_EMPTY = "an empty clear variable is not set"
_KEY = "key of an own certificate readable for all"

_APP = r"container test-(web|job)-[^:]*"
_ENV = r"\.kamal/apps/test/env/roles/(web|job)\.env"
_TLS = r"file \.kamal/proxy/apps-config/test/tls/web/(cert|key)\.pem"

#: In every deploy.
KNOWN = (
    Known(_SPEC, r"container .*: label kamalpy\.spec", "-"),
    Known(_RELEASES, r"file \.kamal/apps/[^/]+/releases", "-", "d 700 0:0"),
    Known(_AUDIT, r"audit .* Booted proxy", "-", "there"),
    Known(_AUDIT, r"audit .* Pruned (containers|images)", "there", "-"),
    Known(_SECRETS, rf"{_APP}: env NOTE", r"two\\nlines", r"\(sha256:\w+\)"),
    Known(_SECRETS, rf"content {_ENV}", r".*\nNOTE=two\\nlines\n", r"(\w+=\(sha256:\w+\)\n)+"),
    Known(_SECRETS, rf"file {_ENV}\.odd", "-", "f 600 0:0"),
    Known(_EMPTY, rf"{_APP}: env EMPTY", r"\(not set\)", ""),
    Known(_KEY, _TLS, "f 644 0:0", r"f 600 (100\d):\1"),
)

#: What the same version, deployed again, leaves.
AGAIN = (
    Known(_AGAIN, r"container test-(web|job)-v2_replaced_\(random\)", "exited", "-"),
    Known(_AGAIN, r"audit .* \[(web|job)\] (Booted|Renaming) .*", "there", "-"),
    Known(_AGAIN, r"audit .*\] (Pulled image with|Tagging) .*", "there", "-"),
)

#: What a version that runs again leaves; it was put aside before.
BACK = (Known(_AUDIT, r"audit .* \[(web|job)\] Renaming container v2 to .*", "there", "-"),)

BOOTED = (Known(_AUDIT, r"audit .*\] Pulled image with version v2", "-", "there"),)
PROXY = (Known(_AUDIT, r"file \.kamal/test-audit\.log", "-", "f 644 0:0"),)
STARTED = (Known(_AUDIT, r"audit .* Started postgres accessory", "there", "-"),)
STOPPED = (Known(_AUDIT, r"audit .* Stopped (proxy|page accessory)", "there", "-"),)
RESTARTED = (
    Known(_AUDIT, r"audit .* (Started|Stopped) (proxy|postgres accessory)", "there", "-"),
    Known(_AUDIT, r"audit .* Restarted (proxy|postgres accessory)", "-", "there"),
)
REBOOTED = (
    Known(_AUDIT, r"audit .* Stopped postgres accessory", "there", "-"),
    Known(_AUDIT, r"audit .* Remove postgres accessory container", "there", "-"),
)
REMOVED = (*STOPPED, Known(_DATA, r"folder: d 755 0:0 test-page(/data|/srv)?", "-", "there"))

_EXECUTED = r"audit .* Executed cmd 'env' on app version"
EXECUTED = (
    Known(_EXEC, rf"{_EXECUTED} latest.*", "there", "-"),
    Known(_EXEC, rf"{_EXECUTED} v1.*", "-", "there"),
)

PRUNED = (Known(_PRUNE, r"container test-(web|job)-v1", "-", "exited"),)
PRUNED_WITH_IMAGES = (*PRUNED, Known(_PRUNE, r"image .*/acme/test:v1", "-", "sha256:.*"))

#: What one destination's setup leaves of another's.
BESIDE = (
    Known(_AUDIT, r"audit .*\] Pulled image with version v1", "there", "-"),
    Known(_PRUNE, r"image .*/acme/test:latest-staging", "-", "sha256:.*"),
)

#: What one destination's removal leaves of another's.
ALONE = (
    Known(_AUDIT, r"audit .*\] (Removed all app images|\[web\] Stopped app)", "there", "-"),
    Known(_PRUNE, r"image .*/acme/test:latest-production", "-", "sha256:.*"),
)
