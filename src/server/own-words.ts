import { z } from 'zod';
import { SamepageError } from '../kernel/errors.ts';
import { parseInput } from '../kernel/parse-input.ts';
import { protocolError } from './protocol-error.ts';

/**
 * The schema of a request of the protocol that refuses parameters as every input is refused. With its own schema the SDK would answer
 * "internal error" and zod's whole report.
 * @throws ProtocolError "invalid params", when it parses
 */
export function inOwnWords<Schema>(schema: Schema): Schema {
  if (!(schema instanceof z.ZodObject) || !(schema.shape.method instanceof z.ZodLiteral)) throw new Error('the schema is of no request');
  const method = String(schema.shape.method.value);
  const shape: Readonly<Record<string, z.ZodType>> = schema.shape;
  const given = z.looseObject({ params: shape.params ?? z.unknown() });
  // optional here, so that what is left out is looked at too
  const params = z
    .unknown()
    .optional()
    .transform((value) => {
      const parsed = given.safeParse({ params: value });
      if (parsed.success) return parsed.data.params ?? {};
      try {
        return parseInput(given, { params: value }, method, 'Correct the request and send it again; nothing was changed.').params;
      } catch (error) {
        throw error instanceof SamepageError ? protocolError(error) : error;
      }
    });
  return schema.extend({ params }) as unknown as Schema;
}
