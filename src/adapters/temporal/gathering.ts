interface Waiting<T> {
  readonly items: T[];
  readonly sent: Promise<void>;
}

/**
 * Sends things to many receivers, one sending at a time for each: what comes for a receiver meanwhile goes out together, next. Hundreds
 * of applications that register at once are a few signals to their one observer, not hundreds that wait for each other. Each caller is
 * answered, or fails, with the sending that carried its own.
 */
export function gathering<T>(
  send: (receiver: string, items: readonly T[]) => Promise<void>,
): (receiver: string, item: T) => Promise<void> {
  const underWay = new Map<string, Promise<void>>();
  const next = new Map<string, Waiting<T>>();

  function begin(receiver: string, items: readonly T[]): Promise<void> {
    const sent = send(receiver, items);
    underWay.set(receiver, sent);
    const over = (): void => void (underWay.get(receiver) === sent && underWay.delete(receiver));
    sent.then(over, over);
    return sent;
  }

  return (receiver, item) => {
    const known = next.get(receiver);
    if (known !== undefined) {
      known.items.push(item);
      return known.sent;
    }
    const current = underWay.get(receiver);
    if (current === undefined) return begin(receiver, [item]);
    const items = [item];
    const go = (): Promise<void> => {
      next.delete(receiver);
      return begin(receiver, items);
    };
    const sent = current.then(go, go);
    next.set(receiver, { items, sent });
    return sent;
  };
}
