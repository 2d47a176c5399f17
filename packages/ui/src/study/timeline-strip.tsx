import {
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  useEffect,
  useId,
  useRef,
  useState,
} from 'react';
import { useFormat } from '../i18n/use-format.ts';
import { useText } from '../i18n/use-text.ts';
import { messages } from './messages.ts';
import { StudyCard, type StudyCardProps } from './study-card.tsx';
import { timelineAxis } from './timeline-axis.ts';
import { useIsNarrow } from '../table/use-is-narrow.ts';
import styles from './timeline-strip.module.css';

const TICKS = { phone: 3, desk: 8 } as const;
/** A word that begins further right than this would leave the axis. */
const LAST_TICK = 0.94;

export interface TimelineItem {
  readonly id: string;
  /** `YYYY-MM-DD`: where it stands on the axis. */
  readonly date: string;
  readonly card: Omit<StudyCardProps, 'slot'>;
}

export interface TimelineStripProps {
  readonly label: string;
  /** How it is used: below the cards where there is a mouse, and read out. */
  readonly hint?: string;
  /** First to last. */
  readonly items: readonly TimelineItem[];
  readonly a: string | null;
  readonly b: string | null;
  /** A click or Space shows a study as B, with Shift as A; so do the keys `b` and `a`. */
  readonly onChoose: (slot: 'A' | 'B', id: string) => void;
  /** Enter, or a double click. */
  readonly onOpen: (id: string) => void;
  /** The mouse rests on it, or the keys reach it: what it needs may be loaded. */
  readonly onNear?: (id: string) => void;
  /** Before the first card: the way to earlier studies. */
  readonly before?: ReactNode;
}

/**
 * Studies from first to last, of which one is A and one is B: an axis true to time, and a card for each. One stop of the
 * Tab key; arrow keys move, Home and End go to the ends.
 */
export const TimelineStrip = ({
  label,
  hint,
  items,
  a,
  b,
  onChoose,
  onOpen,
  onNear,
  before,
}: TimelineStripProps) => {
  const text = useText(messages);
  const format = useFormat();
  const id = useId();
  const strip = useRef<HTMLDivElement>(null);
  const [focused, setFocused] = useState<string>();
  const active =
    items.find((item) => item.id === focused) ?? items.find((item) => item.id === b) ?? items.at(-1);
  const axis = timelineAxis(items, useIsNarrow() ? TICKS.phone : TICKS.desk);
  const optionId = (itemId: string): string => `${id}-${itemId}`;

  const scrollTo = (itemId: string, behavior: ScrollBehavior = 'smooth'): void => {
    const option = document.getElementById(optionId(itemId));
    const { current } = strip;
    if (option === null || current === null) return;
    const left = option.offsetLeft - (current.clientWidth - option.offsetWidth) / 2;
    current.scrollTo({ left, behavior });
  };
  // The latest is what people come for; after that the strip stays where they put it.
  const last = items.at(-1)?.id;
  const isShown = useRef(false);
  useEffect(() => {
    const { current } = strip;
    if (isShown.current || current === null || last === undefined) return;
    isShown.current = true;
    current.scrollLeft = current.scrollWidth;
  }, [last, strip]);

  const move = (to: number): void => {
    const item = items[Math.max(0, Math.min(items.length - 1, to))];
    if (item === undefined) return;
    setFocused(item.id);
    scrollTo(item.id);
    onNear?.(item.id);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || active === undefined) return;
    const at = items.indexOf(active);
    const runs: Readonly<Record<string, () => void>> = {
      ArrowRight: () => move(at + 1),
      ArrowLeft: () => move(at - 1),
      Home: () => move(0),
      End: () => move(items.length - 1),
      Enter: () => onOpen(active.id),
      ' ': () => onChoose(event.shiftKey ? 'A' : 'B', active.id),
      a: () => onChoose('A', active.id),
      b: () => onChoose('B', active.id),
    };
    const run = runs[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (run === undefined) return;
    event.preventDefault();
    run();
  };
  const choose = (event: MouseEvent, itemId: string): void => {
    setFocused(itemId);
    onChoose(event.shiftKey ? 'A' : 'B', itemId);
  };
  const slotOf = (itemId: string): 'A' | 'B' | undefined =>
    itemId === b ? 'B' : itemId === a ? 'A' : undefined;
  const [from, to] = [a, b]
    .map((end) => (end === null ? undefined : axis.positions.get(end)))
    .filter((at) => at !== undefined)
    .toSorted((left, right) => left - right);

  return (
    <div className={styles.timeline}>
      {items.length > 1 && (
        <div className={styles.axis} aria-hidden>
          {from !== undefined && to !== undefined && (
            <span
              className={styles.range}
              style={{ left: `${from * 100}%`, width: `${(to - from) * 100}%` }}
            />
          )}
          {axis.ticks
            .filter(({ at }) => at <= LAST_TICK)
            .map(({ at, date, kind }) => (
              <span key={date} className={styles.tick} data-kind={kind} style={{ left: `${at * 100}%` }}>
                {kind === 'year' ? date.slice(0, 4) : format.month(date)}
              </span>
            ))}
          {items.map((item) => (
            <button
              type="button"
              // The cards say the same, with the keyboard too.
              tabIndex={-1}
              key={item.id}
              className={styles.dot}
              data-slot={slotOf(item.id)}
              style={{ left: `${(axis.positions.get(item.id) ?? 0) * 100}%` }}
              title={`${item.card.title}, ${item.card.date}`}
              onClick={(event) => {
                scrollTo(item.id);
                choose(event, item.id);
              }}
            >
              {slotOf(item.id)}
            </button>
          ))}
        </div>
      )}
      <div className={styles.scroller} ref={strip}>
        {before}
        <div
          role="listbox"
          aria-label={label}
          aria-describedby={hint === undefined ? undefined : `${id}-hint`}
          aria-orientation="horizontal"
          aria-multiselectable
          aria-activedescendant={active === undefined ? undefined : optionId(active.id)}
          tabIndex={0}
          className={styles.strip}
          onKeyDown={onKeyDown}
          onFocus={() => setFocused(active?.id)}
          onBlur={() => setFocused(undefined)}
        >
          {items.map(({ id: itemId, card }) => {
            const slot = slotOf(itemId);
            const words = [card.title, card.day, card.date, card.what, card.status?.text];
            return (
              // The list itself has the focus and hears the keys of all its options.
              // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
              <div
                key={itemId}
                id={optionId(itemId)}
                role="option"
                tabIndex={-1}
                aria-selected={slot !== undefined}
                aria-label={[...words, slot === undefined ? undefined : text('shownAs', { slot })]
                  .filter((word) => word !== undefined && word !== '')
                  .join(', ')}
                className={styles.item}
                data-active={itemId === focused || undefined}
                onClick={(event) => choose(event, itemId)}
                onDoubleClick={() => onOpen(itemId)}
                onPointerEnter={() => onNear?.(itemId)}
              >
                <StudyCard {...card} slot={slot} />
              </div>
            );
          })}
        </div>
      </div>
      {hint !== undefined && (
        <p id={`${id}-hint`} className={styles.hint}>
          {hint}
        </p>
      )}
    </div>
  );
};
