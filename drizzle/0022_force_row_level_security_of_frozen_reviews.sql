-- The policies bind the owner of the tables too: only a superuser passes them by.
ALTER TABLE "frozen_review" FORCE ROW LEVEL SECURITY;
