import type { Institution, MessageFacts } from './facts.js';
import { fitText } from './fit-text.js';
import type { BusinessHeader } from './head-001.js';
import type { IsoMessage, MessageBodies, MessageName } from './messages.js';

/** A message with its header, ready for `writeIsoFile`. */
export interface OutgoingIsoFile<N extends MessageName = MessageName> {
  readonly header: BusinessHeader;
  readonly message: IsoMessage<N>;
}

export function institution({ id, name }: Institution): {
  readonly id: string;
  readonly name?: string;
} {
  const fitting = fitText(name, 140);
  return fitting === undefined ? { id } : { id, name: fitting };
}

/** Puts a header from the hub to the participant over a body. `copy`: somebody else ordered it. */
export function addressed<N extends MessageName>(
  facts: MessageFacts,
  name: N,
  body: MessageBodies[N],
  copy = false,
): OutgoingIsoFile<N> {
  return {
    header: {
      from: institution(facts.hub),
      to: institution(facts.participant),
      businessMessageId: facts.messageId,
      messageDefinition: name,
      createdAtMs: facts.createdAtMs,
      ...(copy ? { copy: 'COPY' as const } : {}),
    },
    message: { name, body },
  };
}
