import { h, type FunctionalComponent } from 'vue';
import { markHits } from '../../domain/search-hits.ts';

interface Props {
  readonly text: string;
  readonly query: string;
}

/** A text with the search words highlighted. Built of text nodes, so that nothing in it can become markup. */
const MarkedText: FunctionalComponent<Props> = ({ text, query }) =>
  h(
    'span',
    { dir: 'auto' },
    markHits(text, query).map((part) => (part.isHit ? h('mark', { class: 'search-hit' }, part.text) : part.text)),
  );
MarkedText.props = { text: { type: String, required: true }, query: { type: String, required: true } };

export default MarkedText;
