-- The policies bind the owner of the table too: only a superuser passes them by.
ALTER TABLE "enriched_field" FORCE ROW LEVEL SECURITY;
