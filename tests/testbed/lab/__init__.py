"""What the e2e tests use on a fleet: hosts to look at, projects to deploy, load, and a sampler."""
