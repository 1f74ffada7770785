import type { FunctionalComponent, PropType } from 'vue';
import { t, type MessageKey } from './i18n.ts';

interface Props {
  readonly message: MessageKey;
}

/** Delimits slot names in the formatted message; a private-use character that no message contains. */
const MARK = '\u{e000}';

/** A message with elements in it: `{name}` is replaced by the slot of that name. */
const SlottedMessage: FunctionalComponent<Props> = ({ message }, { slots }) => {
  const parameters = Object.fromEntries(Object.keys(slots).map((name) => [name, `${MARK}${name}${MARK}`]));
  return t(message, parameters)
    .split(MARK)
    .map((part, index) => (index % 2 === 0 ? part : slots[part]?.()));
};
SlottedMessage.props = { message: { type: String as PropType<MessageKey>, required: true } };

export default SlottedMessage;
