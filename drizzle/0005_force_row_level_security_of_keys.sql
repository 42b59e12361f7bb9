-- The policies bind the owner of the tables too: only a superuser passes them by.
ALTER TABLE "idempotency_key" FORCE ROW LEVEL SECURITY;
