// A component that is drawn again only if one of its properties changed.

import { Component, h } from '../vendor/standalone.module.js';

/** @param {(props: any) => any} view */
export function memo(view) {
  return class Memo extends Component {
    shouldComponentUpdate(next) {
      const now = this.props;
      for (const key in next) if (next[key] !== now[key]) return true;
      for (const key in now) if (!(key in next)) return true;
      return false;
    }

    render(props) {
      return h(view, props);
    }
  };
}
