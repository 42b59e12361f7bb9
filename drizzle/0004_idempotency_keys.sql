CREATE TABLE "idempotency_key" (
	"workspace_id" text collate "C" NOT NULL,
	"actor" text collate "C" NOT NULL,
	"key" text collate "C" NOT NULL,
	"tool" text collate "C" NOT NULL,
	"input_hash" text collate "C" NOT NULL,
	"caller" uuid NOT NULL,
	"recorded_at" timestamp (3) with time zone NOT NULL,
	"answer" text collate "C",
	CONSTRAINT "idempotency_key_workspace_id_actor_key_pk" PRIMARY KEY("workspace_id","actor","key")
);
--> statement-breakpoint
ALTER TABLE "idempotency_key" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE INDEX "idempotency_key_age" ON "idempotency_key" USING btree ("workspace_id","recorded_at");--> statement-breakpoint
CREATE POLICY "own_rows" ON "idempotency_key" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), ''));