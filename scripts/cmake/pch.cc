// The precompiled header wants a target to belong to.
