// Goal: a proposal takes effect once, in time, and by a second pair of eyes that is really another's.
// Method: one proposal that may be approved, and everything that must not be, one change at a time.
import { decideApproval, type Proposal, type Signatory } from './decide-approval.js';

const ANA: Signatory = { person: 'ana', issuers: [] };
const BEN: Signatory = { person: 'ben', issuers: [] };
const NOW = 1_000_000;

function proposal(change: Partial<Proposal> = {}): Proposal {
  return {
    id: 'apv_1',
    state: 'pending',
    proposer: ANA,
    proposerKeyRevoked: false,
    expiresAtMs: NOW + 1,
    ...change,
  };
}

it('lets another person approve until the last moment', () => {
  expect(decideApproval(proposal(), BEN, NOW)).toEqual({ ok: true, value: null });
});

it.each<[string, Partial<Proposal>, Signatory, string]>([
  ['the proposer', {}, ANA, 'ACCESS_DENIED'],
  ['a second key of the proposer', {}, { person: 'ana', issuers: ['eve'] }, 'ACCESS_DENIED'],
  ['a key the proposer issued', {}, { person: 'ben', issuers: ['ana'] }, 'ACCESS_DENIED'],
  ['a key issued with such a key', {}, { person: 'ben', issuers: ['eve', 'ana'] }, 'ACCESS_DENIED'],
  ['the issuer', { proposer: { person: 'ana', issuers: ['ben'] } }, BEN, 'ACCESS_DENIED'],
  ['anybody, of an executed one', { state: 'executed' }, BEN, 'PRECONDITION_FAILED'],
  ['anybody, of a rejected one', { state: 'rejected' }, BEN, 'PRECONDITION_FAILED'],
  ['anybody, at its expiry', { expiresAtMs: NOW }, BEN, 'PRECONDITION_FAILED'],
  ['anybody, of a revoked key', { proposerKeyRevoked: true }, BEN, 'PRECONDITION_FAILED'],
])('refuses %s', (_, change, approver, code) => {
  expect(decideApproval(proposal(change), approver, NOW)).toMatchObject({ rejection: { code } });
});

it('lets two persons whose keys a third issued watch each other', () => {
  const both = (person: string): Signatory => ({ person, issuers: ['zoe'] });
  expect(decideApproval(proposal({ proposer: both('ana') }), both('ben'), NOW).ok).toBe(true);
});
