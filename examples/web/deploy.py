from kamalpy import deploys

deploys.setup()
