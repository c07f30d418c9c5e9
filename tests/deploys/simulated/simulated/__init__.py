"""
A pyinfra connector whose hosts are files. Purpose: the order and outcome of whole deploys.

Deploys run through pyinfra's own engine and command line; a host does what our scripts would do,
or fails where a test says so. What scripts really do is tested in ``tests/commands`` and
``tests/e2e``.
"""
