// failover
