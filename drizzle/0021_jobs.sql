DROP POLICY "own_rows" ON "job_runner" CASCADE;--> statement-breakpoint
DROP TABLE "job_runner" CASCADE;--> statement-breakpoint
ALTER TABLE "job" ADD COLUMN "holder" uuid;--> statement-breakpoint
ALTER TABLE "job" ADD COLUMN "held_until" timestamp (3) with time zone;