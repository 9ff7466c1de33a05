"""The register of inspectors, their certificates, qualifications and interests."""
