import type { FunctionalComponent, PropType } from 'vue';
import { t, type MessageKey } from './i18n.ts';

interface Props {
  readonly message: MessageKey;
}

/** Stands around a slot's name while the message is one string; no message holds it. */
const MARK = '\u{e000}';

/** A message with elements in it: the slot of that name stands where `{name}` is. */
const SlottedMessage: FunctionalComponent<Props> = ({ message }, { slots }) => {
  const parameters = Object.fromEntries(Object.keys(slots).map((name) => [name, `${MARK}${name}${MARK}`]));
  return t(message, parameters)
    .split(MARK)
    .map((part, index) => (index % 2 === 0 ? part : slots[part]?.()));
};
SlottedMessage.props = { message: { type: String as PropType<MessageKey>, required: true } };

export default SlottedMessage;
