"""What the e2e tests use: hosts to inspect, projects to deploy, load, and a sampler."""
