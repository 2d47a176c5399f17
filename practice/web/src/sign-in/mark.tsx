/** The mark of the product: an arch, its wire and five brackets. */
export const Mark = ({ size = 32 }: { readonly size?: number }) => (
  <svg viewBox="0 0 40 40" width={size} height={size} aria-hidden>
    <rect width="40" height="40" rx="10" fill="#0b6a75" />
    <path
      d="M9 29V20.5C9 13.6 13.9 9 20 9s11 4.6 11 11.5V29"
      fill="none"
      stroke="#56c7d3"
      strokeWidth="2.4"
      strokeLinecap="round"
    />
    <g fill="#fff">
      {[
        [6.3, 20],
        [10.2, 11.8],
        [17.3, 6.9],
        [24.4, 11.8],
        [28.3, 20],
      ].map(([x, y]) => (
        <rect key={x} x={x} y={y} width="5.4" height="5.4" rx="1.5" />
      ))}
    </g>
  </svg>
);
