import { expect, it } from 'vitest';
import { DEFINITION_KINDS } from '../../src/definitions/core/definition.ts';
import { shippedDefinitions } from '../../src/definitions/shipped.ts';
import { describeDatabases } from '../support/databases.ts';
import { connect, errorOf, testWorkspace, textOf } from './connect.ts';

describeDatabases('definitions over the protocol', (openDatabase) => {
  it('each shipped one is small enough to be read whole, and changed', async () => {
    const workspace = await testWorkspace(await openDatabase());
    const { call, client, close } = await connect({ workspace: async () => workspace });
    const shipped = await shippedDefinitions();
    for (const kind of DEFINITION_KINDS) {
      const detailed = await call('get_definition', { kind, response_format: 'detailed' });
      expect(detailed.isError, textOf(detailed).slice(0, 300)).not.toBe(true);
      expect(detailed.structuredContent?.document).toEqual(shipped[kind]);
      const [resource] = (await client.readResource({ uri: `samepage://definitions/${kind}` })).contents;
      expect(resource !== undefined && 'text' in resource && JSON.parse(resource.text).document).toEqual(shipped[kind]);
    }
    const proposed = await call('propose_definition', {
      kind: 'sla',
      changes: [{ path: 'clocks.first_meeting.within', value: { days: 3 } }],
    });
    expect(proposed.structuredContent).toMatchObject({
      clocks: [{ clock: 'first_meeting', source: null, tier: null, when: null, from: '5 business days', to: '3 business days' }],
    });
    const refused = await call('propose_definition', { kind: 'sla', changes: [{ path: 'follow_up.attempts.call.type', value: 'phone' }] });
    expect(errorOf(refused)).toMatchObject({
      code: 'invalid_input',
      problems: [
        {
          path: 'follow_up.attempts[0].type',
          value: 'phone',
          reason: expect.stringMatching(/^the taxonomy has no engagement type "phone"/),
        },
      ],
    });
    await close();
  });
});
