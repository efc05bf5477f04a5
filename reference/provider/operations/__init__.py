"""The operations of the provider's API, a module for each kind of resource."""
